using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The rows with which a frontend ends every grant of a device that it gives up, and puts off those that are
/// still in use (Linux <c>gnttab_end_foreign_access</c>). They go on at <c>close_port</c>.</summary>
internal static class EndGrants
{
    /// <summary>The rows.</summary>
    /// <param name="granted">The references, from the frontend's variables.</param>
    /// <param name="defer">Keeps a reference that is in use, to be ended later.</param>
    public static IEnumerable<Row<RecoverLocals>> Rows(
        Func<PrivateState, ImmutableArray<GrantRef>> granted, Action<Draft, GrantRef> defer)
    {
        return
        [
            new()
            {
                Label = "end_grants",
                Decide = (in RecoverLocals f, Machine m) =>
                    f.At < granted(m.Front!).Length ? "grant_flags" : "close_port",
            },
            new()
            {
                Label = "grant_flags", Kind = AccessKind.Load,
                Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
                Text = "flags = grant[ref].flags; reading or writing: in use",
                Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
                {
                    f.Closing = f.Seen is XenbusState.Closing or XenbusState.Closed;
                    var reference = granted(cpu.Draft.Front!)[f.At];
                    f.Flags = (ushort)cpu.Load(
                        GrantRows.Table(ref cpu), GrantTable.EntryV1.OffsetBytes(reference), 2);
                    if ((f.Flags & (GrantTable.Gtf.Reading | GrantTable.Gtf.Writing)) == 0)
                    {
                        return Flow.Next;
                    }

                    defer(cpu.Draft, reference);
                    cpu.Draft.Say(new MachineEvent.Outcome("busy"));
                    f.At++;
                    return Flow.To("end_grants");
                },
            },
            new()
            {
                Label = "grant_end", Kind = AccessKind.Atomic,
                Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
                Text = "cmpxchg(&grant[ref].flags, flags, 0)",
                Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
                {
                    var at = GrantTable.EntryV1.OffsetBytes(granted(cpu.Draft.Front!)[f.At]);
                    if (cpu.CompareExchange(GrantRows.Table(ref cpu), at, f.Flags, 0, 2) != f.Flags)
                    {
                        return Flow.To("grant_flags");
                    }

                    f.At++;
                    return Flow.To("end_grants");
                },
            },
        ];
    }
}
