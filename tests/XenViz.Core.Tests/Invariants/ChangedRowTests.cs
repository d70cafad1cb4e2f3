using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Invariants;
using XenViz.Core.Programs;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Invariants;

/// <summary>Each property can fail: drivers, a hypervisor and a device with one row changed break the one that names
/// the fault, and the unchanged ones do not.</summary>
public sealed class ChangedRowTests
{
    private static readonly RunParameters TwoPages = new()
    {
        Scenario = "workload", Depth = 2, Segments = 1, Work = [new WorkItem.ReadSectors(0, 16)],
    };

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "NoLostWakeUp")]
    public void A_backend_that_does_not_look_again_after_arming_loses_a_wake_up(bool edited, string rule)
    {
        var blind = new Row<ThreadLocals>
        {
            Label = "final_again", Kind = AccessKind.Private,
            Body = (ref ThreadLocals f, ref GuestCpu _) =>
            {
                f = default;
                return Flow.To("top");
            },
        };
        var thread = edited ? Blkback.Thread.Replace("final_again", blind) : Blkback.Thread;
        var machine = WithThread(RandomRun.Start(TwoPages), thread);
        // The second push falls between the look and the arming: it sees the old event index and sends nothing.
        machine = Run(machine, 0, "push_new");
        machine = Run(Stepper.Step(machine, new Choice(0), null, out _), 0, "push_new");
        machine = Run(machine, 1, "final_arm");
        machine = Run(machine, 0, "wait");
        Assert.Equal(rule, BrokenToEnd(machine));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "NoStaleTranslation")]
    public void An_unmap_that_skips_the_flush_leaves_a_translation_to_a_page_that_is_free(bool edited, string rule)
    {
        var nothing = new Row<UnmapLocals>
        {
            Label = "flush", Kind = AccessKind.Private, Body = (ref UnmapLocals _, ref GuestCpu _) => Flow.Next,
        };
        var unmap = edited ? GrantUnmap.Listing.Replace("flush", nothing) : GrantUnmap.Listing;
        var answer = BlkbackAnswer.Listing.Replace("unmap", new()
        {
            Label = "unmap", Kind = AccessKind.Hypercall, Text = "",
            Body = (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var state = (BlkbackState)cpu.Draft.Back!;
                var pending = state.Find(f.Queue, f.Key)!;
                var locals = new UnmapLocals
                {
                    Caller = cpu.Domain, Ops = BlkbackServe.UnmapOps(state, pending.Segments), Results = [],
                    Releases = [], Part = Phase.Answer,
                };
                cpu.Draft.Back = state.Drop(pending) with { Completions = state.Completions.RemoveAt(0) };
                return Flow.Call(caller => unmap.Start(locals, caller));
            },
        });
        var thread = Blkback.Thread.Replace("complete", new()
        {
            Label = "complete", Enter = (_, m, here) => answer.Start(BlkbackAnswer.For((BlkbackState)m.Back!), here),
        });
        Assert.Equal(rule, BrokenToEnd(WithThread(RandomRun.Start(TwoPages), thread)));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "DmaConfined")]
    public void A_device_that_nobody_checks_reaches_a_page_that_is_not_mapped(bool edited, string rule)
    {
        var engine = new DmaEngine(World.Driver, World.DiskPort, Blkback.Completed).Listing;
        engine = !edited ? engine : engine.Replace("check", new()
        {
            Label = "check", Kind = AccessKind.Private, Text = "",
            Body = (ref DmaLocals _, ref GuestCpu _) => Flow.Next,
        });
        var machine = RandomRun.Start(TwoPages);
        var disk = (Disk)machine.Disk!;
        machine = machine with
        {
            Disk = disk with
            {
                Queue = disk.Queue.Enqueue(
                    new DiskCommand(1, 0, true, [new SgElement(World.DataFrame.Address(0), 512)])),
            },
            Agents = machine.Agents.SetItem(2, machine.Agents[2] with { Top = engine.Start(default, null) }),
        };
        var broken = "";
        for (var i = 0; i < 3 && Stepper.CanStep(machine, 2); i++)
        {
            (machine, var rules) = Step(machine, new Choice(2));
            broken += rules;
        }

        Assert.Equal(rule, broken);
    }

    [Theory]
    [InlineData("OnlyGranted")]
    [InlineData("PinsEqualMappings")]
    [InlineData("RingNotOverfull")]
    [InlineData("CompletedBytes")]
    public void A_machine_with_one_fault_in_it_breaks_the_property_that_names_it(string rule)
    {
        var before = RandomRun.Start(TwoPages);
        while (before[World.Guest].Active.Count < 2)
        {
            before = Stepper.Step(before, Stepper.Default(before)!.Value, null, out _);
        }

        before = Run(before, 1, "submit");
        var draft = new Draft(before, []);
        var guest = before[World.Guest];
        var (reference, entry) = guest.Active.Single(a => a.Value.Mfn == World.DataFrame);
        var events = new List<MachineEvent>();
        switch (rule)
        {
            case "OnlyGranted":
                draft.Put(guest with { Active = guest.Active.Remove(reference) });
                break;
            case "PinsEqualMappings":
                draft.Put(draft.Frames[entry.Mfn] with { References = 1 });
                break;
            case "RingNotOverfull":
                draft.Poke(World.RingFrame, Ring.ReqProd.OffsetBytes, 45 + 9, 4);
                break;
            default:
                draft.Poke(entry.Mfn, 7, 0xA5, 1);
                events.Add(new MachineEvent.RequestFinished(1, true, 0, 8, [entry.Mfn], 0));
                break;
        }

        Assert.Empty(Invariant.Check(before, before, []));
        Assert.Equal([rule], Invariant.Check(before, draft.Done(1), events).Select(v => v.Rule));
    }

    private static Machine WithThread(Machine machine, Listing<ThreadLocals> thread) => machine with
    {
        Agents = machine.Agents.SetItem(
            BackendAgent.Index,
            machine.Agents[BackendAgent.Index] with { Top = thread.Start(default, Activation.Finished) }),
    };

    // One agent alone until its next row is the one of this label.
    private static Machine Run(Machine machine, int agent, string label)
    {
        for (var i = 0; i < 1000 && Stepper.Next(machine, agent) is { } next && next.Row.Label != label; i++)
        {
            machine = Stepper.Step(machine, new Choice((byte)agent), null, out _);
        }

        Assert.Equal(label, Stepper.Next(machine, agent)?.Row.Label);
        return machine;
    }

    private static (Machine After, string Broken) Step(Machine machine, Choice choice)
    {
        var events = new List<MachineEvent>();
        var after = Stepper.Step(machine, choice, events, out _);
        return (after, string.Join(' ', Invariant.Check(machine, after, events).Select(v => v.Rule)));
    }

    // The first properties that the default order breaks, or nothing.
    private static string BrokenToEnd(Machine machine)
    {
        for (var i = 0; i < 5000 && Stepper.Default(machine) is { } choice; i++)
        {
            (machine, var broken) = Step(machine, choice);
            if (broken.Length > 0)
            {
                return broken;
            }
        }

        return "";
    }
}
