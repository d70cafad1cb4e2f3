using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>
/// The event channel operations on a machine under change, for drivers' listings. The rules themselves are in
/// <see cref="EventChannels"/>; sending row by row is <see cref="EventDelivery"/>.
/// </summary>
public static class EventChannelOps
{
    /// <summary>Allocates a port of the caller that waits for a domain (<c>EVTCHNOP_alloc_unbound</c>).</summary>
    /// <returns>The port, or a negative errno.</returns>
    public static long AllocUnbound(Draft draft, DomId caller, DomId remote)
    {
        var world = new DraftEventWorld(draft);
        return EventBinds.AllocUnbound(ref world, world.Find(caller), caller, remote);
    }

    /// <summary>Binds a local port to another domain's waiting one (<c>EVTCHNOP_bind_interdomain</c>). The caller
    /// raises the local port afterwards: sends before the binding may have been lost.</summary>
    /// <returns>The local port, or a negative errno.</returns>
    public static long BindInterdomain(Draft draft, DomId caller, DomId remote, Port remotePort)
    {
        var world = new DraftEventWorld(draft);
        return EventBinds.Connect(ref world, world.Find(caller), remote, remotePort.Value);
    }

    /// <summary>Frees a port of the caller (<c>EVTCHNOP_close</c>); the other end waits for the caller again.</summary>
    /// <returns>0 or a negative errno.</returns>
    public static int Close(Draft draft, DomId caller, Port port)
    {
        var world = new DraftEventWorld(draft);
        return EventUses.Close(ref world, world.Find(caller), port.Value, byGuest: true);
    }

    /// <summary>Rings the other end of a port at once, not row by row (<c>EVTCHNOP_send</c>).</summary>
    /// <returns>0 or a negative errno.</returns>
    public static int Send(Draft draft, DomId caller, Port port)
    {
        var world = new DraftEventWorld(draft);
        return EventUses.Send(ref world, world.Find(caller), port.Value);
    }

    /// <summary>Clears the mask of a port and raises it again when it is pending (<c>EVTCHNOP_unmask</c>).</summary>
    /// <returns>0 or a negative errno.</returns>
    public static int Unmask(Draft draft, DomId caller, Port port)
    {
        var world = new DraftEventWorld(draft);
        return EventUses.Unmask(ref world, world.Find(caller), port.Value);
    }

    /// <summary>Any command, with the bytes of its argument (<c>do_event_channel_op</c>).</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="command">An <see cref="EventChannel.Op"/>.</param>
    /// <param name="argument">Inputs, and outputs when it succeeds.</param>
    /// <returns>0 or a negative errno.</returns>
    public static int Call(Draft draft, DomId caller, uint command, Span<byte> argument)
    {
        var world = new DraftEventWorld(draft);
        return EventHypercall.Call(ref world, world.Find(caller), command, argument);
    }
}
