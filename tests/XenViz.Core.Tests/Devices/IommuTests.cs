using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Costs;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Devices;

/// <summary>What a device reaches, by the mode of the IOMMU.</summary>
public sealed class IommuTests
{
    private sealed record Played(Machine End, List<MachineEvent> Events, List<string> Broken);

    private static Played Play(RunParameters run)
    {
        var (scenario, error) = Scenario.Create(run, null);
        Assert.Null(error);
        var machine = scenario!.Start;
        var (all, broken) = (new List<MachineEvent>(), new List<string>());
        while (Stepper.Default(machine) is { } choice)
        {
            var events = new List<MachineEvent>();
            var after = Stepper.Step(machine, choice, events, out _);
            broken.AddRange(Invariant.Check(machine, after, events).Select(v => v.Rule));
            all.AddRange(events);
            machine = after;
        }

        return new Played(machine, all, broken);
    }

    private static RunParameters Work(string iommu, string scenario = "workload", int sectors = 8, int depth = 1)
    {
        WorkItem[] work =
        [
            new WorkItem.WriteText(2048, "Hello, IOMMU", sectors), new WorkItem.ReadSectors(2048, sectors),
        ];
        return new RunParameters
        {
            Scenario = scenario, Slots = 32, Depth = depth, Segments = 1, Iommu = iommu, Work = [.. work],
        };
    }

    [Theory]
    [InlineData("on",           2, true)]
    [InlineData("dom0-strict",  2, true)]
    [InlineData("dom0-relaxed", 0, false)]
    [InlineData("off",          0, false)]
    public void Grant_maps_change_the_devices_context_only_where_it_is_kept_in_step(
        string iommu, int perRequest, bool syncs)
    {
        var played = Play(Work(iommu));
        var changes = played.Events.OfType<MachineEvent.IommuChanged>().Count(c => c.Before != c.After);
        Assert.Equal(2 * perRequest, changes);
        Assert.Equal(syncs, played.End[World.Driver].IommuSync);
        Assert.Empty(played.Broken);
        Assert.True(((ApplicationState)played.End.Application!).Done);
    }

    [Theory]
    [InlineData("on",           true,  1, 6)]
    [InlineData("dom0-strict",  true,  1, 6)]
    [InlineData("dom0-relaxed", false, 0, 0)]
    [InlineData("off",          false, 0, 0)]
    public void A_disk_that_is_aimed_at_the_guests_secret_is_stopped_only_by_an_IOMMU_in_step(
        string iommu, bool stopped, int faults, int reason)
    {
        var run = Work(iommu, "dma-attack") with { Work = [new WorkItem.WriteText(2048, "Hello", 8)] };
        var played = Play(run);
        var faulted = played.Events.OfType<MachineEvent.DmaFaulted>().ToList();
        Assert.Equal(faults, faulted.Count);
        Assert.All(faulted, f => Assert.Equal((reason, false), (f.Reason, f.Write)));
        Assert.Equal(!stopped, played.Broken.Contains("DmaConfined"));
        Assert.Equal(stopped ? 1 : 0, ((ApplicationState)played.End.Application!).Failed);
        var onDisk = new byte[18];
        ((Disk)played.End.Disk!).Read(2048 * 512, onDisk);
        Assert.Equal(!stopped, System.Text.Encoding.ASCII.GetString(onDisk) == "The guest's secret");
    }

    [Fact]
    public void A_read_that_is_aimed_at_a_page_that_nobody_granted_is_fault_05()
    {
        var run = Work("on", "dma-attack") with { Work = [new WorkItem.ReadSectors(2048, 8)] };
        var fault = Assert.Single(Play(run).Events.OfType<MachineEvent.DmaFaulted>());
        Assert.Equal((5, true), (fault.Reason, fault.Write));
    }

    [Fact]
    public void At_the_tenth_fault_Xen_takes_the_device_off_the_bus()
    {
        var run = Work("on", "dma-attack") with { Work = [new WorkItem.WriteText(2048, "Hello", 12 * 8)] };
        var played = Play(run);
        Assert.Equal(10, played.Events.OfType<MachineEvent.DmaFaulted>().Count());
        Assert.False(((Disk)played.End.Disk!).Iommu.BusMaster);
        Assert.Equal(12, ((ApplicationState)played.End.Application!).Failed);
        Assert.DoesNotContain("DmaConfined", played.Broken);
    }

    // Lesson 10's exercise: writers > 0 read and write, else readers > 0 read, else none.
    [Theory]
    [InlineData("r",      DeviceAccess.Read)]
    [InlineData("w",      DeviceAccess.ReadWrite)]
    [InlineData("rw",     DeviceAccess.ReadWrite)]
    [InlineData("rwW",    DeviceAccess.Read)]
    [InlineData("rwWR",   DeviceAccess.None)]
    [InlineData("wwW",    DeviceAccess.ReadWrite)]
    [InlineData("rrR",    DeviceAccess.Read)]
    [InlineData("rwRwWW", DeviceAccess.None)]
    public void The_entry_follows_the_mappings_of_its_frame(string acts, DeviceAccess right)
    {
        var start = Scenario.Create(Work("on"), null).Scenario!.Start;
        var draft = new Draft(start, null);
        foreach (var act in acts)
        {
            var by = char.IsLower(act) ? 1 : -1;
            var reads = char.ToLowerInvariant(act) == 'r';
            Grants.UseIommu(draft, World.Driver, World.Guest, World.DataFrame, reads ? by : 0, reads ? 0 : by);
        }

        Assert.Equal(right, Iommu.RightOf(IommuMode.On, draft, World.Driver, World.DataFrame));
        Assert.Equal(
            DeviceAccess.ReadWrite, Iommu.RightOf(IommuMode.Dom0Relaxed, draft, World.Driver, World.DataFrame));
    }

    [Fact]
    public void A_device_reaches_its_domains_pages_but_not_its_page_tables()
    {
        var draft = new Draft(Scenario.Create(Work("on"), null).Scenario!.Start, null);
        Assert.Equal(DeviceAccess.ReadWrite, Iommu.RightOf(IommuMode.On, draft, World.Driver, new Mfn(0x2000)));
        Assert.Equal(DeviceAccess.None, Iommu.RightOf(IommuMode.On, draft, World.Driver, new Mfn(0x2C07)));
        Assert.Equal(DeviceAccess.None, Iommu.RightOf(IommuMode.Off, draft, World.Driver, new Mfn(0xFFFFF)));
    }

    [Fact]
    public void A_device_that_cannot_reach_the_page_costs_a_copy_by_a_CPU_and_every_byte_arrives()
    {
        var played = Play(Work("on", sectors: 64, depth: 4) with { Bounce = true });
        Assert.Empty(played.Broken);
        Assert.True(((ApplicationState)played.End.Application!).Done);
        Assert.Equal(2 * 64 * 512, played.Events.OfType<MachineEvent.BytesCopied>().Sum(c => c.Bytes));
        Assert.All(
            played.Events.OfType<MachineEvent.DmaMoved>(), d => Assert.InRange(d.Mfn.Value, 0x3000UL, 0x3FFFUL));
        Assert.Empty(((Disk)played.End.Disk!).Iommu.Bounced);
    }

    [Theory]
    [InlineData("sometimes", false, "workload", "iommu")]
    [InlineData("on", true, "reconnect", "bounce")]
    public void What_cannot_be_is_refused_with_its_name(string iommu, bool bounce, string scenario, string field)
    {
        var (made, error) = Scenario.Create(Work(iommu, scenario) with { Bounce = bounce }, null);
        Assert.Null(made);
        Assert.Equal(field, error!.Field);
    }
}
