using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The values of the narration's tokens in a network run.</summary>
internal static class NetTokens
{
    private const int HeaderBytes = 42;

    private static readonly System.Resources.ResourceManager Texts = Words.Resource("ViewText");

    /// <summary>Which ring a row is about: 0 transmit, 1 receive; for a disk its queue.</summary>
    public static int RingOf(PlayedRow row, Focus? focus)
    {
        var touched = row.Events.OfType<MachineEvent.RequestTouched>().LastOrDefault();
        if (row.After.Front is not NetfrontState)
        {
            return touched?.Queue ?? focus?.Request.Queue ?? 0;
        }

        if (touched is not null)
        {
            return touched.Queue % 2;
        }

        return row.Record.Row.Listing switch
        {
            "xennet_tx_buf_gc" or "xenvif_tx_action" or "xenvif_tx_dealloc" or "xennet_start_xmit" => 0,
            "xennet_poll" or "xenvif_rx_action" or "xennet_alloc_rx_buffers" => 1,
            "talk_to_netback" => ((NetfrontState)row.After.Front!).Rx.Ref.Value != 0 ? 1 : 0,
            _ => (focus?.Request.Queue ?? 0) % 2,
        };
    }

    /// <summary>Adds indices, slot, packet and page.</summary>
    public static void Add(Dictionary<string, string> tokens, PlayedRow row, Focus? focus, Mfn? page)
    {
        var ring = RingOf(row, focus);
        var sides = RingSides.Of(row.After, ring);
        AddIndices(tokens, row, sides);
        var touched = row.Events.OfType<MachineEvent.RequestTouched>().LastOrDefault();
        var index = new RingIndex(touched?.Index ?? focus?.Request.Index.Value ?? 0);
        tokens["index"] = index.ToString();
        tokens["slot"] = Text(index.SlotIn(sides.Size));
        tokens["offset"] = Hex((ulong)RingMath.SlotOffset(index, sides.Size, sides.SlotBytes));
        tokens["id"] = Text(touched?.Id ?? focus?.Request.Id ?? 0);
        tokens["op"] = focus?.Request.Name ?? "TX";
        AddPacket(tokens, row, focus);
        if (page is { } mfn && row.After.Frames.Find(mfn) is { } frame)
        {
            tokens["frame"] = Hex(mfn.Value);
            tokens["pfn"] = Hex(frame.Pfn.Value);
            tokens["dataAddress"] = Hex(mfn.Address(0));
            tokens["text"] = TextOf(frame.Page, focus);
            tokens["owner"] = frame.Owner.ToString();
        }

        tokens["ring"] = Texts.Say(ring == 0 ? "Ring_tx" : "Ring_rx");
        tokens["agreed"] = AgreedText(row.Record.Row.Listing == "netback_connect"
            ? ((NetbackState)row.After.Back!).Vifs[0].Agreed
            : ((NetfrontState)row.After.Front!).Agreed);
        AddCounts(tokens, row);
    }

    /// <summary>What both ends can do, in words.</summary>
    public static string AgreedText(NetAgreed agreed)
    {
        (bool On, string Key)[] all =
        [
            (agreed.ScatterGather, "Agreed_sg"), (agreed.Segmentation, "Agreed_gso"), (agreed.Checksums, "Agreed_csum"),
        ];
        var words = string.Join(", ", all.Where(a => a.On).Select(a => Texts.Say(a.Key)));
        return words.Length > 0 ? words : Texts.Say("Agreed_none");
    }

    private static void AddIndices(Dictionary<string, string> tokens, PlayedRow row, RingSides sides)
    {
        tokens["size"] = Text(sides.Size);
        tokens["mask"] = Text(sides.Size - 1);
        tokens["free"] = Text(RingMath.Free(sides.ReqProdPvt, sides.RspCons, sides.Size));
        tokens["reqProdPvt"] = sides.ReqProdPvt.ToString();
        tokens["rspCons"] = sides.RspCons.ToString();
        tokens["reqCons"] = sides.ReqCons.ToString();
        tokens["rspProdPvt"] = sides.RspProdPvt.ToString();
        var now = row.Record.Phase is Phase.Answer ? sides.RspProdPvt : sides.ReqProdPvt;
        tokens["new"] = now.ToString();
        tokens["old"] = Text(unchecked(now.Value - 1));
        tokens["ref"] = sides.RingRef.ToString();
        tokens["frame"] = Hex(sides.Ring.Value);
        tokens["offered"] = Text(sides.ReqProdPvt.Since(sides.RspCons));
    }

    private static void AddPacket(Dictionary<string, string> tokens, PlayedRow row, Focus? focus)
    {
        var job = row.Before.Application is NetApplicationState app ? app.Job : null;
        if (focus is null || row.Record.Row.Key is "net_application.fill" or "net_application.hand_over"
            or "net_application.segment" or "net_application.checksum" or "net_application.drop")
        {
            tokens["bytes"] = Text(job?.Frame.Length ?? 0);
            tokens["segments"] = Text(job?.Pages ?? 1);
            tokens["dataOffset"] = Text(job?.Offset ?? 0);
            return;
        }

        var request = focus.Request;
        tokens["bytes"] = Text(request.Bytes);
        tokens["segments"] = Text(request.Segments.Length);
        if (request.Segments.ElementAtOrDefault(focus.Segment) is { } piece)
        {
            tokens["ref"] = piece.Ref.ToString();
            tokens["dataOffset"] = Text(piece.Offset);
            tokens["pieceBytes"] = Text(piece.Bytes);
            tokens["mapped"] = Text(Math.Max(0, request.Bytes - NetbackHeader(row)));
        }
    }

    private static int NetbackHeader(PlayedRow row) =>
        row.Before.Back is NetbackState { Path: TxPath.Map } ? 128 : int.MaxValue;

    private static void AddCounts(Dictionary<string, string> tokens, PlayedRow row)
    {
        foreach (var happened in row.Events)
        {
            switch (happened)
            {
                case MachineEvent.HypercallMade { Symbol: "GNTTABOP_copy" } copy:
                    tokens["copied"] = Text(copy.C);
                    tokens["copies"] = Text(copy.Count);
                    break;
                case MachineEvent.HypercallMade { Symbol: "GNTTABOP_transfer" } transfer:
                    tokens["copies"] = Text(transfer.Count);
                    break;
                case MachineEvent.Noted { Name: "frames" } frames:
                    tokens["frames"] = Text(frames.Value);
                    break;
                case MachineEvent.DmaMoved dma:
                    tokens["moved"] = Text(dma.Bytes);
                    break;
                case MachineEvent.Accessed access when row.Record.Row.Label == "put_status":
                    tokens["status"] = Text(BitConverter.ToInt16(access.After));
                    break;
                case MachineEvent.Accessed access when row.Record.Row.Label == "fill_flags":
                    tokens["flags"] = Text(BitConverter.ToUInt16(access.After));
                    break;
                case MachineEvent.Accessed access when row.Record.Row.Key == "xennet_poll.copy":
                    tokens["status"] = Text(RxResponse.Decode(access.After).Status);
                    break;
            }
        }
    }

    /// <summary>The words of a packet: they begin behind its headers. A page with other bytes says so; one of zeros is
    /// empty.</summary>
    public static string TextOf(Page page, Focus? focus)
    {
        var offset = focus?.Request.Segments.ElementAtOrDefault(focus.Segment)?.Offset ?? 0;
        foreach (var from in new[] { offset + HeaderBytes, HeaderBytes, 256 + HeaderBytes })
        {
            var bytes = new byte[40];
            if (from + bytes.Length <= PageSize.Bytes)
            {
                page.Read(from, bytes);
            }

            var text = string.Concat(bytes.TakeWhile(b => b is >= 0x20 and <= 0x7E).Select(b => (char)b));
            if (text.Length > 2)
            {
                return text;
            }
        }

        return page.Hash == Page.Zero.Hash ? "" : Texts.Say("Packet");
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture);
}
