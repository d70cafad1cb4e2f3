using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>Rules of event channels one by one, those too that recordings rarely show.</summary>
public class EventRuleTests
{
    [Fact]
    public void A_failed_bind_keeps_the_block_of_records_that_it_made()
    {
        var bench = new EventBench();
        while (bench.Alloc(4, Xen.Domain.Self, 0) < 63)
        {
        }

        Assert.Equal(-Errno.Inval, bench.Unmask(4, 64));
        Assert.Equal(-Errno.Inval, bench.Bind(4, 1, 3));
        Assert.Equal(0, bench.Unmask(4, 64));
        Assert.Equal(-Errno.Inval, bench.Unmask(4, 128));
    }

    [Fact]
    public void Closing_one_end_leaves_the_other_waiting_with_its_bits()
    {
        var bench = new EventBench();
        bench.Send(0, bench.Bound);
        bench.Vcpu(2, bench.Waiting, 1);
        bench.Close(0, bench.Bound);
        var channel = bench.Events.Domains[2].Channels[bench.Waiting];
        Assert.Equal((ChannelState.Unbound, (ushort)0, (ushort)1),
            (channel.State, channel.RemoteDomain.Value, channel.Vcpu));
        Assert.NotEqual(0UL, bench.Events.Domains[2].Pending[0] & (1UL << (int)bench.Waiting));
        Assert.Equal(0UL, bench.Events.Domains[0].Pending[0] & (1UL << (int)bench.Bound));
    }

    [Fact]
    public void A_reset_that_was_interrupted_goes_on_and_a_second_one_finds_it_busy()
    {
        var bench = new EventBench();
        while (bench.Alloc(2, Xen.Domain.Self, 0) < 200)
        {
        }

        bench.Events.Yields = true;
        Assert.Equal(-Errno.Restart, bench.Reset(2, Xen.Domain.Self));
        Assert.Equal(-Errno.Busy, bench.Reset(2, Xen.Domain.Self));
        Assert.True(bench.Events.Domains[2].Channels[100].IsUsable);
        bench.Events.Yields = false;
        var early = bench.Alloc(2, Xen.Domain.Self, 0);
        Assert.Equal(-Errno.Again, bench.Reset(2, Xen.Domain.Self, resuming: true));
        Assert.False(bench.Events.Domains[2].Channels[100].IsUsable);
        Assert.True(bench.Events.Domains[2].Channels[early].IsUsable);
        Assert.Equal(0, bench.Reset(2, Xen.Domain.Self));
        Assert.True(bench.Events.Domains[2].Channels[bench.Xens].IsXens);
    }

    [Fact]
    public void Queues_keep_the_order_of_events_and_the_highest_priority_goes_first()
    {
        var bench = new EventBench();
        var ports = Enumerable.Range(0, 4).Select(_ => bench.Ipi(3, 0)).ToArray();
        bench.Priority(3, ports[2], 0);
        foreach (var port in new[] { ports[3], ports[0], ports[2], ports[1], ports[0] })
        {
            bench.Send(3, port);
        }

        uint[] expected = [(uint)ports[2], (uint)ports[3], (uint)ports[0], (uint)ports[1]];
        Assert.Equal(expected, bench.Handle(3, 0));
    }

    [Fact]
    public void A_linked_event_stays_in_its_queue_when_the_priority_changes()
    {
        var bench = new EventBench();
        var (first, second) = (bench.Ipi(3, 0), bench.Ipi(3, 0));
        bench.Send(3, first);
        bench.Send(3, second);
        bench.Priority(3, second, 0);
        Assert.Equal([(uint)first, (uint)second], bench.Handle(3, 0));
        bench.Send(3, first);
        bench.Send(3, second);
        Assert.Equal([(uint)second, (uint)first], bench.Handle(3, 0));
    }

    [Fact]
    public void A_tail_that_moved_to_another_queue_takes_no_followers_with_it()
    {
        var bench = new EventBench();
        var (moves, stays) = (bench.Ipi(3, 0), bench.Ipi(3, 0));
        bench.Send(3, moves);
        Assert.Equal([(uint)moves], bench.Handle(3, 0));
        bench.Priority(3, moves, 3);
        bench.Send(3, moves);
        bench.Send(3, stays);
        Assert.Equal(0u, bench.Word(3, moves) & EventChannel.Fifo.LinkMask);
        Assert.Equal([(uint)moves, (uint)stays], bench.Handle(3, 0));
    }

    [Fact]
    public void A_closed_port_that_is_still_linked_is_not_given_out_again()
    {
        var bench = new EventBench();
        var port = bench.Ipi(3, 0);
        bench.Send(3, port);
        bench.Close(3, port);
        Assert.Equal(1u << EventChannel.Fifo.LinkedBit, bench.Word(3, port));
        Assert.NotEqual(port, bench.Ipi(3, 0));
        Assert.Empty(bench.Handle(3, 0));
        Assert.Equal(port, bench.Ipi(3, 0));
    }

    [Fact]
    public void Without_a_control_block_an_event_is_dropped_and_not_even_pending()
    {
        var bench = new EventBench();
        var port = bench.Ipi(3, 1);
        Assert.Equal(0, bench.Send(3, port));
        Assert.Equal(0u, bench.Word(3, port));
    }

    [Fact]
    public void An_event_without_a_word_is_remembered_and_raised_when_the_page_comes_even_for_a_free_port()
    {
        var bench = new EventBench();
        Assert.Equal(0, bench.Init(2, 0, 200, 0));
        bench.Send(2, bench.OfIpi);
        Assert.True(bench.Events.Domains[2].Channels[bench.OfIpi].SavedPending);
        bench.Close(2, bench.OfIpi);
        Assert.Equal(0, bench.Expand(2, 201));
        Assert.Equal(0xA000_0000u, bench.Word(2, bench.OfIpi));
        Assert.True(bench.Events.Domains[2].Channels[bench.OfIpi].SavedPending);
    }

    [Fact]
    public void Switching_remembers_what_was_pending_and_gives_every_port_the_default_priority()
    {
        var bench = new EventBench();
        bench.Send(2, bench.OfIpi);
        bench.Guests[2].SetMask((uint)bench.OfIpi, true);
        bench.Init(2, 0, 200, 0);
        bench.Expand(2, 201);
        Assert.Equal(0xA000_0000u, bench.Word(2, bench.OfIpi));
        Assert.Equal(7, bench.Events.Domains[2].Channels[bench.OfArgo].Priority);
    }

    [Fact]
    public void Masked_events_are_pending_and_not_linked_until_the_hypercall_unmasks_them()
    {
        var bench = new EventBench();
        bench.Guests[3].SetMask((uint)bench.FifoIpi, true);
        bench.Send(3, bench.FifoIpi);
        Assert.Equal(0xC000_0000u, bench.Word(3, bench.FifoIpi));
        Assert.Empty(bench.Handle(3, 0));
        bench.Unmask(3, bench.FifoIpi);
        Assert.Equal([(uint)bench.FifoIpi], bench.Handle(3, 0));
    }

    [Fact]
    public void A_poll_of_one_port_wakes_for_it_alone_and_a_poll_of_two_for_any()
    {
        var bench = new EventBench();
        Assert.Equal((0, true), bench.Poll(2, 0, (uint)bench.OfArgo));
        Assert.Equal((0, true), bench.Poll(2, 1, (uint)bench.OfArgo, (uint)bench.OfPirq));
        bench.Guests[2].SetMask((uint)bench.OfIpi, true);
        bench.Send(2, bench.OfIpi);
        Assert.Equal([(2, 1)], bench.Events.Woken);
        bench.Guests[2].SetMask((uint)bench.OfArgo, true);
        bench.Raise(2, 0, Virq.Argo);
        Assert.Equal([(2, 1), (2, 0)], bench.Events.Woken);
    }

    [Fact]
    public void An_upcall_wakes_a_poller_for_something_else_and_a_blocked_vcpu_with_upcalls_masked()
    {
        var bench = new EventBench();
        bench.Poll(2, 0, (uint)bench.OfArgo);
        bench.Send(2, bench.OfIpi);
        Assert.Equal([(2, 0)], bench.Events.Woken);
        Assert.Equal(0UL, bench.Events.Domains[2].Pollers);

        Assert.True(bench.Block(2, 1));
        bench.Events.Domains[2].Vcpus[1].UpcallMask = 1;
        bench.Raise(2, 1, Virq.Timer);
        Assert.Equal([(2, 0), (2, 1)], bench.Events.Woken);
    }

    [Fact]
    public void Blocking_opens_upcalls_and_finds_an_event_that_is_there()
    {
        var bench = new EventBench();
        bench.Events.Domains[2].Vcpus[0].UpcallMask = 1;
        bench.Send(2, bench.OfIpi);
        Assert.False(bench.Block(2, 0));
        Assert.Equal(0, bench.Events.Domains[2].Vcpus[0].UpcallMask);
        Assert.Equal((0, false), bench.Poll(2, 0, (uint)bench.OfArgo));
    }

    [Fact]
    public void A_global_interrupt_goes_to_its_handler_and_back_when_that_dies()
    {
        var bench = new EventBench();
        Assert.Equal(0, bench.Handler(2, Virq.Console));
        var port = bench.Virq(2, Virq.Console, 0);
        bench.Vcpu(2, port, 1);
        bench.Raise(-1, 9, Virq.Console);
        Assert.Equal([(2, 1)], bench.Events.Upcalls);
        bench.Events.Kill(2);
        Assert.True(bench.Virq(0, Virq.Console, 0) > 0);
    }

    [Fact]
    public void A_send_to_an_end_inside_Xen_reaches_its_handler_and_sets_no_bit()
    {
        var bench = new EventBench();
        var port = bench.Bind(0, 2, bench.Xens);
        Assert.Equal(0, bench.Send(0, port));
        Assert.Equal([(2, (uint)bench.Xens)], bench.Events.XenNotified);
        Assert.Equal(0UL, bench.Events.Domains[2].Pending[0] & (1UL << (int)bench.Xens));
    }

    [Fact]
    public void A_32_bit_guest_has_words_of_32_bits_and_1024_ports()
    {
        var bench = new EventBench();
        var narrow = bench.Events.Add(new DomId(9), new(1, 32, uint.MaxValue, 0, false, true));
        long port;
        do
        {
            port = bench.Ipi(narrow, 0);
        }
        while (port is > 0 and < 1023);

        Assert.Equal(-Errno.NoSpc, bench.Ipi(narrow, 0));
        bench.Send(narrow, 1023);
        Assert.Equal((1UL << 31, 1UL << 31),
            (bench.Events.Domains[narrow].Pending[31], bench.Events.Domains[narrow].Vcpus[0].Selector));
    }
}
