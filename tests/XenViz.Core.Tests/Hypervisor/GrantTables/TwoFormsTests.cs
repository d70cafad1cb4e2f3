using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Hypervisor;
using XenViz.Core.Hypervisor.GrantTables;
using XenViz.Core.Programs;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Hypervisor.GrantTables;

/// <summary>The rows that a learner steps through and the flat form give the same answers to the same calls.</summary>
public sealed class TwoFormsTests
{
    const int Pages = 6;
    const int GuestId = 5;
    const int DriverId = 2;
    const ulong FirstHost = 0xFFFF8880003F1;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Map_and_unmap_answer_alike_and_leave_the_same_entries_pins_and_references(int seed)
    {
        var random = new Random(seed);
        var (machine, frames) = Stepped();
        var (world, guest, driver) = Flat(frames);
        var held = new List<(uint Mine, uint Flat, MapOp Op)>();
        for (var i = 0; i < 2000; i++)
        {
            switch (held.Count > 50 ? 1 : random.Next(4))
            {
                case 0:
                    machine = Publish(machine, guest, random, frames);
                    break;
                case 1 when held.Count > 0:
                    machine = Unmap(machine, world, driver, held, random.Next(held.Count));
                    break;
                default:
                    machine = Map(machine, world, driver, held, random);
                    break;
            }

            Same(machine, world, guest);
        }

        Assert.NotEmpty(held);
    }

    static Machine Publish(Machine machine, GrantDomain guest, Random random, Mfn[] frames)
    {
        var reference = (uint)random.Next(8, 14);
        var flags = (ushort)(random.Next(5) == 0 ? random.Next(8) : 1 | (random.Next(2) * 4));
        var frame = random.Next(8) == 0 ? 0x77UL : frames[random.Next(Pages)].Value;
        GuestGrants.Access(guest, reference, (ushort)(random.Next(6) == 0 ? 9 : DriverId), frame, flags);
        var draft = new Draft(machine, null);
        draft.Poke(machine[World.Guest].GrantTable!.Value, (int)reference * 8, guest.Entry(reference));
        return draft.Done(0);
    }

    static Machine Map(
        Machine machine, GrantWorld world, GrantDomain driver, List<(uint, uint, MapOp)> held, Random random)
    {
        var slot = Enumerable.Range(0, 60).First(s => !driver.Places.ContainsKey(FirstHost + (ulong)s));
        var flags = random.Next(8) switch { 0 => 0u, 1 => 1u, 2 => 3u, 3 or 4 => 6u, _ => 2u };
        var reference = (uint)(random.Next(10) == 0 ? 600 : random.Next(8, 14));
        var granter = (ushort)(random.Next(12) == 0 ? 77 : GuestId);
        var op = new MapOp((FirstHost + (ulong)slot) << 12, flags, new GrantRef(reference), new DomId(granter));
        var flat = MapOps.Map(world, driver, 0, new MapRequest(granter, reference, flags, FirstHost + (ulong)slot));
        var locals = new MapLocals { Caller = World.Driver, Ops = [op], Results = [] };
        machine = Run(machine, caller => GrantMap.Listing.Start(locals, caller), out var result);
        var mine = ((MapResults)result!).All[0];
        Assert.Equal(flat.Status, mine.Status);
        if (flat.Status == GrantStatus.Okay)
        {
            Assert.Equal(flat.DeviceFrame << 12, mine.BusAddress);
            held.Add((mine.Handle.Value, flat.Handle, op));
        }

        return machine;
    }

    static Machine Unmap(
        Machine machine, GrantWorld world, GrantDomain driver, List<(uint Mine, uint Flat, MapOp Op)> held, int at)
    {
        var (mine, flat, op) = held[at];
        held.RemoveAt(at);
        var page = machine[World.Driver].Maptrack.Records[mine].Mfn;
        var host = (op.Flags & 2) != 0 ? op.HostAddress : 0;
        var device = (op.Flags & 1) != 0 ? page.Value << 12 : 0;
        var statuses = new GrantStatus[1];
        UnmapOps.Unmap(world, driver, [new UnmapRequest(flat, host >> 12, device >> 12)], statuses);
        var locals = new UnmapLocals
        {
            Caller = World.Driver, Ops = [new UnmapOp(host, device, new GrantHandle(mine))], Results = [],
            Releases = [],
        };
        machine = Run(machine, caller => GrantUnmap.Listing.Start(locals, caller), out var result);
        Assert.Equal(statuses[0], ((UnmapResults)result!).All[0]);
        return machine;
    }

    // The driver's agent runs one call and nothing else.
    static Machine Run(Machine machine, Func<Activation, Activation> call, out PrivateState? result)
    {
        machine = machine with
        {
            Domains = [.. machine.Domains.Select(domain => domain with { Blocked = false })],
            Agents = machine.Agents.SetItem(1, machine.Agents[1] with { Top = call(Activation.Finished) }),
        };
        while (machine.Agents[1].Top != Activation.Finished)
        {
            machine = Stepper.Step(machine, new Choice(1), null, out _);
        }

        result = machine.Agents[1].Result;
        return machine;
    }

    static void Same(Machine machine, GrantWorld world, GrantDomain guest)
    {
        var table = machine.Frames[machine[World.Guest].GrantTable!.Value].Page.ToArray();
        Assert.Equal(guest.Entries[64..(14 * 8)].ToArray(), table[64..(14 * 8)]);
        for (uint reference = 8; reference < 14; reference++)
        {
            var pins = machine[World.Guest].Active.TryGetValue(reference, out var active) ? active.Pins : 0;
            Assert.Equal(guest.Active(reference).Pin, pins);
        }

        foreach (var page in world.Pages.Values)
        {
            var frame = machine.Frames[new Mfn(page.Mfn)];
            Assert.Equal((page.References, page.TypeCount), (frame.References, frame.WritableUses));
        }
    }

    static (Machine Machine, Mfn[] Frames) Stepped()
    {
        var run = Scenario.Create(
            new RunParameters { Scenario = "workload", Work = [new WorkItem.ReadSectors(0, Pages * 8)] },
            null).Scenario!.Start;
        var data = run.Frames.All().Where(frame => frame.Use == FrameUse.Data && frame.Owner == World.Guest)
            .Select(frame => frame.Mfn).Take(Pages).ToArray();
        var draft = new Draft(run, null);
        draft.Poke(run[World.Guest].GrantTable!.Value, 0, new byte[4096]);
        draft.Put(draft.Domain(World.Guest) with
        {
            Active = ImmutableSortedDictionary<uint, ActiveEntry>.Empty,
        });
        draft.Put(draft.Domain(World.Driver) with { Maptrack = Maptrack.Empty });
        return (draft.Done(0), data);
    }

    static (GrantWorld World, GrantDomain Guest, GrantDomain Driver) Flat(Mfn[] frames)
    {
        var world = new GrantWorld();
        var guest = world.Add(new GrantDomainSetup(new DomId(GuestId)));
        var driver = world.Add(new GrantDomainSetup(new DomId(DriverId)));
        foreach (var frame in frames)
        {
            world.AddPage(guest, frame.Value, frame.Value);
        }

        return (world, guest, driver);
    }
}
