using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>The locals of a domain's death.</summary>
public struct DeathLocals : ILocals
{
    /// <summary>Who dies.</summary>
    public DomId Domain;

    /// <summary>The record whose pin was dropped and whose status bits are next.</summary>
    public MaptrackRecord? Record;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Connect;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Domain.Value);
        hasher.Add(Record is null ? -1 : (int)Record.Ref.Value);
    }
}

/// <summary>
/// What Xen does when a domain dies that maps pages of others (FACTS b.15): its channels close, every pin it holds is
/// dropped and the granters' status bits are cleared, its devices are cut off from memory.
/// </summary>
public static class DomainDeath
{
    /// <summary>The listing, inside Xen.</summary>
    public static Listing<DeathLocals> Listing { get; } = new(
        "domain_kill", "domain_kill", Actor.Xen, true,
        [
            new() { Label = "wait", Decide = Quiet },
            new()
            {
                Label = "close_ports", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_destroy",
                Text = "close every port: the other ends wait again", Body = ClosePorts,
            },
            new() { Label = "next", Decide = Next },
            new()
            {
                Label = "drop_pin", Kind = AccessKind.Private, Cites = "grant_table.c gnttab_release_mappings",
                Text = "for each handle: act->pin -= use; put_page(frame)", Body = DropPin,
            },
            new()
            {
                Label = "clear_status", Kind = AccessKind.Atomic, Cites = "grant_table.c gnttab_release_mappings",
                Text = "if (no pin left) entry.flags &= ~(GTF_reading | GTF_writing)",
                Body = (ref DeathLocals f, ref GuestCpu cpu) =>
                {
                    var record = f.Record!;
                    var writable = (record.Flags & GrantTable.Gntmap.ReadOnly) == 0;
                    Grants.ClearStatus(ref cpu, record.Granter, record.Ref, writable);
                    f.Record = null;
                    return Flow.To("next");
                },
            },
            new()
            {
                Label = "quarantine", Kind = AccessKind.Private, Cites = "passthrough/pci.c pci_release_devices",
                Text = "its devices reach no memory any more", Body = Quarantine,
            },
        ]);

    /// <summary>Closes one port: the other end waits for its owner again (<c>EVTCHNOP_close</c>).</summary>
    public static void ClosePort(Draft draft, DomId owner, Port port) => EventChannelOps.Close(draft, owner, port);

    // A delivery under way holds the channel's lock, and its queues live as long. With the 2-level ABI nothing of the
    // domain is needed once the channel was looked up. Whoever is inside Xen is taken to deliver: the safe side.
    private static string? Quiet(in DeathLocals f, Machine machine) =>
        machine[f.Domain].Events.IsFifo
            && machine.Agents.Any(agent => agent.Top.InXen && agent.Kind.Lane != Actor.Toolstack)
            ? null
            : "close_ports";

    private static string Next(in DeathLocals f, Machine machine) =>
        machine[f.Domain].Maptrack.Records.IsEmpty ? "quarantine" : "drop_pin";

    // Nobody runs in the domain any more, so no CPU holds a translation of its.
    private static Flow ClosePorts(ref DeathLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        for (var port = 1; port < draft.Domain(f.Domain).Channels.Length; port++)
        {
            ClosePort(draft, f.Domain, new Port((uint)port));
        }

        draft.Put(draft.Domain(f.Domain) with { Stale = [], Blocked = true });
        return Flow.Next;
    }

    private static Flow DropPin(ref DeathLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var domain = draft.Domain(f.Domain);
        var (handle, record) = domain.Maptrack.Records.First();
        draft.Put(domain with { Maptrack = domain.Maptrack.Free(new GrantHandle(handle)) });
        draft.Say(new MachineEvent.HandleFreed(f.Domain, new GrantHandle(handle)));
        var readOnly = (record.Flags & GrantTable.Gntmap.ReadOnly) != 0;
        Grants.UseIommu(draft, f.Domain, record.Granter, record.Mfn, readOnly ? -1 : 0, readOnly ? 0 : -1);
        Grants.Release(draft, record.Granter, record.Ref, record.Flags, f.Domain);
        f.Record = record;
        return Flow.Next;
    }

    private static Flow Quarantine(ref DeathLocals f, ref GuestCpu cpu)
    {
        cpu.Draft.Put(cpu.Draft.Domain(f.Domain) with
        {
            Iommu = ImmutableSortedDictionary<ulong, IommuUse>.Empty,
        });
        return Flow.Return;
    }
}
