using System.Globalization;
using System.Text;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The values that the narration's templates are filled with, taken from the machine and from what happened.
/// </summary>
public static class NarrationTokens
{
    private const int LongestText = 40;

    /// <summary>The values for a row that was told.</summary>
    /// <param name="row">The row.</param>
    /// <param name="focus">The request that it is about, or null.</param>
    /// <param name="page">The data page on stage, or null.</param>
    /// <param name="ring">The ring that it is about: 0, or 1 for the receive ring of a network interface.</param>
    public static Dictionary<string, string> Of(PlayedRow row, Focus? focus, Mfn? page, int ring)
    {
        var tokens = new Dictionary<string, string>
        {
            ["guest"] = row.After.Guest().Id.ToString(), ["driver"] = World.Driver.ToString(),
        };
        if (row.After.Front is NetfrontState)
        {
            NetTokens.Add(tokens, row, focus, page, ring);
        }
        else
        {
            AddIndices(tokens, row, ring);
            AddRequest(tokens, row, focus, page, ring);
        }

        AddPush(tokens, row, ring);
        AddPort(tokens, row, ring);
        FifoWords.AddTokens(tokens, row);
        AddMapping(tokens, row, focus);
        AddEnds(tokens, row);
        BusFrames.AddTokens(tokens, row);
        return tokens;
    }

    /// <summary>The printable start of a page, up to 40 characters; empty when it holds no text.</summary>
    public static string TextOf(Page page)
    {
        var bytes = new byte[LongestText];
        page.Read(0, bytes);
        var text = new StringBuilder();
        foreach (var b in bytes)
        {
            if (b is < 0x20 or > 0x7E)
            {
                break;
            }

            text.Append((char)b);
        }

        return text.ToString();
    }

    private static void AddIndices(Dictionary<string, string> tokens, PlayedRow row, int ring)
    {
        var sides = RingSides.Of(row.After, ring);
        tokens["size"] = Text(sides.Size);
        tokens["mask"] = Text(sides.Size - 1);
        tokens["free"] = Text(RingMath.Free(sides.ReqProdPvt, sides.RspCons, sides.Size));
        tokens["reqProdPvt"] = sides.ReqProdPvt.ToString();
        tokens["rspCons"] = sides.RspCons.ToString();
        tokens["reqCons"] = sides.ReqCons.ToString();
        tokens["rspProdPvt"] = sides.RspProdPvt.ToString();

        // What a barrier stands between: the private index that is about to be published, and the ring page's grant
        // while that is the one being made.
        var now = row.Record.Phase is Phase.Answer ? sides.RspProdPvt : sides.ReqProdPvt;
        tokens["new"] = now.ToString();
        tokens["old"] = Text(unchecked(now.Value - 1));
        tokens["ref"] = sides.RingRef.ToString();
        tokens["frame"] = Hex(sides.Ring.Value);
    }

    private static void AddRequest(
        Dictionary<string, string> tokens, PlayedRow row, Focus? focus, Mfn? page, int ring)
    {
        var touched = row.Events.OfType<MachineEvent.RequestTouched>().LastOrDefault();
        var size = ((BlkfrontState)row.After.Front!).Size;
        var index = new RingIndex(touched?.Index ?? focus?.Request.Index.Value ?? 0);
        if (row.Record.Row.Key == "blkif_interrupt.copy")
        {
            index = RingSides.Of(row.Before, ring).RspCons;
        }

        tokens["index"] = index.ToString();
        tokens["slot"] = Text(index.SlotIn(size));
        var slotBytes = ((BlkfrontState)row.After.Front!).Options.FrontLayout.SlotBytes;
        tokens["offset"] = Hex((ulong)RingMath.SlotOffset(index, size, slotBytes));
        tokens["id"] = Text(touched?.Id ?? focus?.Request.Id ?? 0);
        if (page is { } mfn && row.After.Frames.Find(mfn) is { } frame)
        {
            tokens["frame"] = Hex(mfn.Value);
            tokens["pfn"] = Hex(frame.Pfn.Value);
            tokens["dataAddress"] = Hex(mfn.Address(0));
            tokens["text"] = TextOf(frame.Page);
        }

        AddWork(tokens, row, focus);
        BlockTokens.Add(tokens, row, ring, focus);
    }

    private static void AddWork(Dictionary<string, string> tokens, PlayedRow row, Focus? focus)
    {
        if (focus is null || row.Record.Row.Listing == "application" && row.Record.Row.Label is "fill" or "prepare")
        {
            var app = (Drivers.Applications.ApplicationState)row.Before.Application!;
            var left = Math.Min((app.Job?.Sectors ?? 0) - app.Handed, app.Segments * Blkif.SectorsPerPage);
            tokens["segments"] = Text(row.Record.Row.Label == "fill" ? 1 : (left + 7) / 8);
            return;
        }

        var request = focus.Request;
        tokens["op"] = request.Name;
        tokens["sector"] = Text(request.Sector);
        tokens["sectors"] = Text(request.Sectors);
        tokens["segments"] = Text(request.Segments.Length);
        AddSegment(tokens, focus);
        tokens["bytes"] = Text(request.Sectors * Sector.SizeBytes);
        tokens["byteAddress"] = (request.Sector * Sector.SizeBytes).ToString("N0", CultureInfo.InvariantCulture);
        if (row.Record.Row.Label == "look")
        {
            // The application looks at one page at a time.
            tokens["segments"] = "1";
        }
    }

    private static void AddSegment(Dictionary<string, string> tokens, Focus focus)
    {
        if (focus.Request.Segments.ElementAtOrDefault(focus.Segment) is not { } segment)
        {
            return;
        }

        tokens["ref"] = segment.Ref.ToString();
        tokens["firstSect"] = Text(segment.FirstSect);
        tokens["lastSect"] = Text(segment.LastSect);
        tokens["segmentSectors"] = Text(segment.LastSect - segment.FirstSect + 1);
        tokens["segmentBytes"] = Text(segment.Bytes);
    }

    private static void AddPush(Dictionary<string, string> tokens, PlayedRow row, int ring)
    {
        if (row.Events.OfType<MachineEvent.Pushed>().LastOrDefault() is { } push)
        {
            Numbers(tokens, push.Old, push.New, push.Event);
            return;
        }

        var access = row.Events.OfType<MachineEvent.Accessed>().LastOrDefault();
        if (access is null || access.After.Length != 4)
        {
            return;
        }

        var was = BitConverter.ToUInt32(access.Before);
        var now = BitConverter.ToUInt32(access.After);
        Numbers(tokens, was, now, now);
        var front = row.Record.Row.Listing is "blkif_interrupt" or "xennet_tx_buf_gc" or "xennet_poll";
        var sides = RingSides.Of(row.After, ring);
        var consumed = front ? sides.RspCons.Value : sides.ReqCons.Value;
        tokens["unconsumed"] = Text(unchecked(now - consumed));
    }

    private static void Numbers(Dictionary<string, string> tokens, uint old, uint now, uint armed)
    {
        tokens["old"] = Text(old);
        tokens["low"] = Text(old);
        tokens["new"] = Text(now);
        tokens["event"] = Text(armed);
        tokens["notifyLeft"] = Text(unchecked(now - armed));
        tokens["notifyRight"] = Text(unchecked(now - old));
    }

    private static void AddPort(Dictionary<string, string> tokens, PlayedRow row, int ring)
    {
        var (domain, port) = PortOf(row, ring);
        tokens["domain"] = domain.ToString();
        tokens["port"] = port.ToString();
        tokens["word"] = Text(port.Word);
        tokens["bit"] = Text(port.Bit);
        if (row.Events.OfType<MachineEvent.ChannelLookedUp>().FirstOrDefault() is { } found)
        {
            tokens["port"] = found.FromPort.ToString();
            tokens["peerDomain"] = found.To.ToString();
            tokens["peerPort"] = found.ToPort.ToString();
        }

        if (row.Events.OfType<MachineEvent.HypercallMade>().FirstOrDefault() is { Symbol: "EVTCHNOP_send" } send)
        {
            tokens["port"] = Text(send.A);
        }

        if (row.Events.OfType<MachineEvent.Noted>().FirstOrDefault(n => n.Name == "port") is { } noted)
        {
            tokens["port"] = Text(noted.Value);
        }
    }

    /// <summary>Whose port the row is about: who gets the event.</summary>
    internal static (DomId Domain, Port Port) PortOf(PlayedRow row, int ring)
    {
        var sides = RingSides.Of(row.After, ring);
        var (front, back) = (sides.FrontPort, sides.BackPort);
        return row.Record.Phase switch
        {
            Phase.Device => (World.Driver, World.DiskPort),
            Phase.Answer or Phase.Complete => (sides.Guest, front),
            _ => (World.Driver, back),
        };
    }

    private static void AddMapping(Dictionary<string, string> tokens, PlayedRow row, Focus? focus)
    {
        var maptrack = row.After[World.Driver].Maptrack.Records;

        // A call that has only begun speaks of the handle that it will get.
        tokens["handle"] = row.After[World.Driver].Maptrack.Take()?.Handle.ToString() ?? "";
        if (focus is not null)
        {
            var reference = focus.Ref;
            foreach (var (handle, record) in maptrack)
            {
                if (record.Ref == reference)
                {
                    Mapping(tokens, handle, record.Flags, record.HostAddress);
                }
            }
        }

        foreach (var happened in row.Events)
        {
            switch (happened)
            {
                case MachineEvent.HypercallMade { Symbol: "GNTTABOP_map_grant_ref" } map:
                    tokens["mapFlags"] = Text(map.C);
                    tokens["ref"] = Text(map.A);
                    tokens["address"] = Hex(row.Locals<MapLocals>()?.Ops[0].HostAddress ?? 0);
                    break;
                case MachineEvent.HypercallMade { Symbol: "GNTTABOP_unmap_grant_ref" } unmap:
                    tokens["handle"] = Text(unmap.A);
                    tokens["address"] = Hex(unmap.B);
                    break;
                case MachineEvent.MapAnswered answer:
                    tokens["handle"] = answer.Handle.ToString();
                    tokens["mapFlags"] = Text(answer.Flags);
                    Status(tokens, answer.Status);
                    break;
                case MachineEvent.HandleFreed freed:
                    tokens["handle"] = freed.Handle.ToString();
                    break;
                case MachineEvent.Noted { Name: "status" } status:
                    Status(tokens, (short)status.Value);
                    break;
                case MachineEvent.Accessed answer when row.Record.Row.Key == "xen_blkbk_unmap_and_respond.put_status":
                    Answer(tokens, BitConverter.ToInt16(answer.After));
                    break;
                case MachineEvent.Accessed answer when row.Record.Row.Key == "blkif_interrupt.copy":
                    // What it read, which is its request's only when it fits.
                    tokens["id"] = Text(BlkifSlot.Response(answer.After).Id);
                    Answer(tokens, (short)BlkifSlot.Response(answer.After).Status);
                    break;
                case MachineEvent.RequestFinished finished:
                    tokens["status"] = Text(finished.Status);
                    break;
            }
        }
    }

    // Ends that meet or part speak of the entry that they touch, and of the state that they read.
    private static void AddEnds(Dictionary<string, string> tokens, PlayedRow row)
    {
        foreach (var happened in row.Record.Phase == Phase.Connect ? row.Events : [])
        {
            if (happened is MachineEvent.Accessed entry
                && row.After.Frames.Find(entry.Mfn) is { Use: FrameUse.GrantTable })
            {
                tokens["ref"] = Text(entry.Offset / GrantTable.EntryV1.SizeBytes);
            }
            else if (happened is MachineEvent.Noted { Name: "state" } seen)
            {
                tokens["state"] = $"{seen.Value}, {(XenbusState)seen.Value}";
            }
        }
    }

    private static void Mapping(Dictionary<string, string> tokens, uint handle, uint flags, ulong address)
    {
        tokens["handle"] = Text(handle);
        tokens["mapFlags"] = Text(flags);
        tokens["address"] = Hex(address);
    }

    // BLKIF_RSP_*: the answer of a block request, which is no grant status.
    private static void Answer(Dictionary<string, string> tokens, short status)
    {
        tokens["status"] = Text(status);
        tokens["statusName"] = status switch { 0 => "OKAY", -2 => "EOPNOTSUPP", _ => "ERROR" };
    }

    private static void Status(Dictionary<string, string> tokens, short status)
    {
        tokens["status"] = Text(status);
        tokens["statusName"] = string.Concat(((GrantStatus)status).ToString()
            .Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c)
                : char.ToLowerInvariant(c).ToString()));
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture);
}
