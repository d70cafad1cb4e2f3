using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Conformance;

/// <summary>Does what a <see cref="HostileOp"/> says, on flat tables.</summary>
sealed class HostileTarget(FlatEvents events, List<FlatGuest> guests)
{
    /// <summary>The part that is done inside Xen, the same for every kind of world.</summary>
    /// <returns>What the caller is told; null when the act is not done inside Xen.</returns>
    public static long? InXen<T>(ref T world, in HostileOp op, scoped Span<byte> argument)
        where T : struct, IEventWorld, allows ref struct
    {
        switch (op.Kind)
        {
            case HostileKind.Hypercall:
                return EventHypercall.Call(ref world, op.Domain, op.A, argument);
            case HostileKind.Poll:
                Span<uint> ports = stackalloc uint[(int)Math.Min(op.A, 129)];
                for (var i = 0; i < ports.Length; i++)
                {
                    ports[i] = op.B + (uint)i;
                }

                var (errno, blocks) = EventWaits.Poll(ref world, op.Domain, op.Vcpu, ports);
                return (errno * 2L) + (blocks ? 1 : 0);
            case HostileKind.Block:
                return EventWaits.Block(ref world, op.Domain, op.Vcpu) ? 1 : 0;
            case HostileKind.SendVirq:
                EventVirqs.Send(ref world, op.Domain, (uint)op.Vcpu, op.A);
                return 0;
            case HostileKind.SetHandler:
                return EventVirqs.SetHandler(ref world, world.IdOf(op.Domain), op.A);
            case HostileKind.AllocForXen:
                return EventBinds.AllocForXen(ref world, op.Domain, (ushort)op.Vcpu, new DomId((ushort)op.A));
            case HostileKind.Notify:
                EventUses.SendFromXen(ref world, op.Domain, op.A);
                return 0;
            case HostileKind.FreeChannel:
                return EventUses.Close(ref world, op.Domain, op.A, byGuest: false);
            case HostileKind.SendPirq:
                EventVirqs.SendPhysical(ref world, op.Domain, op.A);
                return 0;
            default:
                return null;
        }
    }

    /// <summary>Does it.</summary>
    /// <returns>What the caller is told; for handlers a number that follows from the ports in their order.</returns>
    public long Apply(in HostileOp op, Span<byte> argument)
    {
        var world = events.World;
        if (InXen(ref world, op, argument) is { } told)
        {
            return told;
        }

        var domain = events.Domains[op.Domain];
        switch (op.Kind)
        {
            case HostileKind.Pause:
                domain.Pauses = (int)op.A;
                return 0;
            case HostileKind.Kill:
                events.Kill(op.Domain);
                return 0;
            default:
                return ByGuest(op, domain, guests[op.Domain]);
        }
    }

    static long ByGuest(in HostileOp op, FlatDomain domain, FlatGuest guest)
    {
        long handled = 0;
        switch (op.Kind)
        {
            case HostileKind.SetMask or HostileKind.ClearMask:
                guest.SetMask(op.A, op.Kind == HostileKind.SetMask);
                return 0;
            case HostileKind.ClearPending:
                guest.ClearPending(op.A);
                return 0;
            case HostileKind.SetUpcallMask:
                domain.Vcpus[op.Vcpu].UpcallMask = (byte)op.A;
                return 0;
            case HostileKind.ClearUpcall:
                domain.Vcpus[op.Vcpu].UpcallPending = false;
                return 0;
            case HostileKind.TakeSelector:
                return unchecked((long)guest.TakeSelector(op.Vcpu));
            case HostileKind.Upcall:
                guest.Upcall(op.Vcpu, port => handled = unchecked((handled * 31) + port));
                return handled;
            default:
                var left = guest.HandleQueues(
                    op.Vcpu, op.A, op.B == 1, port => handled = unchecked((handled * 31) + port));
                return unchecked((handled * 65537) + left);
        }
    }
}
