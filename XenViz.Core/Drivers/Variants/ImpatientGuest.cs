using XenViz.Core.Abi;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Variants;

/// <summary>
/// A guest that wants its page back before the answer is there: it tries to end the access while the backend maps the
/// page. The usual application with one decision changed and two rows more.
/// </summary>
public static class ImpatientGuest
{
    private const ushort InUse = GrantTable.Gtf.Reading | GrantTable.Gtf.Writing;

    /// <summary>The listing.</summary>
    /// <param name="guest">The guest's domain.</param>
    public static Listing<ApplicationLocals> Listing(DomId guest) => GuestApplication.Listing
        .Replace("next", new() { Label = "next", Decide = (in ApplicationLocals f, Machine m) => Next(f, m, guest) })
        .Insert("wait", Try()).Insert("wait", Defer());

    private static string? Next(in ApplicationLocals f, Machine machine, DomId guest)
    {
        var usual = GuestApplication.Next(f, machine);
        return usual != "wait" || f.HasTried ? usual : IsUsed(machine, guest) ? "try_end" : null;
    }

    private static GrantRef? Granted(PrivateState? front) =>
        ((BlkfrontState)front!).Waiting.FirstOrDefault(s => s.Segments.Length > 0)?.Segments[0].Ref;

    // Not asleep, so that there is something to see: it looks until Xen has marked the entry.
    private static bool IsUsed(Machine machine, DomId guest) => Granted(machine.Front) is { } reference
        && (machine.Frames[machine[guest].GrantTable!.Value].Page.Load(
            GrantTable.EntryV1.OffsetBytes(reference), 2) & InUse) != 0;

    private static Row<ApplicationLocals> Try() => new()
    {
        Label = "try_end", Lane = Actor.Frontend, Kind = AccessKind.Load,
        Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
        Text = "flags = grant[ref].flags; reading or writing: in use, give up",
        Body = (ref ApplicationLocals f, ref GuestCpu cpu) =>
        {
            f.HasTried = true;
            var reference = Granted(cpu.Draft.Front)!.Value;
            var table = cpu.Draft.Domain(cpu.Domain).GrantTable!.Value;
            cpu.Load(table, GrantTable.EntryV1.OffsetBytes(reference), 2);
            cpu.Draft.Say(new MachineEvent.Outcome("busy"));
            return Flow.Next;
        },
    };

    private static Row<ApplicationLocals> Defer() => new()
    {
        Label = "defer", Lane = Actor.Frontend, Kind = AccessKind.Private,
        Cites = "grant-table.c gnttab_add_deferred", Text = "deferred_list += {ref, page}; try again later",
        Body = (ref ApplicationLocals f, ref GuestCpu cpu) => Flow.To("next"),
    };
}
