using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;

namespace XenViz.Core.Drivers.Rings;

/// <summary>A grant that a frontend makes.</summary>
/// <param name="Ref">The entry.</param>
/// <param name="Peer">Who may use it.</param>
/// <param name="Frame">The frame, or for a page to be received the guest's own number for it.</param>
/// <param name="Flags">GTF_* of the finished entry.</param>
public readonly record struct NewGrant(GrantRef Ref, DomId Peer, ulong Frame, int Flags);

/// <summary>Finds the grant that a row is about.</summary>
public delegate NewGrant GrantOf<T>(in T locals, ref GuestCpu cpu)
    where T : struct, ILocals;

/// <summary>The rows of a frontend that makes one grant: reader, page, fence, flags.</summary>
public static class GrantRows
{
    /// <summary>The rows <c>grant_domid</c>, <c>grant_frame</c>, <c>grant_wmb</c> and <c>grant_flags</c>.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="touch">Says what the rows are about.</param>
    public static IEnumerable<Row<T>> Make<T>(GrantOf<T> grant, Touch<T> touch)
        where T : struct, ILocals =>
    [
        Row<T>("grant_domid", AccessKind.Store, "grant[ref].domid = backend", touch, (ref T f, ref GuestCpu cpu) =>
        {
            var made = grant(f, ref cpu);
            cpu.Store(Table(ref cpu), At(made) + GrantTable.EntryV1.DomId.OffsetBytes, made.Peer.Value, 2);
            return Flow.Next;
        }),
        Row<T>("grant_frame", AccessKind.Store, "grant[ref].frame = frame of the page", touch,
            (ref T f, ref GuestCpu cpu) =>
            {
                var made = grant(f, ref cpu);
                cpu.Store(Table(ref cpu), At(made) + GrantTable.EntryV1.Frame.OffsetBytes, made.Frame, 4);
                return Flow.Next;
            }),
        Row<T>("grant_wmb", AccessKind.Fence, "wmb()", touch, (ref T f, ref GuestCpu cpu) =>
        {
            cpu.Fence(FenceKind.Write);
            return Flow.Next;
        }),
        Row<T>("grant_flags", AccessKind.Store, "grant[ref].flags = what is allowed", touch,
            (ref T f, ref GuestCpu cpu) =>
            {
                var made = grant(f, ref cpu);
                cpu.Store(Table(ref cpu), At(made), (ulong)made.Flags, 2);
                return Flow.Next;
            }),
    ];

    /// <summary>The grant table of the domain that runs.</summary>
    public static Mfn Table(ref GuestCpu cpu) => cpu.Draft.Domain(cpu.Domain).GrantTable!.Value;

    private static int At(NewGrant grant) => GrantTable.EntryV1.OffsetBytes(grant.Ref);

    private static Row<T> Row<T>(string label, AccessKind kind, string text, Touch<T> touch, RowBody<T> body)
        where T : struct, ILocals => new()
        {
            Label = label, Kind = kind, Text = text, Cites = "grant-table.c gnttab_update_entry_v1",
            Body = (ref T f, ref GuestCpu cpu) =>
            {
                touch(f, cpu.Draft);
                return body(ref f, ref cpu);
            },
        };
}
