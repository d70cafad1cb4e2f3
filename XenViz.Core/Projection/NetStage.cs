using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>What of the stage is different when the device is a network interface.</summary>
internal static class NetStage
{
    /// <summary>The packet, or the empty page, that the stage follows.</summary>
    public static RequestView Request(Moment moment, Focus focus)
    {
        var request = focus.Request;
        var index = moment.FocusIndex ?? request.Index;
        return new RequestView(
            moment.FocusId ?? request.Id, index.Value, index.SlotIn(NetfrontState.Size), request.Name,
            (ulong)request.Bytes, 0, [.. request.Segments.Select(s => s.Ref.Value)], StateOf(moment, focus, index));
    }

    /// <summary>The application's call.</summary>
    public static string Call(Machine m)
    {
        var app = (NetApplicationState)m.Application!;
        var sending = app.Job ?? (app.InFlight > 0 || app.Expected == 0 ? app.Jobs.LastOrDefault() : null);
        return sending is { } job ? $"send(fd, buf, {job.Frame.Length})" : app.Expected > 0 ? "recv(fd, buf, ...)" : "";
    }

    /// <summary>Netback's copy of the packet, or of the empty page on the receive ring.</summary>
    public static RequestView? Copy(Moment moment)
    {
        if (moment.Ring % 2 != 0)
        {
            return Taken(moment);
        }

        var (m, focus) = (moment.Machine, moment.Focus);
        var back = (NetbackState)m.Back!;
        var shown = back.Vifs[0].Peer == Scenarios.World.Guest ? 0 : 1;
        var all = back.Pending.Concat(back.Finished).Where(p => p.Vif == shown).ToList();
        if (focus is not { Request: { Name: "TX", Index: var key } })
        {
            return Copy(all.FirstOrDefault());
        }

        // The packet at work is in no queue: netback has it in hand, between ring and bridge and while it answers.
        var own = all.Find(p => p.Key == key);
        return own is not null ? Copy(own)
            : StateOf(moment, focus, key) is "serving" or "answering" ? AtWork(m, shown, key)
            : Copy(all.FirstOrDefault());
    }

    private static RequestView? Copy(BackPacket? packet) =>
        packet is null ? null : Copy(packet.Key, packet.Pieces, packet.Bytes);

    private static RequestView Copy(RingIndex key, ImmutableArray<BackPiece> pieces, int bytes) => new(
        pieces[0].Request.Id, key.Value, key.SlotIn(NetfrontState.Size), "TX", (ulong)bytes, 0,
        [.. pieces.Select(p => p.Request.Ref.Value)], "serving");

    // Its first slot says how long the whole is, also while the other slots are not taken yet.
    private static RequestView? AtWork(Machine m, int vif, RingIndex key)
    {
        var thread = m.Agents[Drivers.Block.BackendAgent.Index].Top;
        return thread.Find<NetAnswerLocals>() is { Packet: { } packet } && packet.Vif == vif && packet.Key == key
            ? Copy(packet)
            : thread.Find<NetThreadLocals>() is { Pieces: { IsDefaultOrEmpty: false } pieces } f
                && f.Vif == vif && f.Key == key
                ? Copy(key, pieces, pieces[0].Request.Size)
                : null;
    }

    // The offer that netback took and whose answer it has not published: of several the one on stage, else the newest.
    private static RequestView? Taken(Moment moment)
    {
        var (m, sides) = (moment.Machine, moment.Sides());
        var published = new RingIndex((uint)m.Frames[sides.Ring].Page.Load(Ring.RspProd.OffsetBytes, 4));
        var taken = FocusRequest.WaitingBySide(m).Where(w => w.Side == 0).Select(w => FocusRequest.Of(w.Source))
            .Where(r => r.Name == "RX" && r.Index.Since(published) < sides.ReqCons.Since(published)).ToList();
        var offer = taken.Find(r => r.Index == moment.FocusIndex) ?? taken.MaxBy(r => r.Index.Since(published));
        return offer is null
            ? null
            : new RequestView(
                offer.Id, offer.Index.Value, offer.Index.SlotIn(sides.Size), "RX", PageSize.Bytes, 0,
                [.. offer.Segments.Select(s => s.Ref.Value)], "serving");
    }

    /// <summary>What the card's driver and the bridge do.</summary>
    public static string Driver(Machine m)
    {
        var (back, nic) = ((NetbackState)m.Back!, (Nic)m.Disk!);
        return !back.Finished.IsEmpty || !back.Arrived.IsEmpty ? "done" : nic.Queue.IsEmpty ? "idle" : "submitted";
    }

    /// <summary>The card's DMA engine.</summary>
    public static DmaView Dma(Machine m)
    {
        var nic = (Nic)m.Disk!;
        return new DmaView(
            nic.Activity.ToString().ToLowerInvariant(), nic.Current?.BusAddress, nic.Current?.Bytes ?? 0,
            (ulong)nic.Sent.Length, nic.CurrentToMemory);
    }

    private static string StateOf(Moment moment, Focus focus, RingIndex index)
    {
        var m = moment.Machine;
        if (!FocusRequest.Waiting(m).Any(w => w.Equals(focus.Request.Source)))
        {
            return "done";
        }

        var sides = moment.Sides();
        var page = m.Frames[sides.Ring].Page;
        var published = new RingIndex((uint)page.Load(Ring.ReqProd.OffsetBytes, 4));
        return IsPast(index, sides.ReqProdPvt) || IsPast(index, published) ? "private"
            : IsPast(index, sides.ReqCons) ? "pending"
            : RingReader.Of(m, moment.Ring).AnswerTo(moment.FocusId ?? focus.Request.Id)
                ?? (m.Agents.Any(agent => HasTaken(m, agent.Top, focus.Request, index)) ? "done" : "serving");
    }

    // The frontend works through an answer that it has taken: no index of the ring tells of it any more.
    private static bool HasTaken(Machine m, Activation top, FocusRequest request, RingIndex index) =>
        (top.Find<TxGcLocals>() is { Slot: { } slot } && slot.Packet.Equals(request.Source)
            && index.Since(slot.Packet.Pieces[slot.Piece].Index.Plus(1)) >= 0x8000_0000)
        || (top.Find<PollLocals>() is { Buffer: { } buffer } poll && buffer.Index == index && request.Name == "RX"
            && poll.Domain == m.Guest().Id);

    private static bool IsPast(RingIndex index, RingIndex end) => index.Since(end) < 0x8000_0000;
}
