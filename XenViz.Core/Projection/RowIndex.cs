using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Costs;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.History;
using XenViz.Core.Invariants;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The facts of all rows of a branch.</summary>
public sealed class RowIndex
{
    private readonly Branch _branch;
    private readonly List<RowFacts> _facts = [];
    private readonly List<ImmutableArray<MachineEvent.Accessed>> _reads = [];
    private readonly List<FocusRequest> _known = [];
    private readonly HashSet<object> _astray = [];
    private readonly RowRings _rings;

    /// <summary>Reads a whole branch.</summary>
    public RowIndex(Branch branch)
    {
        _branch = branch;
        _rings = new RowRings(branch.At(0));
        for (var i = 0; i < branch.Length; i++)
        {
            _facts.Add(Read(i));
        }
    }

    /// <summary>The rows.</summary>
    public IReadOnlyList<RowFacts> Rows => _facts;

    /// <summary>What the rows cost.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>What a row read of the memory that another party can see: loads and atomics.</summary>
    public ImmutableArray<MachineEvent.Accessed> Reads(int row) => _reads[row];

    /// <summary>A row with what it did.</summary>
    public PlayedRow Play(int row) => new(
        _facts[row].Number, _branch.Rows[row], _branch.At(row), _branch.At(row + 1), [.. _branch.EventsOf(row)]);

    /// <summary>The data page on stage at the start.</summary>
    public static Mfn? FirstPage(Machine start) =>
        start.Application is NetApplicationState net ? net.Pages.IsEmpty ? null : net.Pages[0]
        : start.Application is ApplicationState { Job: { HasPages: true } job } app ? app.Pages[job.FirstPage] : null;

    private RowFacts Read(int i)
    {
        var record = _branch.Rows[i];
        var before = _branch.At(i);
        var after = _branch.At(i + 1);
        var events = _branch.EventsOf(i);
        var last = i > 0 ? _facts[i - 1] : null;
        _reads.Add(
            [.. events.OfType<MachineEvent.Accessed>().Where(a => a.Kind is AccessKind.Load or AccessKind.Atomic)]);
        Learn(before, after, i == 0);
        var side = SideOf(record, before, events, last?.Side ?? 0);
        var moved = last is not null && side != last.Side;
        var (lastFocus, lastPage) = moved ? (last!.Away, last.AwayPage) : (last?.Focus, last?.DataPage);
        var lastRing = last is null ? NetPages.FirstRing(before.From(side)) : moved ? last.AwayRing : last.Ring;
        var apart = record.Phase == Phase.Connect;
        var number = StepNumbers.Of(record.Row, record.Phase, before);
        var gone = GivesUp(before.From(side), after.From(side));
        if (gone)
        {
            // Their references and pages will mean other things.
            _known.Clear();
        }

        var focus = gone ? null : FocusOf(events, before, after, apart ? null : lastFocus, side);
        var forgotten = gone || (last is { Forgotten: true } && focus is null);
        var turned = focus is not null && (apart || focus.Request != lastFocus?.Request) ? focus.Request : null;
        var ring = RingOf(record, before, after, events, turned) ?? lastRing;
        var rings = gone || last is null ? [.. new Focus?[RingSides.Count(before)]] : last.Rings;
        (focus, rings) = OnRing(focus, rings, after.Front is NetfrontState ? (2 * side) + ring : ring, apart || gone);
        var aimed = BusFrames.AimedAt(events, after);
        var astray = IsAstray(focus, aimed);
        var grant = GrantOf(record, before, after, events, focus, last);
        var touched = aimed ?? PageTouched(record, events, before, after) ?? PageOf(grant, after.From(side))
            ?? (record.Row.Key == "application.hand_over" ? focus?.Source : null);
        var page = touched ?? (Turns(last, lastFocus, focus) ? focus?.Page : null)
            ?? (forgotten ? null : lastPage ?? FirstPage(before.From(side)));

        // While the ends meet or part, only a page that the row is about is at stake: else xenstore has its place.
        page = !apart || (number[0] == 'K' && record.Row.Kind != AccessKind.XenStore) ? page
            : number[0] == 'N' ? touched ?? focus?.Page
            : null;
        page = NetPages.Arrived(after.From(side), focus, page);
        var isPush = events.Any(e => e is MachineEvent.Pushed);
        var begins = record.Row.Label == "send" || record.Row.Key is "disk.interrupt" or "nic.interrupt"
            or "nic.rx_interrupt" or "connect_ring.bind" or "netback_connect.bind";
        Ledger.Add(record, before, events);
        var violations = Invariant.Check(before, after, events);
        return new RowFacts(
            number, focus, page, isPush ? i : gone ? -1 : last?.LastPush ?? -1,
            begins ? i : last?.Notification ?? -1, RowTargets.Of(record.Row, events),
            violations.IsEmpty ? last?.Violations ?? []
                : [.. last?.Violations ?? [], .. violations.Select(v => v.Sentence)])
        {
            Step = StepOf(number, apart, events, last), Grant = grant, Astray = astray,
            DeviceUsed = last is { DeviceUsed: true } || events.Any(UsesDevice),
            BrokenAt = last?.BrokenAt ?? (violations.IsEmpty ? null : BrokenPlaces.Of(violations[0].Rule)),
            Side = side, Away = moved ? last!.Focus : last?.Away, AwayPage = moved ? last!.DataPage : last?.AwayPage,
            Ring = ring, AwayRing = (moved ? last!.Ring : last?.AwayRing) ?? NetPages.FirstRing(before.From(1 - side)),
            Rings = rings, Forgotten = forgotten, Aimed = aimed is not null,
            OwnPage = OwnPages.After(
                record, events, after, !moved && focus?.Request == lastFocus?.Request ? last?.OwnPage : null),
        };
    }

    // Whether the page of the request comes on stage, back or for the first time. Where it is not the application's
    // own, it is what all but the application work on.
    private static bool Turns(RowFacts? last, Focus? before, Focus? now) =>
        last is { Aimed: true } or { Grant: not null } || now?.Page != before?.Page || now?.Source is not null;

    private bool IsAstray(Focus? focus, Mfn? aimed) => focus is not null
        && (aimed is null ? _astray.Contains(focus.Request.Source) : _astray.Add(focus.Request.Source) || true);

    // Xen maps and unmaps more than the pages of a request: rings, pages of segments, pages that were kept.
    private static GrantRef? GrantOf(
        StepRecord record, Machine before, Machine after, IReadOnlyList<MachineEvent> events, Focus? focus,
        RowFacts? last)
    {
        var uses = events.Select(happened => GrantUse.Of(happened, before, after)).OfType<GrantUse>().ToList();
        var inXen = record.Row.Lane == Actor.Xen;
        return uses.Count == 0 ? inXen ? last?.Grant : null
            : (inXen || record.Row.Kind == AccessKind.Hypercall) && uses[^1].Ref != focus?.Ref ? uses[^1].Ref
            : null;
    }

    // Such a page is on stage when it can be: rings have a place of their own.
    private static Mfn? PageOf(GrantRef? grant, Machine machine) =>
        grant is { } reference && GrantProjector.Entry(machine, reference) is var entry
            && new Mfn(entry.PinnedMfn ?? entry.Frame) is var page && machine.Frames.Find(page) is { } frame
            && frame.Owner == machine.Guest().Id && frame.Use is (FrameUse.Data or FrameUse.Segments)
            ? page
            : null;

    // Connecting and unplugging map and unmap too, but are no step of the figure; nor is the sleep after them. A packet
    // for another guest meets no device: the bridge keeps it in the driver domain, and what the backend does meanwhile
    // is no part of a DMA.
    private static int StepOf(string number, bool apart, IReadOnlyList<MachineEvent> events, RowFacts? last)
    {
        if (apart || (number[0] == 'W' && last is { Step: 0 }))
        {
            return 0;
        }

        var local = number == NetStepNumbers.Bridge && !events.Any(UsesDevice);
        var waits = number[0] is 'H' or 'W' && last is not { DeviceUsed: true };
        return StepNumbers.StepOf(number) is var step && step == 5 && (local || waits) ? 4 : step;
    }

    private static bool UsesDevice(MachineEvent e) => e is MachineEvent.CommandQueued or MachineEvent.DmaMoved;

    // Of several rings the row is about one; null when it is about none of a network interface's.
    private int? RingOf(
        StepRecord record, Machine before, Machine after, IReadOnlyList<MachineEvent> events, FocusRequest? turned) =>
        after.Front is NetfrontState
            ? RingTouches.Touched(events, before, after) % 2 ?? RingTouches.Of(record.Row, after) ?? turned?.Queue % 2
            : _rings.Next(record, before, after, events, turned);

    // The story of a ring follows a request of that ring: the one that it was about last.
    private static (Focus? Focus, ImmutableArray<Focus?> Rings) OnRing(
        Focus? focus, ImmutableArray<Focus?> rings, int ring, bool apart)
    {
        if (focus?.Request.Queue != ring)
        {
            focus = apart ? null : rings[ring];
        }

        return (focus, focus is null || focus == rings[ring] ? rings : rings.SetItem(ring, focus));
    }

    // The grant of the ring page is taken back when the backend is gone, or when the device is.
    private static bool GivesUp(Machine before, Machine after) =>
        !ReferenceEquals(before.Front, after.Front) && RingSides.Of(before).RingRef.Value != 0
        && RingSides.Of(after).RingRef.Value == 0;

    // A guest's own rows are about its interface; the backend's about the one whose packet they touch.
    private static int SideOf(StepRecord record, Machine before, IReadOnlyList<MachineEvent> events, int last)
    {
        if (SeenFrom.Sides(before) == 1)
        {
            return 0;
        }

        var domain = before.Agents[record.Choice.Agent].Kind.Domain;
        return (domain is { } id ? SeenFrom.SideOf(before, id) : null)
            ?? RingTouches.Touched(events, before, before) / 2 ?? last;
    }

    private void Learn(Machine before, Machine after, bool first)
    {
        if (!first && ReferenceEquals(before.Front, after.Front) && ReferenceEquals(before.PeerFront, after.PeerFront))
        {
            return;
        }

        foreach (var (waiting, side) in FocusRequest.WaitingBySide(after))
        {
            if (!_known.Exists(k => k.Source.Equals(waiting)))
            {
                var request = FocusRequest.Of(waiting, side);
                _known.RemoveAll(k => k.Id == request.Id && k.Queue == request.Queue);
                _known.Add(request);
            }
        }
    }

    private Focus? FocusOf(
        IReadOnlyList<MachineEvent> events, Machine before, Machine after, Focus? last, int side)
    {
        var two = SeenFrom.Sides(after) > 1;
        foreach (var happened in events)
        {
            var found = happened switch
            {
                MachineEvent.RequestTouched t => ById(t.Id, t.Queue, last),
                _ when GrantUse.Of(happened, before, after) is { } use =>
                    By(s => s.Ref == use.Ref, SideOf(use.Granter)),
                MachineEvent.Accessed a => ByPlace(a, after),
                MachineEvent.DmaMoved d => ByBus(d.Mfn, after),
                MachineEvent.IommuChecked c => ByBus(new Mfn(c.BusAddress >> 12), after),
                _ => null,
            };
            if (two && found is not null && found.Request.Queue / 2 != side)
            {
                continue;
            }

            if (found is not null && happened is not MachineEvent.RequestTouched)
            {
                return found;
            }

            last = found ?? last;
        }

        return last;

        int? SideOf(DomId granter) => two ? SeenFrom.SideOf(after, granter) : null;
    }

    private Focus? ById(ulong id, int queue, Focus? last) =>
        last?.Request.Id == id && last.Request.Queue == queue && last.Request.Name != "TX"
            && _known.Contains(last.Request) ? last
        : _known.FindLast(k => k.Has(id) && k.Queue == queue) is { } request
            ? new Focus(request, SegmentOf(request, id))
        : null;

    private static int SegmentOf(FocusRequest request, ulong id) => request.Name == "TX"
        ? Math.Max(0, request.Segments.Select(s => s.Id).ToList().IndexOf(id))
        : 0;

    private Focus? ByPage(Mfn page) => By(s => s.Page == page || s.Source == page);

    // A device may work on a page that stands for the request's.
    private Focus? ByBus(Mfn page, Machine after) =>
        OwnPages.StandsFor(after, page) is { } reference ? By(s => s.Ref == reference) : ByPage(page);

    private Focus? ByPlace(MachineEvent.Accessed access, Machine machine) =>
        machine.Frames[access.Mfn].Use == FrameUse.Data ? ByPage(access.Mfn) : null;

    // The newest request first: references and pages are used again.
    private Focus? By(Predicate<FocusPage> matches, int? side = null)
    {
        for (var i = _known.Count - 1; i >= 0; i--)
        {
            if (side is { } wanted && _known[i].Queue / 2 != wanted)
            {
                continue;
            }

            var segments = _known[i].Segments;
            for (var s = 0; s < segments.Length; s++)
            {
                if (matches(segments[s]))
                {
                    return new Focus(_known[i], s);
                }
            }
        }

        return null;
    }

    private static Mfn? PageTouched(StepRecord record, IReadOnlyList<MachineEvent> events, Machine before,
        Machine after)
    {
        if (after.Front is NetfrontState)
        {
            return NetPages.Touched(events, after);
        }

        foreach (var access in events.OfType<MachineEvent.Accessed>())
        {
            if (after.Frames[access.Mfn].Use == FrameUse.Data && !OwnPages.IsOwn(after, access.Mfn))
            {
                return access.Mfn;
            }
        }

        return record.Row.Key == "application.prepare" && before.Application is ApplicationState { Job: { } job } app
            ? app.Pages[job.FirstPage + (app.Handed / 8)]
            : null;
    }
}
