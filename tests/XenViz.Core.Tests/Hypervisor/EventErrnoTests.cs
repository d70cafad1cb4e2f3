using XenViz.Core.Abi;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>Every refusal of every operation, in Xen's order: where two things are wrong, the first one is
/// told.</summary>
public class EventErrnoTests
{
    const int Self = Xen.Domain.Self;
    const uint None = 9999;

    static readonly (string What, Func<EventBench, long> Call, int Expected)[] Rows =
    [
        ("alloc: no such domain, although the caller is full", b => b.Alloc(1, 99, 1), -Errno.Srch),
        ("alloc: no port left, although it is not the caller's", b => b.Alloc(2, 1, 2), -Errno.NoSpc),
        ("alloc: for another domain without privilege", b => b.Alloc(1, 2, 1), -Errno.Perm),
        ("alloc: the remote domain need not exist", b => b.Alloc(2, Self, 77), 7),
        ("alloc: for another domain with privilege", b => b.Alloc(0, 2, 0), 7),
        ("interdomain: no such domain, although the caller is full", b => b.Bind(1, 99, None), -Errno.Srch),
        ("interdomain: no port left, although the remote port is bad", b => b.Bind(1, 2, None), -Errno.NoSpc),
        ("interdomain: no such port", b => b.Bind(2, 1, None), -Errno.Inval),
        ("interdomain: port 0", b => b.Bind(2, 1, 0), -Errno.Inval),
        ("interdomain: a port that does not wait", b => b.Bind(2, 1, b.Ipi1), -Errno.Inval),
        ("interdomain: a port that waits for someone else", b => b.Bind(4, 1, b.Unbound), -Errno.Inval),
        ("virq: no such number, although the vCPU is bad", b => b.Virq(2, 24, 9), -Errno.Inval),
        ("virq: a global one not at vCPU 0, although that is none", b => b.Virq(2, 2, 9), -Errno.Inval),
        ("virq: the domain's one not at vCPU 0", b => b.Virq(2, Virq.Argo, 1), -Errno.Inval),
        ("virq: no such vCPU", b => b.Virq(2, Virq.Timer, 2), -Errno.NoEnt),
        ("virq: a global one of another domain", b => b.Virq(1, Virq.Console, 0), -Errno.Busy),
        ("virq: bound already, although ports are left", b => b.Virq(2, Virq.Timer, 1), -Errno.Exist),
        ("virq: no port left", b => b.Virq(1, Virq.Timer, 0), -Errno.NoSpc),
        ("virq: an unassigned number is global", b => b.Virq(2, 14, 0), -Errno.Busy),
        ("ipi: no such vCPU, although no port is left", b => b.Ipi(1, 2), -Errno.NoEnt),
        ("ipi: no port left", b => b.Ipi(1, 1), -Errno.NoSpc),
        ("pirq: no such number", b => b.Pirq(2, 4), -Errno.Inval),
        ("pirq: not allowed, although no port is left", b => b.Pirq(1, 3), -Errno.Perm),
        ("pirq: bound already", b => b.Pirq(2, 1), -Errno.Exist),
        ("pirq: no port left", b => b.Pirq(1, 1), -Errno.NoSpc),
        ("close: no such port", b => b.Close(2, None), -Errno.Inval),
        ("close: Xen's own", b => b.Close(2, b.Xens), -Errno.Inval),
        ("close: free", b => b.Close(2, 50), -Errno.Inval),
        ("close: port 0", b => b.Close(2, 0), -Errno.Inval),
        ("send: no such port", b => b.Send(2, None), -Errno.Inval),
        ("send: Xen's own", b => b.Send(2, b.Xens), -Errno.Inval),
        ("send: a VIRQ", b => b.Send(2, b.OfTimer), -Errno.Inval),
        ("send: a PIRQ", b => b.Send(2, b.OfPirq), -Errno.Inval),
        ("send: free", b => b.Send(2, 50), -Errno.Inval),
        ("send: port 0", b => b.Send(2, 0), -Errno.Inval),
        ("send: to nobody is no error", b => b.Send(1, b.Unbound), 0),
        ("status: no such domain, although the port is bad", b => b.Status(2, 99, None), -Errno.Srch),
        ("status: no such port, although it is another's", b => b.Status(2, 1, None), -Errno.Inval),
        ("status: of another domain without privilege", b => b.Status(2, 1, 1), -Errno.Perm),
        ("status: of another domain with privilege", b => b.Status(0, 1, 1), 0),
        ("vcpu: no such vCPU, although the port is bad", b => b.Vcpu(2, None, 2), -Errno.NoEnt),
        ("vcpu: no such port", b => b.Vcpu(2, None, 1), -Errno.Inval),
        ("vcpu: Xen's own", b => b.Vcpu(2, b.Xens, 1), -Errno.Inval),
        ("vcpu: a VIRQ of a vCPU", b => b.Vcpu(2, b.OfTimer, 1), -Errno.Inval),
        ("vcpu: the VIRQ of a domain moves", b => b.Vcpu(2, b.OfArgo, 1), 0),
        ("vcpu: a PIRQ moves", b => b.Vcpu(2, b.OfPirq, 1), 0),
        ("vcpu: an IPI", b => b.Vcpu(2, b.OfIpi, 1), -Errno.Inval),
        ("vcpu: free", b => b.Vcpu(2, 50, 1), -Errno.Inval),
        ("unmask: no such port", b => b.Unmask(2, None), -Errno.Inval),
        ("unmask: a free port is no error", b => b.Unmask(2, 50), 0),
        ("unmask: Xen's own is no error", b => b.Unmask(2, b.Xens), 0),
        ("reset: no such domain", b => b.Reset(2, 99), -Errno.Srch),
        ("reset: of another without privilege, although it runs", b => b.Reset(2, 1), -Errno.Perm),
        ("reset: of another that runs", b => b.Reset(0, 1), -Errno.Inval),
        ("reset: of another that is paused", b => b.Reset(0, 4), 0),
        ("reset goes on: none is under way", b => b.Reset(2, Self, resuming: true), -Errno.Busy),
        ("reset goes on: of another that runs, before the look", b => b.Reset(0, 1, resuming: true), -Errno.Inval),
        ("control: no such vCPU, although the offset is bad", b => b.Init(3, 2, 258, 9999), -Errno.NoEnt),
        ("control: across the end of the page", b => b.Init(3, 1, 258, 4032), -Errno.Inval),
        ("control: the last place that fits", b => b.Init(3, 1, 258, 4024), 0),
        ("control: not aligned", b => b.Init(3, 1, 258, 4), -Errno.Inval),
        ("control: there is one", b => b.Init(3, 0, 258, 0), -Errno.Inval),
        ("control: a frame of someone else", b => b.Init(3, 1, 64, 0), -Errno.Inval),
        ("expand: a 2-level domain, although the frame is bad", b => b.Expand(2, 1), -Errno.OpNotSupp),
        ("expand: a frame of someone else", b => b.Expand(3, 64), -Errno.Inval),
        ("priority: no such port, although the domain has no queues", b => b.Priority(2, None, 99), -Errno.Inval),
        ("priority: a 2-level domain, although the port is free", b => b.Priority(2, 50, 99), -Errno.NoSys),
        ("priority: a free port, although the priority is bad", b => b.Priority(3, 50, 99), -Errno.Acces),
        ("priority: no such one", b => b.Priority(3, b.FifoIpi, 16), -Errno.Inval),
        ("priority: the lowest", b => b.Priority(3, b.FifoIpi, 15), 0),
        ("handler: no such domain, although the number is bad", b => b.Handler(99, 24), -Errno.Srch),
        ("handler: no such number", b => b.Handler(2, 24), -Errno.Inval),
        ("handler: not a global one", b => b.Handler(2, Virq.Argo), -Errno.Inval),
        ("handler: the present one has it bound",
            b => b.With(x => x.Virq(0, Virq.Console, 0)).Handler(2, Virq.Console), -Errno.Busy),
        ("handler: who it is already",
            b => b.With(x => x.Virq(0, Virq.Console, 0)).Handler(0, Virq.Console), 0),
        ("handler: another", b => b.Handler(2, Virq.Console), 0),
        ("poll: too many ports, although they are bad", b => b.Poll(2, 0, new uint[129]).Errno, -Errno.Inval),
        ("poll: no such port", b => b.Poll(2, 0, None).Errno, -Errno.Inval),
        ("poll: Xen's own", b => b.Poll(2, 0, (uint)b.Xens).Errno, -Errno.Inval),
        ("poll: free", b => b.Poll(2, 0, 50).Errno, -Errno.Inval),
        ("call: no such command, although the argument is short", b => b.Call(2, 15), -Errno.NoSys),
        ("call: an argument that cannot be read", b => b.Call(2, EventChannel.Op.Send, 1, 0, 0), -Errno.Fault),
        ("call: a reset goes on, of domain 0", b => b.Call(2, EventChannel.Op.ResetContinue, 0, 0), -Errno.Perm),
    ];

    public static TheoryData<string> Names() => [.. Rows.Select(r => r.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_is_answered_as_Xen_answers(string what)
    {
        var (_, call, expected) = Rows.Single(r => r.What == what);
        Assert.Equal(expected, call(new EventBench()));
    }

    [Fact]
    public void Every_event_word_page_over_128_is_too_many()
    {
        var bench = new EventBench();
        for (var page = 1; page < 128; page++)
        {
            Assert.Equal(0, bench.Expand(3, 258));
        }

        Assert.Equal(-Errno.NoSpc, bench.Expand(3, 64));
    }

    [Fact]
    public void A_dying_domain_gets_no_port()
    {
        var bench = new EventBench();
        bench.Events.Kill(2);
        Assert.Equal(-Errno.Inval, bench.Ipi(2, 0));
        Assert.Equal(-Errno.Srch, bench.Alloc(0, 2, 0));
    }
}
