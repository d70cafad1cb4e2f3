using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>
/// The hypercall <c>event_channel_op</c> as a guest makes it: a command and the bytes of its argument
/// (<c>event_channel.c do_event_channel_op</c>).
/// </summary>
public static class EventHypercall
{
    /// <summary>Does one command. Outputs are written into the argument only when it succeeds.</summary>
    /// <param name="world">The world.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="command">An <see cref="EventChannel.Op"/>.</param>
    /// <param name="argument">The guest's memory from the argument on; too short stands for unreadable.</param>
    /// <returns>0 or a negative errno: -ENOSYS for an unknown command, -EFAULT for an unreadable argument.
    /// -ERESTART: call again with <see cref="EventChannel.Op.ResetContinue"/>.</returns>
    public static int Call<T>(ref T world, int caller, uint command, scoped Span<byte> argument)
        where T : struct, IEventWorld, allows ref struct
    {
        if (SizeOf(command) is not { } size)
        {
            return -Errno.NoSys;
        }

        return argument.Length < size ? -Errno.Fault : command switch
        {
            EventChannel.Op.Status => Status(ref world, caller, argument),
            EventChannel.Op.Close => EventUses.Close(
                ref world, caller, U32(EventChannel.Close.Port, argument), byGuest: true),
            EventChannel.Op.Send => EventUses.Send(ref world, caller, U32(EventChannel.Send.Port, argument)),
            EventChannel.Op.Unmask => EventUses.Unmask(ref world, caller, U32(EventChannel.Unmask.Port, argument)),
            EventChannel.Op.BindVcpu => EventUses.BindVcpu(ref world, caller,
                U32(EventChannel.BindVcpu.Port, argument), U32(EventChannel.BindVcpu.Vcpu, argument)),
            EventChannel.Op.Reset or EventChannel.Op.ResetContinue => EventAbis.Reset(ref world, caller,
                Dom(EventChannel.Reset.Dom, argument), command == EventChannel.Op.ResetContinue),
            EventChannel.Op.InitControl => InitControl(ref world, caller, argument),
            EventChannel.Op.ExpandArray => EventAbis.ExpandArray(ref world, caller,
                new Gfn(EventChannel.ExpandArray.ArrayGfn.Read(argument))),
            EventChannel.Op.SetPriority => EventAbis.SetPriority(ref world, caller,
                U32(EventChannel.SetPriority.Port, argument), U32(EventChannel.SetPriority.Priority, argument)),
            _ => Bind(ref world, caller, command, argument),
        };
    }

    /// <summary>How many bytes the argument of a command has, or null for an unknown one.</summary>
    public static int? SizeOf(uint command) => command switch
    {
        EventChannel.Op.BindInterdomain => EventChannel.BindInterdomain.SizeBytes,
        EventChannel.Op.BindVirq => EventChannel.BindVirq.SizeBytes,
        EventChannel.Op.BindPirq => EventChannel.BindPirq.SizeBytes,
        EventChannel.Op.Close => EventChannel.Close.SizeBytes,
        EventChannel.Op.Send => EventChannel.Send.SizeBytes,
        EventChannel.Op.Status => EventChannel.StatusOf.SizeBytes,
        EventChannel.Op.AllocUnbound => EventChannel.AllocUnbound.SizeBytes,
        EventChannel.Op.BindIpi => EventChannel.BindIpi.SizeBytes,
        EventChannel.Op.BindVcpu => EventChannel.BindVcpu.SizeBytes,
        EventChannel.Op.Unmask => EventChannel.Unmask.SizeBytes,
        EventChannel.Op.Reset or EventChannel.Op.ResetContinue => EventChannel.Reset.SizeBytes,
        EventChannel.Op.InitControl => EventChannel.InitControl.SizeBytes,
        EventChannel.Op.ExpandArray => EventChannel.ExpandArray.SizeBytes,
        EventChannel.Op.SetPriority => EventChannel.SetPriority.SizeBytes,
        _ => null,
    };

    private static int Bind<T>(ref T world, int caller, uint command, scoped Span<byte> argument)
        where T : struct, IEventWorld, allows ref struct
    {
        var (port, into) = command switch
        {
            EventChannel.Op.AllocUnbound => (
                EventBinds.AllocUnbound(ref world, caller, Dom(EventChannel.AllocUnbound.Dom, argument),
                    Dom(EventChannel.AllocUnbound.RemoteDom, argument)),
                EventChannel.AllocUnbound.Port),
            EventChannel.Op.BindInterdomain => (
                EventBinds.BindInterdomain(ref world, caller, Dom(EventChannel.BindInterdomain.RemoteDom, argument),
                    U32(EventChannel.BindInterdomain.RemotePort, argument)),
                EventChannel.BindInterdomain.LocalPort),
            EventChannel.Op.BindVirq => (
                EventBinds.BindVirq(ref world, caller, U32(EventChannel.BindVirq.Virq, argument),
                    U32(EventChannel.BindVirq.Vcpu, argument)),
                EventChannel.BindVirq.Port),
            EventChannel.Op.BindIpi => (
                EventBinds.BindIpi(ref world, caller, U32(EventChannel.BindIpi.Vcpu, argument)),
                EventChannel.BindIpi.Port),
            _ => (
                EventBinds.BindPirq(ref world, caller, U32(EventChannel.BindPirq.Pirq, argument)),
                EventChannel.BindPirq.Port),
        };
        if (port < 0)
        {
            return (int)port;
        }

        into.Write(argument, (ulong)port);
        return 0;
    }

    private static int Status<T>(ref T world, int caller, scoped Span<byte> argument)
        where T : struct, IEventWorld, allows ref struct
    {
        var (errno, channel) = EventUses.Status(
            ref world, caller, Dom(EventChannel.StatusOf.Dom, argument), U32(EventChannel.StatusOf.Port, argument));
        if (errno != 0)
        {
            return errno;
        }

        EventChannel.StatusOf.Status.Write(argument, (ulong)EventUses.Reported(channel.State));
        EventChannel.StatusOf.Vcpu.Write(argument, channel.Vcpu);
        switch (channel.State)
        {
            case ChannelState.Unbound:
                EventChannel.StatusOf.UnboundDom.Write(argument, channel.RemoteDomain.Value);
                break;
            case ChannelState.Interdomain:
                EventChannel.StatusOf.InterdomainDom.Write(argument, channel.RemoteDomain.Value);
                EventChannel.StatusOf.InterdomainPort.Write(argument, channel.RemotePort.Value);
                break;
            case ChannelState.Pirq:
                EventChannel.StatusOf.Pirq.Write(argument, channel.Interrupt);
                break;
            case ChannelState.Virq:
                EventChannel.StatusOf.Virq.Write(argument, channel.Interrupt);
                break;
        }

        return 0;
    }

    private static int InitControl<T>(ref T world, int caller, scoped Span<byte> argument)
        where T : struct, IEventWorld, allows ref struct
    {
        var errno = EventAbis.InitControl(ref world, caller, U32(EventChannel.InitControl.Vcpu, argument),
            new Gfn(EventChannel.InitControl.ControlGfn.Read(argument)),
            U32(EventChannel.InitControl.Offset, argument));
        if (errno == 0)
        {
            EventChannel.InitControl.LinkBits.Write(argument, EventChannel.Fifo.LinkBits);
        }

        return errno;
    }

    private static uint U32(in Field field, ReadOnlySpan<byte> argument) => (uint)field.Read(argument);

    private static DomId Dom(in Field field, ReadOnlySpan<byte> argument) => new((ushort)field.Read(argument));
}
