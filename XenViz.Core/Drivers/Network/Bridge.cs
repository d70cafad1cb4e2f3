using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>
/// The driver domain's bridge: it looks at the Ethernet address and passes the frame to the interface that has it, or
/// to the wire; frames for groups and for addresses that it does not know go to all others. It learns no addresses: it
/// knows them from the start.
/// </summary>
internal static class Bridge
{
    /// <summary>Most bytes of a frame to a guest that takes single slots: its MTU is 1500, and a VLAN tag may come
    /// on top (<c>net/bridge/br_forward.c is_skb_forwardable</c>).</summary>
    public const int LongestFrame = 1518;

    /// <summary>A packet of a guest: to the card, or into pages of the driver domain for another guest.</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="parts">Where its bytes are.</param>
    public static void FromGuest(Draft draft, BackPacket packet, ImmutableArray<Part> parts)
    {
        var state = Netback.State(draft);
        var to = AddressOf(draft, parts);
        var floods = Floods(state, to);
        var own = state.Vifs.Select((vif, i) => (vif, i)).Where(v =>
            v.i != packet.Vif && (floods || v.vif.Mac == to)).Select(v => v.i).ToList();
        var blank = (packet.Flags & NetTxFlags.ChecksumBlank) != NetTxFlags.None;
        var refused = "";
        foreach (var vif in own)
        {
            // A frame between guests is never on a wire: whoever reads it need not check it.
            var valid = (packet.Flags & NetTxFlags.DataValidated) != NetTxFlags.None;
            var sum = blank && !state.Vifs[vif].Agreed.Checksums;
            var flags = sum ? NetRxFlags.None
                : blank ? NetRxFlags.ChecksumBlank | NetRxFlags.DataValidated
                : valid ? NetRxFlags.DataValidated
                : NetRxFlags.None;
            if (Duplicate(draft, vif, parts, sum) is { } copy)
            {
                refused = Deliver(draft, vif, new RxPacket(copy, flags)) ?? refused;
            }
        }

        if (own.Count > 0 && !floods)
        {
            state = Netback.State(draft);
            draft.Back = state with { Finished = state.Finished.Add(packet) };
            draft.Say(new MachineEvent.Outcome(refused.Length == 0 ? "local" : refused));
            return;
        }

        ToWire(draft, packet, parts, blank);
    }

    /// <summary>A frame of the wire: to the guest that has its address, to all when it is for everybody.</summary>
    public static void FromWire(Draft draft, RxPacket packet)
    {
        var to = AddressOf(draft, packet.Parts);
        var state = Netback.State(draft);
        var floods = Floods(state, to);
        var own = state.Vifs.Select((vif, i) => (vif, i))
            .Where(v => floods || v.vif.Mac == to).Select(v => v.i).ToList();
        if (own.Count == 0)
        {
            Recycle(draft, packet.Parts.Select(p => p.Page));
            draft.Say(new MachineEvent.Outcome("dropped"));
            return;
        }

        // All but the last get pages of their own.
        foreach (var vif in own.Take(own.Count - 1))
        {
            if (Duplicate(draft, vif, packet.Parts) is { } copy)
            {
                Deliver(draft, vif, packet with { Parts = copy });
            }
        }

        if (Deliver(draft, own[^1], packet) is { } refused)
        {
            draft.Say(new MachineEvent.Outcome(refused));
        }
    }

    /// <summary>Gives pages of the driver domain back: first to its own stock, then to the card, which puts the next
    /// frames into them.</summary>
    public static void Recycle(Draft draft, IEnumerable<Mfn> pages)
    {
        foreach (var page in pages)
        {
            var state = Netback.State(draft);
            if (state.FreeCount < state.FreeTarget)
            {
                draft.Back = state.GivePages([page]);
                continue;
            }

            var nic = (Nic)draft.Disk!;
            draft.Disk = nic with { Free = nic.Free.Enqueue(page) };
        }
    }

    // Null, or the word for why the packet is dropped.
    private static string? Deliver(Draft draft, int vif, RxPacket packet)
    {
        var state = Netback.State(draft);
        var to = state.Vifs[vif];
        var refused = !to.Carrier ? "carrier"
            : !to.Agreed.ScatterGather && packet.Parts.Sum(p => p.Bytes) > LongestFrame ? "toolong"
            : to.Waiting + packet.Parts.Length > Vif.QueuePages ? "full"
            : null;
        if (refused is not null)
        {
            Recycle(draft, packet.Parts.Select(p => p.Page));
            state = Netback.State(draft);
            draft.Back = state.With(vif, state.Vifs[vif] with { Dropped = to.Dropped + 1 });
            return refused;
        }

        draft.Back = state.With(vif, to with { Queue = to.Queue.Add(packet) });
        return null;
    }

    private static void ToWire(Draft draft, BackPacket packet, ImmutableArray<Part> parts, bool blank)
    {
        var state = Netback.State(draft);
        var nic = (Nic)draft.Disk!;
        ImmutableArray<SgElement> elements =
            [.. parts.Select(p => new SgElement(p.Page.Address(p.Offset), p.Bytes))];
        draft.Disk = nic with
        {
            Queue = nic.Queue.Enqueue(new NicCommand(Netback.TagOf(state, packet), elements, blank, packet.Gso)),
            Activity = DiskActivity.Queued, Current = elements[0], CurrentToMemory = false,
        };
        draft.Back = state with { Pending = state.Pending.Add(packet) };
        draft.Say(new MachineEvent.CommandQueued(
            packet.Pieces[0].Request.Id, elements[0].BusAddress, packet.Bytes, 0, elements.Length, false));
    }

    // Linux passes the pages themselves on and counts their users; the model copies, which is simpler to follow.
    // Null when there are no pages: the packet is dropped for this interface.
    private static ImmutableArray<Part>? Duplicate(Draft draft, int vif, ImmutableArray<Part> parts, bool sum = false)
    {
        var start = Netback.State(draft);
        if (start.FreeCount < (parts.Sum(p => p.Bytes) / PageSize.Bytes) + 1)
        {
            draft.Back = start.With(vif, start.Vifs[vif] with { Dropped = start.Vifs[vif].Dropped + 1 });
            return null;
        }

        var bytes = parts.SelectMany(p => draft.PeekBytes(p.Page, p.Offset, p.Bytes)).ToArray();
        if (sum)
        {
            EthernetFrames.FillChecksum(bytes);
        }

        var copies = ImmutableArray.CreateBuilder<Part>();
        for (var at = 0; at < bytes.Length; at += PageSize.Bytes)
        {
            var (state, page) = Netback.State(draft).TakePage();
            draft.Back = state;
            var here = Math.Min(PageSize.Bytes, bytes.Length - at);
            draft.Poke(page, 0, bytes.AsSpan(at, here));
            copies.Add(new Part(page, 0, here));
        }

        draft.Say(new MachineEvent.BytesCopied(Netback.Driver, bytes.Length, false));
        return copies.ToImmutable();
    }

    private static bool Floods(NetbackState state, MacAddress to) =>
        to.IsGroup || (to != state.Wire && state.Vifs.All(v => v.Mac != to));

    private static MacAddress AddressOf(Draft draft, ImmutableArray<Part> parts) =>
        MacAddress.From(draft.PeekBytes(parts[0].Page, parts[0].Offset, MacAddress.SizeBytes));
}
