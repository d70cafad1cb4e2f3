using XenViz.Core.Abi;

namespace XenViz.Conformance;

/// <summary>Which grant is asked for.</summary>
/// <param name="Looks">True for a guest that knows what it was granted: it takes the first entry that names it, from
/// the named one on, and the named one when there is none.</param>
/// <param name="Granter">Whose table.</param>
/// <param name="Ref">Which entry.</param>
readonly record struct GrantPick(bool Looks, ushort Granter, uint Ref);

/// <summary>One side of a copy.</summary>
/// <param name="Grant">The grant, or null for a page of the caller's own.</param>
/// <param name="Page">The page, as in <see cref="GrantAct"/>.</param>
/// <param name="Offset">First byte.</param>
/// <param name="OfSelf">True to name the caller instead of the granter.</param>
readonly record struct SidePick(GrantPick? Grant, int Page, int Offset, bool OfSelf);

/// <summary>One unmap of a batch: <paramref name="Place"/> counts the caller's mappings, -1 leaves them.</summary>
readonly record struct UnmapPick(uint Handle, int Place, ulong DeviceFrame);

/// <summary>
/// One thing that a hostile guest does with grants. A page below <see cref="GrantStory.PagesEach"/> is one of the
/// guest's own, counted; any other number is taken for a frame number as it is.
/// </summary>
/// <param name="Caller">Which domain does it.</param>
abstract record GrantAct(int Caller)
{
    public sealed record Access(int Caller, uint Ref, ushort To, int Page, ushort Flags) : GrantAct(Caller);

    public sealed record SubPage(int Caller, uint Ref, ushort To, int Page, ushort Offset, ushort Length, ushort Flags)
        : GrantAct(Caller);

    public sealed record Transitive(int Caller, uint Ref, ushort To, ushort From, uint Other) : GrantAct(Caller);

    public sealed record ChangeFlags(int Caller, uint Ref, ushort Set, ushort Clear) : GrantAct(Caller);

    public sealed record EndAccess(int Caller, uint Ref) : GrantAct(Caller);

    public sealed record Map(int Caller, int Vcpu, GrantPick Grant, uint Flags, ulong HostPage) : GrantAct(Caller);

    public sealed record Unmap(int Caller, UnmapPick[] Picks) : GrantAct(Caller)
    {
        public override string ToString() => $"Unmap {{ Caller = {Caller}, {string.Join(", ", Picks)} }}";
    }

    public sealed record Copy(int Caller, SidePick Source, SidePick Target, int Length) : GrantAct(Caller);

    public sealed record SetupTable(int Caller, ushort Domain, uint Frames) : GrantAct(Caller);

    public sealed record SetVersion(int Caller, uint Version) : GrantAct(Caller);

    public sealed record Swap(int Caller, uint One, uint Other) : GrantAct(Caller);

    public sealed record Transfer(int Caller, int Page, ushort To, uint Ref) : GrantAct(Caller);

    public sealed record UnmapAndReplace(int Caller, uint Handle, ulong HostPage, ulong NewPage) : GrantAct(Caller);

    public sealed record Kill(int Caller, ushort Domain) : GrantAct(Caller);

    /// <summary>Acts that ask for less, simplest first; never the same again, or shortening would not end.</summary>
    public IEnumerable<GrantAct> Simpler() => (this switch
    {
        Access a => [a with { Page = 0 }, a with { Flags = GrantTable.Gtf.PermitAccess }],
        SubPage s => [new Access(s.Caller, s.Ref, s.To, s.Page, GrantTable.Gtf.PermitAccess)],
        Map m => [m with { Flags = GrantTable.Gntmap.HostMap }, m with { Vcpu = 0 }],
        Unmap { Picks.Length: > 1 } u => Conformance.Simpler.Stories(u.Picks, _ => []).Where(p => p.Length > 0)
            .Select(p => u with { Picks = p }),
        Copy c =>
        [
            c with { Source = c.Source with { Offset = 0 }, Target = c.Target with { Offset = 0 } },
            c with { Length = Math.Min(c.Length, 1) }, c with { Length = c.Length / 2 },
        ],
        _ => Enumerable.Empty<GrantAct>(),
    }).Where(simpler => simpler != this);
}
