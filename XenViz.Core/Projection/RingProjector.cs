using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;

namespace XenViz.Core.Projection;

/// <summary>Makes the Ring tab from the bytes of the ring page and the private indices of both ends.</summary>
public static class RingProjector
{
    /// <summary>The ring at a moment.</summary>
    public static RingView Of(Moment moment)
    {
        var ring = RingReader.Of(moment.Machine, moment.Ring, moment.FocusIndex);
        var slots = ImmutableArray.CreateBuilder<SlotView>(ring.Size);
        for (var slot = 0; slot < ring.Size; slot++)
        {
            slots.Add(Slot(ring, slot));
        }

        return new RingView
        {
            Size = ring.Size,
            Mfn = ring.Mfn.Value,
            Exists = ring.Exists,
            ReqProd = ring.Header(Ring.ReqProd).Value,
            ReqEvent = ring.Header(Ring.ReqEvent).Value,
            RspProd = ring.Header(Ring.RspProd).Value,
            RspEvent = ring.Header(Ring.RspEvent).Value,
            ReqProdPvt = ring.ReqProdPvt.Value,
            RspCons = ring.RspCons.Value,
            ReqCons = ring.ReqCons.Value,
            RspProdPvt = ring.RspProdPvt.Value,
            BackGone = moment.Machine.IsDead(moment.Sides().Driver),
            Name = ring.Net switch { NetRing.Transmit => "tx", NetRing.Receive => "rx", _ => "" },
            Free = ring.IsOverfull ? 0 : RingMath.Free(ring.ReqProdPvt, ring.RspCons, ring.Size),
            Slots = slots.MoveToImmutable(),
            Queue = moment.Machine.Front is BlkfrontState ? moment.Ring : 0,
            Queues = moment.Machine.Front is BlkfrontState front ? front.Queues.Length : 1,
            FrontSlotBytes = ring.Net == NetRing.No ? ring.Layout.SlotBytes : 0,
            BackSlotBytes = ring.Net == NetRing.No ? ring.AnswerLayout.SlotBytes : 0,
            FocusSlot = FocusSlot(moment, ring),
            Notify = moment.LastPush is var (push, number)
                ? new NotifyView(push.ByFront, push.Old, push.New, push.Event, push.Notify, number)
                : null,
        };
    }

    /// <summary>
    /// The slot of the request on stage: where its response lies once there is one, else where the request was put.
    /// Responses go into slots in the order of answering, so the two may differ.
    /// </summary>
    internal static int? FocusSlot(Moment moment, RingReader ring)
    {
        if (moment.Focus is not { } focus)
        {
            return null;
        }

        for (var slot = 0; slot < ring.Size; slot++)
        {
            if (ring.Net != NetRing.Receive && RingReader.KindOf(ring.StateOf(slot)) == "response"
                && NetSlotViews.IdOf(ring, slot) == moment.FocusId)
            {
                return slot;
            }
        }

        return (moment.FocusIndex ?? focus.Request.Index).SlotIn(ring.Size);
    }

    /// <summary>An operation by its name, or its number when it has none here.</summary>
    internal static string Name(BlkifOperation operation) => operation switch
    {
        BlkifOperation.Read => "READ",
        BlkifOperation.Write => "WRITE",
        BlkifOperation.WriteBarrier => "BARRIER",
        BlkifOperation.FlushDiskCache => "FLUSH",
        BlkifOperation.Discard => "DISCARD",
        BlkifOperation.Indirect => "INDIRECT",
        _ => ((byte)operation).ToString(CultureInfo.InvariantCulture),
    };

    private static SlotView Slot(RingReader ring, int slot)
    {
        var bytes = ring.Bytes(slot);
        var state = ring.StateOf(slot);
        var kind = RingReader.KindOf(state);
        var index = ring.IndexIn(slot).Value;
        if (ring.Net != NetRing.No)
        {
            return NetSlotViews.Of(ring, slot, kind, state);
        }

        switch (kind)
        {
            case "request":
                var request = BlkifSlot.Request(bytes, ring.Layout);
                return new SlotView(
                    slot, index, kind, state, Name(request.Operation), request.Id, FirstRef(ring, slot, request), null,
                    false);
            case "response":
                // What the backend has not written yet is not shown as if it had.
                var response = BlkifSlot.Response(ring.AnswerBytes(slot));
                var writing = ring.IsAnswering(slot) ? ring.Answering : null;
                return new SlotView(
                    slot, index, kind, state, writing == "put_operation" ? "" : Name(response.Operation), response.Id,
                    null, writing is null ? (int)response.Status : null, false);
            default:
                return new SlotView(
                    slot, index, kind, state, "", 0, null, null, bytes.ContainsAnyExcept((byte)0));
        }
    }

    private static uint? FirstRef(RingReader ring, int slot, BlkifRequest request)
    {
        if (request.Operation is BlkifOperation.Discard or BlkifOperation.Indirect
            || ring.Filling is { Segments.IsEmpty: true })
        {
            return null;
        }

        var first = request.Segments[0].Ref;
        var written = !ring.IsFilling(slot) || ring.Filling!.Segments[0].Ref == first;
        return request.NrSegments > 0 && written ? first.Value : null;
    }
}
