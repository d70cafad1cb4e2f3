using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Invariants;

/// <summary>
/// Each property is broken on purpose, by a hand that no agent has: then, and only then, it complains.
/// </summary>
public sealed class InvariantTests
{
    // The moment after 4.16: the data page is mapped, one request is being served.
    private static readonly Machine Mapped = After("map_grant_ref.answer");

    public static TheoryData<string> Rules() =>
        ["OnlyGranted", "PinsEqualMappings", "NoStaleTranslation", "RingNotOverfull"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_machine_that_was_tampered_with_breaks_the_rule_and_no_other_machine_does(string rule)
    {
        var tampered = rule switch
        {
            "OnlyGranted" => With(Mapped, World.Guest, d => d with { Active = d.Active.Remove(9) }),
            "PinsEqualMappings" => Mapped with
            {
                Frames = Mapped.Frames.With(Mapped.Frames[World.DataFrame] with { References = 1 }),
            },
            "NoStaleTranslation" => With(Mapped, World.Driver, d => d with
            {
                Stale = [new StaleTranslation(0xFFFF8880003F2000, new Mfn(0x5F00), true)],
            }),
            _ => Poked(Mapped, World.RingFrame, Ring.ReqProd.OffsetBytes, 45 + 9, 4),
        };
        Assert.Empty(Invariant.Check(Mapped, Touched(Mapped), []));
        Assert.Contains(rule, Invariant.Check(Mapped, tampered, []).Select(broken => broken.Rule));
    }

    [Fact]
    public void Dma_to_a_page_that_is_neither_owned_nor_mapped_is_not_confined()
    {
        Assert.Empty(Broken(new MachineEvent.DmaMoved(World.Driver, World.DataFrame, 0, 512, 2048, false)));
        Assert.Equal(
            ["DmaConfined"],
            Broken(new MachineEvent.DmaMoved(World.Driver, new Mfn(0x5F00), 0, 512, 2048, false)));
        Assert.Equal(
            ["DmaConfined"],
            Broken(new MachineEvent.DmaMoved(World.Driver, World.DataFrame, 0, 512, 2048, true)));
    }

    [Fact]
    public void A_finished_request_whose_bytes_differ_from_the_disk_s_is_found()
    {
        var done = new MachineEvent.RequestFinished(3, false, 2048, 8, [World.DataFrame], 0);
        Assert.Equal(["CompletedBytes"], Broken(done));
        Assert.Empty(Broken(done with { Status = -1 }));
    }

    [Fact]
    public void Work_in_the_ring_with_everybody_asleep_is_a_lost_wake_up()
    {
        var asleep = Mapped with
        {
            Domains = [.. Mapped.Domains.Select(d => d with { Blocked = true })],
            Agents = Mapped.Agents.SetItem(2, Mapped.Agents[2] with { Top = Activation.Finished }),
        };
        Assert.Equal(["NoLostWakeUp"], Invariant.Check(Mapped, asleep, []).Select(broken => broken.Rule));
    }

    private static IEnumerable<string> Broken(MachineEvent happened) =>
        Invariant.Check(Mapped, Mapped, [happened]).Select(broken => broken.Rule);

    // Another object that says the same, so that everything is looked at.
    private static Machine Touched(Machine machine) =>
        machine with { Domains = [.. machine.Domains], Frames = machine.Frames.With(machine.Frames[World.DataFrame]) };

    private static Machine With(Machine machine, DomId id, Func<Domain, Domain> change) => machine with
    {
        Domains = [.. machine.Domains.Select(domain => domain.Id == id ? change(domain) : domain)],
    };

    private static Machine Poked(Machine machine, Mfn mfn, int offset, ulong value, int width)
    {
        var draft = new Draft(machine, null);
        draft.Poke(mfn, offset, value, width);
        return draft.Done(0);
    }

    private static Machine After(string row)
    {
        var machine = Scenario.Create(new RunParameters(), null).Scenario!.Start;
        while (Stepper.Default(machine) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out var record);
            if (record.Row.Key == row)
            {
                return machine;
            }
        }

        throw new InvalidOperationException($"There is no row {row}.");
    }
}
