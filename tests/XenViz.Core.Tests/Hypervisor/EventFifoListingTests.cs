using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>
/// A small world with the FIFO ABI: two domains that send, row by row, and one whose handler runs row by row, in any
/// order of rows.
/// </summary>
public class EventFifoListingTests
{
    const int Ports = 6;
    static readonly DomId Receiver = new(2);
    static readonly byte[] Priorities = [7, 7, 0, 15, 7, 3];

    static readonly FifoHandler Handler = new(Receiver, 0, Actor.Frontend, (draft, port) =>
    {
        draft.Front = ((Log)draft.Front!).With(-(int)port.Value);
        return null;
    }, _ => Phase.Complete, _ => Phase.Complete);

    static readonly Listing<SenderLocals> Sender = new("sender", "sender", Actor.Backend, false,
    [
        new Row<SenderLocals>
        {
            Label = "send", Kind = AccessKind.Private, Text = "send(next port)", Cites = "event_channel.c evtchn_send",
            Body = (ref SenderLocals f, ref GuestCpu cpu) =>
            {
                if (f.Sent == 3 * Ports)
                {
                    return Flow.Return;
                }

                // Sender 1 goes upwards through its ports, sender 3 downwards, each over half of the receiver's.
                var from = new Port((uint)(1 + (cpu.Domain.Value == 1 ? f.Sent % 3 : 2 - (f.Sent % 3))));
                f.Sent++;
                var local = cpu.Draft.Domain(cpu.Domain).Channels[(int)from.Value];
                cpu.Draft.Front = ((Log)cpu.Draft.Front!).With((int)local.RemotePort.Value);
                var locals = new DeliveryLocals { Caller = cpu.Domain, From = from };
                return Flow.Call(caller => EventDelivery.Send.Start(locals, caller), "send");
            },
        },
    ]);

    [Fact]
    public void No_event_is_lost_in_any_order_of_rows()
    {
        var rows = new HashSet<string>();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var machine = Start();
            while (Enabled(machine) is { Count: > 0 } choices)
            {
                machine = Stepper.Step(machine, choices[random.Next(choices.Count)], null, out var record);
                rows.Add(record.Row.Key);
            }

            Assert.Null(Unserved(machine));
        }

        // The rare ways were taken too: the tail was taken off between Xen's look and its change.
        Assert.Contains("fifo_raise.set_busy", rows);
        Assert.Contains("fifo_raise.clear_busy", rows);
        Assert.Contains("fifo_raise.link_tail", rows);
        Assert.Contains("guest_fifo_upcall.load_head", rows);
    }

    [Fact]
    public void Events_that_wait_are_served_by_priority_and_in_their_order()
    {
        var machine = Start();
        while (Stepper.CanStep(machine, 0))
        {
            machine = Stepper.Step(machine, new Choice(0), null, out _);
        }

        while (Stepper.CanStep(machine, 1))
        {
            machine = Stepper.Step(machine, new Choice(1), null, out _);
        }

        while (Stepper.CanStep(machine, 2))
        {
            machine = Stepper.Step(machine, new Choice(2), null, out _);
        }

        // Sender 1 rang 1, 2, 3 and sender 3 rang 6, 5, 4: each port once in its queue, however often it rang.
        int[] expected = [3, 6, 1, 2, 5, 4];
        Assert.Equal(expected, ((Log)machine.Front!).Entries.Where(e => e < 0).Select(e => -e));
    }

    [Fact]
    public void Rows_and_the_whole_operation_leave_the_same_machine()
    {
        var stepped = Start();
        while (((Log)stepped.Front!).Entries.Length < 4 && Stepper.CanStep(stepped, 0))
        {
            stepped = Stepper.Step(stepped, new Choice(0), null, out _);
        }

        var draft = new Draft(Start(), null);
        for (uint port = 1; port <= 3; port++)
        {
            Assert.Equal(0, EventChannelOps.Send(draft, new DomId(1), new Port(port)));
        }

        var whole = draft.Done(0);
        Assert.All(whole.Frames.All(), f => Assert.Equal(f.Page.ToArray(), stepped.Frames[f.Mfn].Page.ToArray()));
        Assert.Equal(whole[Receiver].Channels, stepped[Receiver].Channels);
        Assert.Equal(whole[Receiver].Events.Tails, stepped[Receiver].Events.Tails);
        Assert.Empty(stepped[Receiver].Events.LockedQueues);
    }

    [Fact]
    public void Senders_to_different_queues_do_not_wait_for_each_other_and_senders_to_one_queue_do()
    {
        var both = false;
        var waited = false;
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var machine = Start();
            while (Enabled(machine) is { Count: > 0 } choices)
            {
                machine = Stepper.Step(machine, choices[random.Next(choices.Count)], null, out _);
                both |= Enumerable.Range(0, 2).All(a => IsLinking(machine, a));
                waited |= Enumerable.Range(0, 2).Any(a => !Stepper.CanStep(machine, a)
                    && machine.Agents[a].Top != Activation.Finished);
            }

            Assert.Empty(machine[Receiver].Events.LockedQueues);
        }

        Assert.True(both && waited);
    }

    static bool IsLinking(Machine machine, int agent) =>
        Stepper.Next(machine, agent)?.Row.Key is "fifo_raise.set_pending" or "fifo_raise.test_mask"
            or "fifo_raise.set_linked" or "fifo_raise.load_tail" or "fifo_raise.store_head";

    static List<Choice> Enabled(Machine machine) =>
        [.. Enumerable.Range(0, 3).Where(a => Stepper.CanStep(machine, a)).Select(a => new Choice((byte)a))];

    static string? Unserved(Machine machine)
    {
        var log = ((Log)machine.Front!).Entries;
        var world = new DraftEventWorld(new Draft(machine, null));
        var receiver = world.Find(Receiver);
        for (var port = 1; port <= Ports; port++)
        {
            if (log.LastIndexOf(-port) <= log.LastIndexOf(port))
            {
                return $"port {port} rang and was not served afterwards";
            }

            if (world.LoadWord(receiver, (uint)port) != 0)
            {
                return $"port {port} is left with {world.LoadWord(receiver, (uint)port):x8}";
            }
        }

        return log.Count(e => e > 0) == 6 * Ports ? null : "a sender did not end";
    }

    static Machine Start()
    {
        var frames = new List<Frame>();
        for (ulong id = 1; id <= 3; id++)
        {
            frames.Add(new(new(id), new((ushort)id), FrameUse.SharedInfo, new(id), Page.Zero));
        }

        frames.Add(new(new(10), Receiver, FrameUse.Data, new(10), Page.Zero));
        frames.Add(new(new(11), Receiver, FrameUse.Data, new(11), Page.Zero));
        var draft = new Draft(
            new Machine
            {
                Frames = FrameTable.Of(frames), Front = new Log([]),
                Domains = [.. Enumerable.Range(1, 3).Select(id => new Domain
                {
                    Id = new((ushort)id), SharedInfo = new((ulong)id),
                })],
                Agents =
                [
                    new(new("one", new DomId(1), Actor.Backend, 0, null), Sender.Start(default, null), null),
                    new(new("three", new DomId(3), Actor.Backend, 1, null), Sender.Start(default, null), null),
                    new(new("two", Receiver, Actor.Frontend, 2, Handler.Interrupt), Activation.Finished, null),
                ],
            },
            null);
        var world = new DraftEventWorld(draft);
        Assert.Equal(0, EventAbis.InitControl(ref world, 1, 0, new Gfn(10), 64));
        Assert.Equal(0, EventAbis.ExpandArray(ref world, 1, new Gfn(11)));
        for (var port = 1; port <= Ports; port++)
        {
            var sender = port <= 3 ? 0 : 2;
            Assert.Equal(port, EventBinds.AllocUnbound(ref world, 1, Receiver, world.IdOf(sender)));
            Assert.Equal((port - 1) % 3 + 1, EventBinds.Connect(ref world, sender, Receiver, (uint)port));
            Assert.Equal(0, EventAbis.SetPriority(ref world, 1, (uint)port, Priorities[port - 1]));
        }

        return draft.Done(0);
    }

    struct SenderLocals : ILocals
    {
        public int Sent;

        public readonly Phase Phase => Phase.Submit;

        public readonly void AddTo(ref Hasher hasher) => hasher.Add(Sent);
    }

    // A port that is rung is noted as it is, a port that is handled as its negative.
    sealed record Log(ImmutableArray<int> Entries) : PrivateState
    {
        public Log With(int entry) => new(Entries.Add(entry));

        public override void AddTo(ref Hasher hasher)
        {
            foreach (var entry in Entries)
            {
                hasher.Add(entry);
            }
        }
    }
}
