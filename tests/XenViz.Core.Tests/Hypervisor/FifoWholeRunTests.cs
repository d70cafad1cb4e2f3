using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>
/// Whole runs with the FIFO ABI in any order of rows: wherever a delivery or a handler begins, its rows, run to the
/// end, leave what the rules on flat arrays leave, word for word.
/// </summary>
public sealed class FifoWholeRunTests
{
    const int MostRows = 60_000;

    static readonly Gen<RunParameters> Runs =
        from queues in Gen.Choose(1, 4)
        from depth in Gen.Choose(1, 8)
        from priority in Gen.Elements(0, 7, 15)
        from count in Gen.Choose(1, 64)
        from write in Gen.Elements(false, true)
        select new RunParameters
        {
            Scenario = "workload", Events = "fifo", Queues = queues, Depth = depth, Segments = 1, Priority = priority,
            Work = write
                ? [new WorkItem.WriteText(2048, "fifo", count)]
                : [new WorkItem.ReadSectors(0, count), new WorkItem.WriteText(2048, "fifo")],
        };

    [Fact]
    public void Rows_and_flat_rules_agree_wherever_a_delivery_begins()
    {
        var seen = new HashSet<string>();
        var compared = 0;
        Check.One(Rounds.Of(80), Prop.ForAll(ScheduledRun.Of(Runs), run =>
        {
            foreach (var (machine, agent) in Begins(RandomRun.Start(run.Run), run.Schedule, "fifo_raise.find_word"))
            {
                compared += CompareRaise(machine, agent, seen) ? 1 : 0;
            }
        }));
        Assert.True(compared > 200, $"{compared}");

        // Deliveries of all kinds were met: to an empty queue, behind another port, one that was there already.
        Assert.Superset(new HashSet<string> { "store_head", "link_tail", "coalesced", "set", "asleep" }, seen);
    }

    [Fact]
    public void Rows_and_the_flat_handler_serve_the_same_ports_in_the_same_order()
    {
        var (compared, several) = (0, 0);
        Check.One(Rounds.Of(80), Prop.ForAll(ScheduledRun.Of(Runs), run =>
        {
            foreach (var (machine, agent) in Begins(
                RandomRun.Start(run.Run), run.Schedule, "driver_fifo_upcall.upcall"))
            {
                compared++;
                several += CompareHandler(machine, agent) > 1 ? 1 : 0;
            }
        }));
        Assert.True(compared > 100 && several > 2, $"{compared}, {several}");
    }

    [Fact]
    public void Nothing_is_left_in_the_words_when_a_run_has_ended() => Check.One(
        Rounds.Of(60),
        Prop.ForAll(ScheduledRun.Of(Runs), run =>
        {
            var end = RandomRun.ToEnd(RandomRun.Start(run.Run), run.Schedule, RandomRun.Checked);
            foreach (var domain in new[] { end[World.Guest], end[World.Driver] })
            {
                Assert.Empty(domain.Events.LockedQueues);
                for (var port = 1; port < EventChannel.Fifo.WordsPerPage; port++)
                {
                    var open = port < domain.Channels.Length && domain.Channels[port].IsUsable;
                    Assert.Equal(open ? 0u : 0x40000000u, FifoWord.Load(end, domain.Id, new Port((uint)port)));
                }
            }
        }));

    [Fact]
    public void The_world_is_made_as_Linux_makes_it()
    {
        var machine = RandomRun.Start(new RunParameters { Scenario = "connect", Events = "fifo", Priority = 3 });
        foreach (var id in new[] { World.Guest, World.Driver })
        {
            var domain = machine[id];
            var (control, at) = FifoWord.BlockOf(domain, 0)!.Value;
            var words = Assert.Single(domain.Events.WordFrames);
            Assert.Equal((0, 72), (at, EventChannel.ControlBlock.SizeBytes));
            Assert.Equal(new byte[4096], machine.Frames[control].Page.ToArray());
            Assert.All(new[] { control, words }, mfn =>
            {
                Assert.Equal((id, 2, 1), (
                    machine.Frames[mfn].Owner, machine.Frames[mfn].References, machine.Frames[mfn].WritableUses));
            });
            for (var port = 0; port < 1024; port++)
            {
                var open = port < domain.Channels.Length && domain.Channels[port].IsUsable;
                Assert.Equal(open ? 0u : 0x40000000u, (uint)machine.Frames[words].Page.Load(port * 4, 4));
            }
        }

        Assert.Equal(3, machine[World.Driver].Channels[(int)World.DiskPort.Value].Priority);
        Assert.Equal(7, machine[World.Driver].Channels[1].Priority);
        Assert.False(machine[World.Dom0].Events.IsFifo);
    }

    [Fact]
    public void An_interrupt_of_a_higher_priority_comes_in_between_the_rings()
    {
        Assert.Equal([70u, 12u, 71u, 72u], Served(0).Take(4));
        Assert.Equal([70u, 71u, 72u, 12u], Served(7).Take(4));
    }

    // The prepared run: two rings wait when the interrupt comes.
    static List<uint> Served(int priority)
    {
        var served = new List<uint>();
        var machine = RandomRun.Start(new RunParameters
        {
            Scenario = "workload", Events = "fifo", Queues = 3, Depth = 3, Segments = 1, Priority = priority,
            Work = [new WorkItem.ReadSectors(0, 24)],
        });
        var choices = ChoiceText.Parse("a29b25c2a56");
        for (var row = 0; Next(machine, row) is { } choice; row++)
        {
            var events = new List<MachineEvent>();
            machine = Stepper.Step(machine, choice, events, out var record);
            if (record.Row.Key == "driver_fifo_upcall.clear")
            {
                served.Add((uint)events.OfType<MachineEvent.Noted>().First(n => n.Name == "port").Value);
            }
        }

        return served;

        Choice? Next(Machine at, int row) => row < choices.Length ? new Choice(choices[row])
            : served.Count == 1 && Stepper.CanStep(at, 2) ? new Choice(2)
            : Stepper.Default(at);
    }

    static IEnumerable<(Machine Machine, int Agent)> Begins(Machine machine, Schedule schedule, string key)
    {
        var choose = schedule.Chooser();
        for (var rows = 0; choose(machine) is { } choice; rows++)
        {
            Assert.True(rows < MostRows, "the run does not end");
            if (Stepper.Next(machine, choice.Agent)?.Row.Key == key)
            {
                yield return (machine, choice.Agent);
            }

            machine = Stepper.Step(machine, choice, null, out _);
        }
    }

    // False where another delivery holds a lock, so that the rows cannot be run alone.
    static bool CompareRaise(Machine begin, int agent, HashSet<string> seen)
    {
        var machine = begin;
        (DomId Domain, uint Port)? target = null;
        var first = true;
        while (first || Stepper.Next(machine, agent)?.Row.Listing == "fifo_raise")
        {
            first = false;
            if (!Stepper.CanStep(machine, agent))
            {
                return false;
            }

            var events = new List<MachineEvent>();
            machine = Stepper.Step(machine, new Choice((byte)agent), events, out var record);
            target ??= (TargetOf(begin, agent),
                (uint)events.OfType<MachineEvent.Noted>().First(n => n.Name == "port").Value);
            seen.Add(record.Row.Label);
            seen.UnionWith(events.OfType<MachineEvent.Outcome>().Select(o => o.Word));
            if (machine.Agents[agent].Top.Settle(machine) is null)
            {
                // Back where it waits, or at another's lock: a delivery that waits has not changed a word yet.
                if (machine[target.Value.Domain].Events.LockedQueues.IsEmpty)
                {
                    break;
                }

                return false;
            }
        }

        var (id, port) = target!.Value;
        var flat = FlatOf(begin, id);
        var world = flat.World;
        EventRaise.Raise(ref world, 0, port);
        AssertSame(flat, machine, id);
        return true;
    }

    // Who delivers to whom in these runs: the guest to the driver domain, the driver domain to the guest, the disk to
    // the driver domain.
    static DomId TargetOf(Machine machine, int agent) =>
        machine.Agents[agent].Kind.Domain == World.Driver ? World.Guest : World.Driver;

    static int CompareHandler(Machine begin, int agent)
    {
        var machine = begin;
        var served = new List<uint>();
        while (Stepper.Next(machine, agent)?.Row.Listing == "driver_fifo_upcall")
        {
            var events = new List<MachineEvent>();
            machine = Stepper.Step(machine, new Choice((byte)agent), events, out var record);
            if (record.Row.Label == "clear")
            {
                served.Add((uint)events.OfType<MachineEvent.Noted>().First(n => n.Name == "port").Value);
            }

            if (record.Row.Label == "return")
            {
                break;
            }
        }

        var flat = FlatOf(begin, World.Driver);
        var expected = new List<uint>();
        Assert.Equal(0u, new FlatGuest(flat.Domains[0]).HandleQueues(0, long.MaxValue, true, expected.Add));
        Assert.Equal(expected, served);
        AssertSame(flat, machine, World.Driver);
        return served.Count;
    }

    static FlatEvents FlatOf(Machine machine, DomId id)
    {
        var domain = machine[id];
        var flat = new FlatEvents();
        flat.Add(id, new EventLimits(1, 64, uint.MaxValue, 0, false, true), null, [1, 2]);
        var world = flat.World;
        world.BeginFifo(0);
        world.MapControl(0, 0, new Gfn(1), 0);
        world.AddWords(0, new Gfn(2));
        while (world.PortsOf(0) < domain.Channels.Length)
        {
            world.AddBucket(0);
        }

        for (var port = 1; port < domain.Channels.Length; port++)
        {
            world.Put(0, (uint)port, domain.Channels[port]);
        }

        for (var queue = 0; queue < domain.Events.Tails.Length; queue++)
        {
            world.SetTail(0, 0, queue, domain.Events.Tails[queue]);
        }

        world.SetBlocked(0, 0, domain.Blocked);
        var info = machine.Frames[domain.SharedInfo].Page;
        flat.Domains[0].Vcpus[0].UpcallPending = info.Load(Xen.VcpuInfo.UpcallPending.OffsetBytes, 1) != 0;
        for (var at = 0; at < 1024; at++)
        {
            flat.Domains[0].Frames[1][at] = Control(machine, domain, at);
            flat.Domains[0].Frames[2][at] = FifoWord.Load(machine, id, new Port((uint)at));
        }

        return flat;
    }

    static uint Control(Machine machine, Domain domain, int word) =>
        (uint)machine.Frames[FifoWord.BlockOf(domain, 0)!.Value.Mfn].Page.Load(word * 4, 4);

    static void AssertSame(FlatEvents flat, Machine machine, DomId id)
    {
        var (domain, expected) = (machine[id], flat.Domains[0]);
        for (var at = 0; at < 1024; at++)
        {
            Assert.Equal(expected.Frames[1][at], Control(machine, domain, at));
            Assert.Equal(expected.Frames[2][at], FifoWord.Load(machine, id, new Port((uint)at)));
        }

        for (var port = 1; port < domain.Channels.Length; port++)
        {
            Assert.Equal(expected.Channels[port], domain.Channels[port]);
        }

        var world = flat.World;
        for (var queue = 0; queue < EventChannel.Fifo.Queues; queue++)
        {
            Assert.Equal(
                world.TailOf(0, 0, queue), queue < domain.Events.Tails.Length ? domain.Events.Tails[queue] : 0);
        }

        var info = machine.Frames[domain.SharedInfo].Page;
        Assert.Equal(expected.Vcpus[0].UpcallPending, info.Load(Xen.VcpuInfo.UpcallPending.OffsetBytes, 1) != 0);
        Assert.Equal(world.IsBlocked(0, 0), domain.Blocked);
    }
}
