using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Drivers.Network;

/// <summary>A guest that writes anything into its rings and its grant table, whenever it likes.</summary>
public sealed class NetHostileTests
{
    private static readonly DomId Guest = new(5);
    private static readonly string[] Harmless = ["RingNotOverfull", "NoLostWakeUp"];

    private static Machine Start(string scenario, params WorkItem[] work)
    {
        var run = new RunParameters { Scenario = scenario, Work = [.. work], Depth = 8, StartIndex = 100 };
        var (made, error) = Scenario.Create(run, null);
        Assert.Null(error);
        return made!.Start;
    }

    private static Machine Scribble(Machine m, Random random)
    {
        var draft = new Draft(m, null);
        var front = (NetfrontState)m.Front!;
        var ring = random.Next(2) == 0 ? front.Tx.Ring : front.Rx.Ring;
        switch (random.Next(6))
        {
            case 0:
                var index = front.Tx.ReqProdPvt.Value + random.Next(-3, 300);
                draft.Poke(ring, Ring.ReqProd.OffsetBytes, (ulong)index, 4);
                break;
            case 1:
                var entry = random.Next(8, 60) * 8;
                draft.Poke(m[Guest].GrantTable!.Value, entry, (ulong)random.Next(), (random.Next(2) * 2) + 2);
                break;
            case 2:
                EventChannelOps.Send(draft, Guest, front.Port);
                break;
            default:
                var slot = Ring.HeaderBytes + (random.Next(96, 140) * 12);
                var bytes = new byte[random.Next(1, 12)];
                random.NextBytes(bytes);

                // Mostly plausible: small references and sizes reach further than noise.
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = random.Next(3) == 0 ? bytes[i] : (byte)random.Next(30);
                }

                draft.Poke(ring, slot, bytes);
                break;
        }

        return draft.Done(m.LastAgent);
    }

    [Fact]
    public void Whatever_it_writes_it_reaches_nothing_that_it_was_not_given_and_nobody_falls()
    {
        var steps = 0;
        var disabled = 0;
        for (var seed = 0; steps < 60_000; seed++)
        {
            var random = new Random(seed);
            var m = seed % 2 == 0
                ? Start("net-tx", [.. Enumerable.Range(0, 12).Select(i => new WorkItem.SendPacket(60 + (i * 700)))])
                : Start("net-rx", [.. Enumerable.Range(0, 12).Select(i => new WorkItem.ReceivePacket(60 + (i * 700)))]);
            var events = new List<MachineEvent>();
            for (var i = 0; i < 1500; i++, steps++)
            {
                m = random.Next(8) == 0 ? Scribble(m, random) : m;
                var enabled = Enumerable.Range(0, m.Agents.Length).Where(a => Stepper.CanStep(m, a)).ToList();
                if (enabled.Count == 0)
                {
                    m = Scribble(m, random);
                    continue;
                }

                events.Clear();
                var after = Stepper.Step(m, new Choice((byte)enabled[random.Next(enabled.Count)]), events, out var row);
                var broken = Invariant.Check(m, after, events).Where(v => !Harmless.Contains(v.Rule)).ToList();
                Assert.True(broken.Count == 0, $"seed {seed} step {i} {row.Row.Key}: {string.Join(' ', broken)}");
                m = after;
            }

            disabled += ((NetbackState)m.Back!).Vifs[0].Disabled ? 1 : 0;
        }

        Assert.InRange(disabled, 1, int.MaxValue);
    }

    [Fact]
    public void Many_long_packets_at_once_wait_for_pages_and_all_arrive()
    {
        WorkItem[] work = [.. Enumerable.Range(0, 8).Select(i => new WorkItem.SendPacket(60_000, $"{i}"))];
        var run = new RunParameters { Scenario = "net-tx", Work = [.. work], Depth = 8, Path = "copy" };
        var m = Scenario.Create(run, null).Scenario!.Start;
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out _);
        }

        Assert.Equal(8, ((XenViz.Core.Devices.Network.Nic)m.Disk!).Sent.Length);
    }
}
