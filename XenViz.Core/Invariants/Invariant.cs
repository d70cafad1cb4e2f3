using System.Collections.Immutable;
using System.Globalization;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Simulation;

namespace XenViz.Core.Invariants;

/// <summary>A property that does not hold.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Sentence">Its sentence for people.</param>
public sealed record Violation(string Rule, string Sentence);

/// <summary>The properties of the model, checked after every step; each looks only at what the step changed.</summary>
public static class Invariant
{
    private static readonly ResourceManager Texts =
        new("XenViz.Core.Invariants.InvariantText", typeof(Invariant).Assembly);

    /// <summary>The properties that a step broke.</summary>
    /// <param name="before">The machine before the step.</param>
    /// <param name="after">The machine after it.</param>
    /// <param name="events">What happened in it.</param>
    public static ImmutableArray<Violation> Check(Machine before, Machine after, IReadOnlyList<MachineEvent> events)
    {
        var broken = ImmutableArray<Violation>.Empty;
        if (!ReferenceEquals(before.Frames, after.Frames) || before.Domains != after.Domains)
        {
            broken = Add(broken, "OnlyGranted", MappingsAreGranted(after));
            broken = Add(broken, "PinsEqualMappings", PinsEqualMappings(after));
            broken = Add(broken, "NoStaleTranslation", NothingStaleIsUnused(after));
            broken = Add(broken, "RingNotOverfull", RingIsNotOverfull(after));
            broken = Add(broken, "KeptAreMapped", KeptAreMapped(after));
        }

        foreach (var happened in events)
        {
            broken = happened switch
            {
                MachineEvent.DmaMoved dma => Add(broken, "DmaConfined", DmaIsConfined(before, dma)),
                MachineEvent.RequestFinished { Status: 0 } done =>
                    Add(broken, "CompletedBytes", BytesMatch(after, done)),
                _ => broken,
            };
        }

        for (var agent = 0; agent < after.Agents.Length; agent++)
        {
            if (Stepper.CanStep(after, agent))
            {
                return broken;
            }
        }

        return [.. broken, .. AtRest(after)];
    }

    /// <summary>The properties that a machine breaks in which nobody can take a step.</summary>
    public static ImmutableArray<Violation> AtRest(Machine machine)
    {
        if (machine.Front is NetfrontState)
        {
            return NetInvariant.LosesNoWakeUp(machine) ? [] : [Broken("NoLostWakeUp")];
        }

        if (machine.Front is not BlkfrontState { Broken: false } front
            || machine.Back is not BlkbackState back || back.Queues.Any(q => q.Halted)
            || machine.Application is not ApplicationState app)
        {
            return [];
        }

        if (app.InFlight > 0 || front.Waiting.Any())
        {
            return [Broken("NoLostWakeUp")];
        }

        return app.Done ? [] : [Broken("NoDeadlock")];
    }

    private static Violation Broken(string rule) =>
        new(rule, Texts.GetString(rule, CultureInfo.InvariantCulture) ?? rule);

    private static ImmutableArray<Violation> Add(ImmutableArray<Violation> broken, string rule, bool holds) =>
        holds ? broken : broken.Add(Broken(rule));

    // Every mapping leads through an entry that is in use by this very domain, to the frame that Xen pinned.
    private static bool MappingsAreGranted(Machine m)
    {
        foreach (var mapper in m.Domains)
        {
            foreach (var (_, record) in mapper.Maptrack.Records)
            {
                if (m.Find(record.Granter) is not { } granter
                    || !granter.Active.TryGetValue(record.Ref.Value, out var active)
                    || active.Mapper != mapper.Id || active.Mfn != record.Mfn
                    || PageTables.EntryOf(mapper, record.HostAddress) is not { } at)
                {
                    return false;
                }

                var entry = m.Frames[at.Table].Page.Load(at.OffsetBytes, 8);
                var writable = (entry & PageTableEntry.Writable) != 0;
                var readOnly = (record.Flags & GrantTable.Gntmap.ReadOnly) != 0;
                if ((entry & PageTableEntry.Present) != 0
                    && (PageTableEntry.FrameOf(entry) != record.Mfn || writable == readOnly))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // A frame has its owner's reference and one for each pin; at most a batch under way differs, never below.
    private static bool PinsEqualMappings(Machine m)
    {
        foreach (var granter in m.Domains)
        {
            foreach (var (_, active) in granter.Active)
            {
                var pins = (int)((active.Pins & 0xFF) + ((active.Pins >> 8) & 0xFF) + ((active.Pins >> 16) & 0xFF)
                    + (active.Pins >> 24));
                if (m.Frames[active.Mfn].References < 1 + pins)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool NothingStaleIsUnused(Machine m)
    {
        foreach (var mapper in m.Domains)
        {
            foreach (var stale in mapper.Stale)
            {
                if (!m.Domains.Any(d => d.Active.Values.Any(a => a.Mfn == stale.Mfn)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // What the backend keeps is a mapping that Xen knows, of that very reference, and no more than it may keep.
    private static bool KeptAreMapped(Machine m)
    {
        if (m.Back is not BlkbackState back || back.Queues.All(q => q.Kept.IsEmpty))
        {
            return true;
        }

        var records = m.Domains.SelectMany(d => d.Maptrack.Records).Where(r => r.Value.Granter == back.Peer)
            .ToLookup(r => r.Key, r => r.Value.Ref.Value);
        return back.Queues.All(q => q.Kept.Count <= back.Options.Kept
            && q.Kept.All(k => records[k.Value.Handle.Value].Contains(k.Key)));
    }

    private static bool RingIsNotOverfull(Machine m)
    {
        if (m.Front is NetfrontState)
        {
            return NetInvariant.RingsAreNotOverfull(m);
        }

        if (m.Front is not BlkfrontState front || m.Back is not BlkbackState back || !front.Connected
            || front.Broken)
        {
            return true;
        }

        for (var i = 0; i < front.Queues.Length; i++)
        {
            if (!back.Queues[i].Halted && IsOverfull(m, front.Queues[i], back.Queues[i], (uint)front.Size))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOverfull(Machine m, FrontQueue front, BackQueue back, uint size)
    {
        var page = m.Frames[front.Pages[0]].Page;
        var reqProd = new RingIndex((uint)page.Load(Ring.ReqProd.OffsetBytes, 4));
        var rspProd = new RingIndex((uint)page.Load(Ring.RspProd.OffsetBytes, 4));
        return reqProd.Since(rspProd) > size || back.ReqCons.Since(back.RspProdPvt) > size
            || front.ReqProdPvt.Since(front.RspCons) > size || rspProd.Since(front.RspCons) > size;
    }

    private static bool DmaIsConfined(Machine before, MachineEvent.DmaMoved dma) =>
        before.Frames[dma.Mfn].Owner == dma.Domain
        || before[dma.Domain].Maptrack.Records.Values.Any(r =>
            r.Mfn == dma.Mfn && (!dma.ToMemory || (r.Flags & GrantTable.Gntmap.ReadOnly) == 0));

    private static bool BytesMatch(Machine m, MachineEvent.RequestFinished done)
    {
        var disk = (Disk)m.Disk!;
        var page = new byte[Page.Size];
        var onDisk = new byte[Page.Size];
        for (var i = 0; i < done.Pages.Length; i++)
        {
            var bytes = Math.Min(Page.Size, (done.Sectors * Sector.SizeBytes) - (i * Page.Size));
            m.Frames[done.Pages[i]].Page.Read(0, page.AsSpan(0, bytes));
            disk.Read(((long)done.Sector * Sector.SizeBytes) + (i * Page.Size), onDisk.AsSpan(0, bytes));
            if (!page.AsSpan(0, bytes).SequenceEqual(onDisk.AsSpan(0, bytes)))
            {
                return false;
            }
        }

        return true;
    }
}
