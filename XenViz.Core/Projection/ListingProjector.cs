using System.Collections.Immutable;
using System.Globalization;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The Code tab: the listings as they are run, and the one shared access of a row.</summary>
public static class ListingProjector
{
    private static readonly ResourceManager Texts = Words.Resource("AccessText");

    /// <summary>The listings as a person reads them.</summary>
    public static ImmutableArray<ListingView> All(IReadOnlyList<IListing> listings) =>
    [
        .. listings.Select(l => new ListingView(
            l.Id, l.Title, l.Lane, RowsOf(l.Infos))),
    ];

    /// <summary>The listings of a run: where it ran an edit of one, the edit.</summary>
    /// <param name="usual">The listings without edits; given back as they are when none was edited.</param>
    /// <param name="rows">The rows of the run.</param>
    public static ImmutableArray<ListingView> AsRun(
        ImmutableArray<ListingView> usual, IReadOnlyList<StepRecord> rows)
    {
        var run = new Dictionary<string, IReadOnlyList<RowInfo>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            run.TryAdd(row.Row.Listing, row.Row.Siblings);
        }

        return usual.All(view => !IsEdit(view, run))
            ? usual
            : [.. usual.Select(view => IsEdit(view, run) ? view with { Rows = RowsOf(run[view.Id]) } : view)];
    }

    private static bool IsEdit(ListingView view, Dictionary<string, IReadOnlyList<RowInfo>> run) =>
        run.TryGetValue(view.Id, out var rows)
        && !rows.Select(row => row.Text).SequenceEqual(view.Rows.Select(row => row.Text));

    private static ImmutableArray<ListingRowView> RowsOf(IReadOnlyList<RowInfo> rows) =>
        [.. rows.Select(row => new ListingRowView(row.Text, row.Cites, row.Kind))];

    /// <summary>What a row touched, with the bytes before and after.</summary>
    public static AccessView AccessOf(PlayedRow row)
    {
        var (place, before, after) =
            row.Events.Select(e => Describe(e, row.After)).FirstOrDefault(d => d.Place is not null);
        return new AccessView(
            row.Record.Row.Kind, place ?? Texts.Say("private"), before ?? "", after ?? "", row.Record.Row.Cites);
    }

    private static (string? Place, string? Before, string? After) Describe(MachineEvent happened, Machine machine) =>
        happened switch
        {
            MachineEvent.Accessed a =>
                (PlaceOf(a, machine), a.Kind == AccessKind.Load ? "" : Hex(a.Before), Hex(a.After)),
            MachineEvent.Fenced f => (Texts.Say(f.Fence.ToString()), null, null),
            MachineEvent.HypercallMade h => (Call(h), null, null),
            MachineEvent.DmaMoved d => (
                Texts.Say("dma", Words.Hex(d.Mfn.Value), d.Bytes), "", Texts.Say(d.ToMemory ? "dmaIn" : "dmaOut")),
            MachineEvent.CommandQueued q =>
                (Texts.Say("queue", Words.Hex(q.BusAddress), q.Bytes, q.Sector), null, null),
            MachineEvent.IommuChecked c => (
                Texts.Say("check", Words.Hex(c.BusAddress)), "", Texts.Say(c.Allowed ? "allowed" : "refused")),
            MachineEvent.IommuChanged i => (
                Texts.Say("iommu", i.Domain, Words.Hex(i.Mfn.Value)), Right(i.Before), Right(i.After)),
            MachineEvent.CountsChanged c => (
                Texts.Say("counts", Words.Hex(c.PinsBefore), c.RefsBefore), "",
                Texts.Say("after", Words.Hex(c.PinsAfter), c.RefsAfter)),
            MachineEvent.TlbFlushed t =>
                (Texts.Say("tlb", t.Domain), t.Forgotten.ToString(CultureInfo.InvariantCulture), "0"),
            MachineEvent.InterruptRaised i => (Texts.Say("interrupt", i.Port), null, null),
            MachineEvent.ChannelLookedUp l => (
                Texts.Say("lookup", l.From, l.FromPort), "", Texts.Say("peer", l.To, l.ToPort)),
            MachineEvent.StoreWritten s => (s.Path, "", s.Value),
            _ => (null, null, null),
        };

    private static string Right(DeviceAccess access) =>
        Texts.Say(access == DeviceAccess.Read ? "DeviceRead" : access.ToString());

    /// <summary>Where an access went, in words.</summary>
    internal static string PlaceOf(MachineEvent.Accessed access, Machine machine)
    {
        var frame = machine.Frames[access.Mfn];
        return Texts.Say(
            frame.Use.ToString(), Words.Hex(access.Mfn.Value), Words.Hex((ulong)access.Offset, 3), frame.Owner);
    }

    private static string Call(MachineEvent.HypercallMade call) =>
        Texts.Say("hypercall", call.Number, call.Symbol) + Texts.Say(call.Symbol, call.A, call.B, call.C)
        + (call.Count > 1 ? Texts.Say("batch", call.Count - 1) : "");

    // The first 16 bytes say enough; the Bytes tab has the rest.
    private static string Hex(byte[] bytes) =>
        string.Join(' ', bytes.Take(16).Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))
        + (bytes.Length > 16 ? " …" : "");
}
