using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>
/// The event channel hypercall's operations on Xen's tables: checks in Xen's order, errno as a negative number
/// (<c>event_channel.c</c>). Sending is a listing of its own, <see cref="EventDelivery"/>.
/// </summary>
public static class EventChannelOps
{
    /// <summary>Allocates a port that waits for a domain (<c>EVTCHNOP_alloc_unbound</c>).</summary>
    /// <returns>The port, or a negative errno.</returns>
    public static long AllocUnbound(Draft draft, DomId caller, DomId remote)
    {
        var port = FreePort(draft.Domain(caller));
        if (port < 0)
        {
            return port;
        }

        Set(draft, caller, new Port((uint)port), new Channel(ChannelState.Unbound, Resolve(remote, caller)));
        return port;
    }

    /// <summary>Binds a local port to another domain's waiting one (<c>EVTCHNOP_bind_interdomain</c>). The caller
    /// raises
    /// the local port afterwards: sends before the binding may have been lost.</summary>
    /// <returns>The local port, or a negative errno.</returns>
    public static long BindInterdomain(Draft draft, DomId caller, DomId remote, Port remotePort)
    {
        var remoteId = Resolve(remote, caller);
        if (draft.FindDomain(remoteId) is not { } other)
        {
            return -Errno.Srch;
        }

        var local = FreePort(draft.Domain(caller));
        if (local < 0)
        {
            return local;
        }

        if (!IsValid(other, remotePort)
            || other.Channels[(int)remotePort.Value] is not { State: ChannelState.Unbound } end
            || end.RemoteDomain != caller)
        {
            return -Errno.Inval;
        }

        Set(draft, caller, new Port((uint)local), new Channel(ChannelState.Interdomain, remoteId, remotePort));
        Set(draft, remoteId, remotePort, new Channel(ChannelState.Interdomain, caller, new Port((uint)local)));
        return local;
    }

    /// <summary>Where a send would go (<c>EVTCHNOP_send</c>).</summary>
    /// <returns>0 with the target, 0 without one (an unbound channel: nothing happens), or a negative errno.</returns>
    public static (long Errno, (DomId Domain, Port Port)? Target) Route(Draft draft, DomId caller, Port port)
    {
        var domain = draft.Domain(caller);
        if (!IsValid(domain, port))
        {
            return (-Errno.Inval, null);
        }

        var channel = domain.Channels[(int)port.Value];
        return channel.State switch
        {
            ChannelState.Interdomain => (0, (channel.RemoteDomain, channel.RemotePort)),
            ChannelState.Ipi => (0, (caller, port)),
            ChannelState.Unbound => (0, null),
            _ => (-Errno.Inval, null),
        };
    }

    /// <summary>Clears the mask of a port and raises it again when it is pending (<c>EVTCHNOP_unmask</c>).</summary>
    /// <returns>0 or a negative errno.</returns>
    public static long Unmask(Draft draft, DomId caller, Port port)
    {
        var domain = draft.Domain(caller);
        if (!IsValid(domain, port))
        {
            return -Errno.Inval;
        }

        if (domain.Channels[(int)port.Value].State is ChannelState.Free or ChannelState.Reserved)
        {
            return 0;
        }

        var wasMasked = TestAndClear(draft, domain.SharedInfo, Xen.SharedInfo.MaskByteOf(port), port);
        if (wasMasked && Bit(draft, domain.SharedInfo, Xen.SharedInfo.PendingByteOf(port), port))
        {
            MarkSelector(draft, domain, port);
        }

        return 0;
    }

    /// <summary>The state of a port (<c>EVTCHNOP_status</c>).</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="of">Whose port; DOMID_SELF means the caller.</param>
    /// <param name="port">The port.</param>
    /// <param name="callerIsPrivileged">True for a caller that may look at other domains.</param>
    /// <returns>A negative errno, or 0 with the answer.</returns>
    public static (long Errno, EventChannelStatus Status, Channel Channel) Status(
        Draft draft, DomId caller, DomId of, Port port, bool callerIsPrivileged)
    {
        if (draft.FindDomain(Resolve(of, caller)) is not { } domain)
        {
            return (-Errno.Srch, default, default);
        }

        if (!IsValid(domain, port))
        {
            return (-Errno.Inval, default, default);
        }

        if (domain.Id != caller && !callerIsPrivileged)
        {
            return (-Errno.Perm, default, default);
        }

        var channel = domain.Channels[(int)port.Value];
        var status = channel.State switch
        {
            ChannelState.Unbound => EventChannelStatus.Unbound,
            ChannelState.Interdomain => EventChannelStatus.Interdomain,
            ChannelState.Pirq => EventChannelStatus.Pirq,
            ChannelState.Virq => EventChannelStatus.Virq,
            ChannelState.Ipi => EventChannelStatus.Ipi,
            _ => EventChannelStatus.Closed,
        };
        return (0, status, channel);
    }

    internal static void Set(Draft draft, DomId domain, Port port, Channel channel)
    {
        var d = draft.Domain(domain);
        var channels = d.Channels;
        if (port.Value >= channels.Length)
        {
            channels = channels.AddRange(new Channel[(int)port.Value - channels.Length + 1]);
        }

        draft.Put(d with { Channels = channels.SetItem((int)port.Value, channel) });
    }

    private static void MarkSelector(Draft draft, Domain domain, Port port)
    {
        var at = Xen.VcpuInfo.PendingSel.OffsetBytes + (port.Word / 8);
        var selector = (byte)draft.Peek(domain.SharedInfo, at, 1);
        if ((selector & (1 << (port.Word % 8))) != 0)
        {
            return;
        }

        draft.Poke(domain.SharedInfo, at, (byte)(selector | (1 << (port.Word % 8))), 1);
        if (draft.Peek(domain.SharedInfo, Xen.VcpuInfo.UpcallPending.OffsetBytes, 1) == 0)
        {
            draft.Poke(domain.SharedInfo, Xen.VcpuInfo.UpcallPending.OffsetBytes, 1, 1);
            SchedOps.Wake(draft, domain.Id);
        }
    }

    private static bool Bit(Draft draft, Mfn mfn, Field of, Port port) =>
        ((draft.Peek(mfn, of.OffsetBytes, 1) >> (port.Bit % 8)) & 1) != 0;

    private static bool TestAndClear(Draft draft, Mfn mfn, Field of, Port port)
    {
        var was = Bit(draft, mfn, of, port);
        if (was)
        {
            draft.Poke(mfn, of.OffsetBytes, draft.Peek(mfn, of.OffsetBytes, 1) & ~(1UL << (port.Bit % 8)), 1);
        }

        return was;
    }

    private static bool IsValid(Domain domain, Port port) => port.Value > 0 && port.Value < domain.Channels.Length;

    private static DomId Resolve(DomId id, DomId caller) => id.Value == Xen.Domain.Self ? caller : id;

    // Upwards from 0, which is taken; FACTS c.1.
    private static long FreePort(Domain domain)
    {
        for (var port = 1; port < domain.Channels.Length; port++)
        {
            if (domain.Channels[port].State == ChannelState.Free)
            {
                return port;
            }
        }

        return domain.Channels.Length < EventChannel.TwoLevelChannels
            ? Math.Max(1, domain.Channels.Length)
            : -Errno.NoSpc;
    }
}
