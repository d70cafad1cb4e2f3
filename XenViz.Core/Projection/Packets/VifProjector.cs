using System.Collections.Immutable;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Packets;

/// <summary>Makes the view of an interface of the driver domain.</summary>
internal static class VifProjector
{
    /// <summary>The interface's name in Linux (<c>xenvif_alloc</c>).</summary>
    public static string NameOf(Vif vif) => "vif" + vif.Peer + ".0";

    /// <summary>The view.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="vif">The interface.</param>
    /// <param name="number">Which one it is, from 0.</param>
    public static VifView Of(Machine machine, Vif vif, int number) => new(
        NameOf(vif), vif.Peer.Value, vif.Mac.ToString(),
        vif.Disabled ? "disabled" : vif.Carrier ? "up" : "down", RingOf(machine, number * 2),
        RingOf(machine, (number * 2) + 1), vif.Queue.Length, vif.Dropped);

    private static NetRingView RingOf(Machine machine, int ring)
    {
        var reader = RingReader.Of(machine, ring);
        var used = Math.Min(reader.ReqProdPvt.Since(reader.RspCons), (uint)NetfrontState.Size);
        var slots = ImmutableArray.CreateBuilder<SlotView>((int)used);
        for (uint i = 0; i < used; i++)
        {
            var slot = reader.RspCons.Plus(i).SlotIn(NetfrontState.Size);
            var state = reader.StateOf(slot);
            slots.Add(NetSlotViews.Of(reader, slot, RingReader.KindOf(state), state));
        }

        return new NetRingView(
            reader.Header(Ring.ReqProd).Value, reader.Header(Ring.RspProd).Value, reader.ReqCons.Value,
            reader.RspCons.Value, slots.ToImmutable());
    }
}
