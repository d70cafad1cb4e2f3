using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>What a row touched, from what happened in it: no state is compared, so thousands of rows are cheap.
/// </summary>
internal static class RowTouches
{
    // Bytes of an access that are told.
    private const int MostBytes = 8;

    /// <summary>Everything that a row touched, in order.</summary>
    public static IEnumerable<RowTouch> Of(PlayedRow row)
    {
        foreach (var happened in row.Events)
        {
            foreach (var touch in Of(happened, row))
            {
                yield return touch;
            }
        }

        foreach (var touch in PrivateIndices(row.Before, row.After))
        {
            yield return touch;
        }
    }

    /// <summary>A frame's number as it is looked for.</summary>
    public static string FrameKey(ulong mfn) => "0x" + mfn.ToString("x", CultureInfo.InvariantCulture);

    private static IEnumerable<RowTouch> Of(MachineEvent happened, PlayedRow row) => happened switch
    {
        MachineEvent.Accessed a => OfAccess(a, row),
        MachineEvent.HypercallMade call => OfCall(call, row),
        MachineEvent.ChannelLookedUp l => [Port(l.From, l.FromPort), Port(l.To, l.ToPort)],
        MachineEvent.Woken w => [new("vcpu", w.Domain.ToString(), "", w.WasBlocked ? "asleep" : "awake", "awake")],
        MachineEvent.Slept s => [new("vcpu", s.Domain.ToString(), "", "awake", s.Blocked ? "asleep" : "awake")],
        MachineEvent.CountsChanged c => OfCounts(c),
        MachineEvent.IommuChanged i =>
        [
            new("iommu", "", "", Word(i.Before), Word(i.After)),
            new("frame", FrameKey(i.Mfn.Value), "iommu", Word(i.Before), Word(i.After)),
        ],
        MachineEvent.IommuChecked c => [new("frame", FrameKey(c.BusAddress >> 12), "iommu check", "", "")],
        MachineEvent.DmaFaulted f => [new("frame", FrameKey(f.BusAddress >> 12), "fault", "", "stopped")],
        MachineEvent.MapAnswered m => OfMap(m),
        MachineEvent.HandleFreed h => OfFreed(h, row.Before),
        MachineEvent.TlbFlushed t => [new("tlb", "", "", Text(t.Forgotten) + " stale", "0 stale")],
        MachineEvent.CommandQueued q =>
            [new("frame", FrameKey(q.BusAddress >> 12), "command", "", ""), new("sector", Text(q.Sector), "", "", "")],
        MachineEvent.DmaMoved d =>
        [
            new("frame", FrameKey(d.Mfn.Value), "dma", "", d.ToMemory ? "written" : ""),
            new("sector", Text(d.Sector), "", "", d.ToMemory ? "" : "written"),
        ],
        MachineEvent.InterruptRaised i => [Port(i.Domain, i.Port)],
        MachineEvent.RequestTouched r => [new("request", Text(r.Id), "", "", "")],
        MachineEvent.RequestFinished r => [new("request", Text(r.Id), "status", "", Text(r.Status))],
        MachineEvent.StoreWritten s => OfStore(s, row),
        _ => [],
    };

    private static IEnumerable<RowTouch> OfAccess(MachineEvent.Accessed access, PlayedRow row)
    {
        if (row.After.Frames.Find(access.Mfn) is not { } frame)
        {
            yield break;
        }

        var at = "+0x" + access.Offset.ToString("x3", CultureInfo.InvariantCulture);
        yield return new RowTouch("frame", FrameKey(access.Mfn.Value), at, Was(access), Now(access));
        var parts = frame.Use switch
        {
            FrameUse.Ring => OfRing(access, row.After),
            FrameUse.GrantTable => GrantTouches.Of(access),
            FrameUse.SharedInfo => SharedInfoTouches.Of(access, frame.Owner),
            FrameUse.EventArray => FifoTouches.OfWord(access, frame, row.After),
            FrameUse.EventControl => FifoTouches.OfBlock(access, frame, row.After),
            FrameUse.PageTable => OfEntry(access),
            _ => [],
        };
        foreach (var part in parts)
        {
            yield return part;
        }
    }

    private static IEnumerable<RowTouch> OfRing(MachineEvent.Accessed access, Machine machine)
    {
        foreach (var (pages, slotBytes, name) in RingsOf(machine))
        {
            var page = pages.IndexOf(access.Mfn);
            if (page < 0)
            {
                continue;
            }

            var at = (page * Page.Size) + access.Offset;
            if (at >= Ring.HeaderBytes)
            {
                yield return new RowTouch(
                    "slot", Text((at - Ring.HeaderBytes) / slotBytes), name, Was(access), Now(access));
                yield break;
            }

            foreach (var index in OfHeader(access, at, name))
            {
                yield return index;
            }
        }
    }

    private static IEnumerable<(ImmutableArray<Mfn> Pages, int SlotBytes, string Name)> RingsOf(Machine machine)
    {
        switch (machine.Front)
        {
            case BlkfrontState front:
                return front.Queues.Select(queue => (queue.Pages, front.Options.FrontLayout.SlotBytes, ""));
            case NetfrontState:
                return Enumerable.Range(0, SeenFrom.Sides(machine))
                    .SelectMany(side => RingsOf(machine.From(side), side));
            default:
                return [];
        }
    }

    // The rings of a second guest carry its name.
    private static IEnumerable<(ImmutableArray<Mfn> Pages, int SlotBytes, string Name)> RingsOf(Machine seen, int side)
    {
        var (send, receive) = (RingSides.Of(seen), RingSides.Of(seen, 1));
        var of = side == 0 ? "" : $" of dom {send.Guest}";
        return
        [
            (send.Pages, send.SlotBytes, "transmit" + of), (receive.Pages, receive.SlotBytes, "receive" + of),
        ];
    }

    // One store may write several indices: that is how the page is initialised.
    private static IEnumerable<RowTouch> OfHeader(MachineEvent.Accessed access, int at, string name)
    {
        foreach (var field in new[] { Ring.ReqProd, Ring.ReqEvent, Ring.RspProd, Ring.RspEvent })
        {
            var from = field.OffsetBytes - at;
            if (from >= 0 && from + field.WidthBytes <= access.After.Length)
            {
                yield return new RowTouch(
                    "index", field.Name, name, Number(access.Before[from..(from + field.WidthBytes)]),
                    Number(access.After[from..(from + field.WidthBytes)]));
            }
        }
    }

    private static IEnumerable<RowTouch> OfEntry(MachineEvent.Accessed access)
    {
        var (before, after) = (Value(access.Before), Value(access.After));
        if ((before & PageTableEntry.Present) != 0)
        {
            yield return new RowTouch(
                "frame", FrameKey(PageTableEntry.FrameOf(before).Value), "pte", "present", Mapped(after));
        }

        if ((after & PageTableEntry.Present) != 0 && before != after)
        {
            yield return new RowTouch(
                "frame", FrameKey(PageTableEntry.FrameOf(after).Value), "pte", Mapped(before), "present");
        }
    }

    private static IEnumerable<RowTouch> OfCall(MachineEvent.HypercallMade call, PlayedRow row)
    {
        var domain = row.Before.Agents[row.Record.Choice.Agent].Kind.Domain;
        if (domain is { } id && call.Symbol is "EVTCHNOP_send" or "EVTCHNOP_unmask" or "EVTCHNOP_close" && call.A > 0)
        {
            yield return Port(domain!.Value, new Port((uint)call.A));
        }
        else if (call.Symbol is "GNTTABOP_map_grant_ref")
        {
            yield return new RowTouch("grant", Text(call.A), "map asked", "", "");
        }
        else if (call.Symbol is "GNTTABOP_unmap_grant_ref")
        {
            yield return new RowTouch("handle", Text(call.A), "unmap asked", "", "");
        }
    }

    private static IEnumerable<RowTouch> OfCounts(MachineEvent.CountsChanged counts)
    {
        var frame = FrameKey(counts.Mfn.Value);
        yield return new RowTouch(
            "grant", counts.Ref.ToString(), "pins", Pins(counts.PinsBefore), Pins(counts.PinsAfter));
        yield return new RowTouch("frame", frame, "references", Text(counts.RefsBefore), Text(counts.RefsAfter));
        if (counts.TypesBefore != counts.TypesAfter)
        {
            yield return new RowTouch(
                "frame", frame, "writable uses", Text(counts.TypesBefore), Text(counts.TypesAfter));
        }
    }

    private static IEnumerable<RowTouch> OfMap(MachineEvent.MapAnswered map)
    {
        var ok = map.Status == 0;
        yield return new RowTouch(
            "grant", map.Ref.ToString(), "mapping", "", ok ? $"handle {map.Handle}" : $"status {map.Status}");
        if (ok)
        {
            yield return new RowTouch("handle", map.Handle.ToString(), "", "", $"grant {map.Ref}");
        }
    }

    private static IEnumerable<RowTouch> OfFreed(MachineEvent.HandleFreed freed, Machine before)
    {
        if (before.Find(freed.Mapper)?.Maptrack.Records.TryGetValue(freed.Handle.Value, out var record) is true)
        {
            yield return new RowTouch("handle", freed.Handle.ToString(), "", $"grant {record.Ref}", "");
            yield return new RowTouch("grant", record.Ref.ToString(), "mapping", $"handle {freed.Handle}", "");
        }
    }

    private static IEnumerable<RowTouch> OfStore(MachineEvent.StoreWritten written, PlayedRow row)
    {
        var before = row.Before.Store is Devices.XenStore store && store.Nodes.TryGetValue(written.Path, out var node)
            ? node.Value
            : "";
        yield return new RowTouch("xenstore", written.Path, "", before, written.Value);
    }

    private static IEnumerable<RowTouch> PrivateIndices(Machine before, Machine after)
    {
        if (ReferenceEquals(before.Front, after.Front) && ReferenceEquals(before.Back, after.Back))
        {
            yield break;
        }

        foreach (var ((name, ring, was), (_, _, now)) in PrivateIndices(before).Zip(PrivateIndices(after)))
        {
            if (was != now)
            {
                yield return new RowTouch("index", name, ring, was.ToString(), now.ToString());
            }
        }
    }

    private static IEnumerable<(string Name, string Ring, RingIndex Value)> PrivateIndices(Machine machine)
    {
        switch (machine.Front, machine.Back)
        {
            case (BlkfrontState front, BlkbackState back):
                return front.Queues.SelectMany(q => Pair("req_prod_pvt", q.ReqProdPvt, "rsp_cons", q.RspCons, ""))
                    .Concat(back.Queues.SelectMany(q => Pair("req_cons", q.ReqCons, "rsp_prod_pvt", q.RspProdPvt, "")));
            case (NetfrontState, NetbackState):
                return OfSides(RingSides.Of(machine), "transmit").Concat(OfSides(RingSides.Of(machine, 1), "receive"));
            default:
                return [];
        }
    }

    private static IEnumerable<(string Name, string Ring, RingIndex Value)> OfSides(RingSides sides, string ring) =>
        Pair("req_prod_pvt", sides.ReqProdPvt, "rsp_cons", sides.RspCons, ring)
            .Concat(Pair("req_cons", sides.ReqCons, "rsp_prod_pvt", sides.RspProdPvt, ring));

    private static IEnumerable<(string Name, string Ring, RingIndex Value)> Pair(
        string first, RingIndex one, string second, RingIndex two, string ring) =>
        [(first, ring, one), (second, ring, two)];

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static RowTouch Port(DomId domain, Port port) => new("port", port.ToString(), $"of dom {domain}", "", "");

    private static string Mapped(ulong entry) => (entry & PageTableEntry.Present) != 0 ? "present" : "";

    private static string Word(DeviceAccess access) => access switch
    {
        DeviceAccess.Read => "read",
        DeviceAccess.ReadWrite => "read and write",
        _ => "none",
    };

    private static string Pins(uint pins) => "0x" + pins.ToString("x8", Culture);

    private static string Was(MachineEvent.Accessed access) => Short(access.Before);

    // Where the first bytes are the same the change lies behind them.
    private static string Now(MachineEvent.Accessed access)
    {
        var (was, now) = (Short(access.Before), Short(access.After));
        return was != now || access.Before.AsSpan().SequenceEqual(access.After) ? now : now + " changed";
    }

    private static string Short(byte[] bytes) => bytes.Length <= MostBytes
        ? Convert.ToHexStringLower(bytes)
        : Convert.ToHexStringLower(bytes, 0, MostBytes) + "…";

    private static string Number(byte[] bytes) => Text(Value(bytes));

    private static ulong Value(byte[] bytes)
    {
        Span<byte> whole = stackalloc byte[8];
        whole.Clear();
        bytes.AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(whole);
        return BinaryPrimitives.ReadUInt64LittleEndian(whole);
    }

    private static string Text(IFormattable value) => value.ToString(null, Culture);
}
