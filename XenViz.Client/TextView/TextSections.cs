using System.Collections.Immutable;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Client.Stage;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Projection;

namespace XenViz.Client.TextView;

/// <summary>A view as headings and tables, nothing left to a picture. A pure function of the view.</summary>
public static class TextSections
{
    private const int Around = 12;

    /// <summary>All sections, in reading order.</summary>
    /// <param name="view">What is on screen.</param>
    public static ImmutableArray<TextSection> Of(SessionView view) =>
    [
        StageOf(view),
        TextMachine.RingOf(view.Ring),
        TextMachine.GrantsOf(view),
        TextMachine.MemoryOf(view.PageMap),
        TextEvents.Of(view),
        .. view.Packets.IsNetwork ? [TextNetwork.PacketsOf(view)] : Array.Empty<TextSection>(),
        TextNetwork.StoreOf(view),
        TextProgram.CodeOf(view.Code),
        TextProgram.BytesOf(view.Bytes),
        TextProgram.CostOf(view.Cost),
        TimelineOf(view),
    ];

    /// <summary>Where the run stands, what the last visible micro-step changed, and what the words about it mean.
    /// </summary>
    /// <param name="view">What is on screen.</param>
    public static ImmutableArray<TextTable> NowOf(SessionView view)
    {
        var (run, told) = (view.Run, view.Narration);
        var step = told.Step == 0 ? TextViewTexts.Now_None : $"{told.Step}, {Words.Step(told.Step)}";
        var branch = view.Timeline.Branches.FirstOrDefault(each => each.Id == run.Branch)?.Label ?? "";
        return
        [
            new("place", TextViewTexts.Now_Place, [],
            [
                TextRow.Of(TextViewTexts.Now_Number, run.Position == 0 ? Texts.Start_Badge : told.Number),
                TextRow.Of(TextViewTexts.Now_Row, TextViewTexts.Now_RowOf.With(run.Position, run.Length)),
                TextRow.Of(TextViewTexts.Now_Step, step),
                TextRow.Of(TextViewTexts.Now_Actor,
                    run.Position == 0 ? TextViewTexts.Now_None : Words.Lane(told.Actor)),
                TextRow.Of(TextViewTexts.Now_Figure, told.InFigure ? TextViewTexts.Yes : TextViewTexts.No),
                TextRow.Of(TextViewTexts.Now_Branch, branch),
            ]),
            new("changes", TextViewTexts.Changes,
                [TextViewTexts.Change_What, TextViewTexts.Change_Before, TextViewTexts.Change_After],
                [.. view.Changes.Select(each => TextRow.Of(each.Id.Replace('.', ' '), each.Before, each.After))],
                TextViewTexts.Changes_None),
            new("words", Texts.Words_Label, [TextViewTexts.Words_Word, TextViewTexts.Words_Meaning],
                [
                    .. Glossary.In($"{told.Caption} {told.Why}").Select(term => TextRow.Of(term.Term, term.Gloss)),
                ],
                TextViewTexts.Words_None),
        ];
    }

    private static TextSection StageOf(SessionView view)
    {
        return new("stage", TextViewTexts.Stage,
        [
            new("objects", TextViewTexts.Stage_Caption,
                [
                    TextViewTexts.Stage_Object, TextViewTexts.Stage_Owner, TextViewTexts.Stage_Words,
                    TextViewTexts.Stage_More, TextViewTexts.Explain,
                ],
                [.. SceneLayout.Build(view, SceneSize.Desk).Twins.Select(twin => Object(view, twin))]),
        ]);
    }

    private static TextRow Object(SessionView view, SceneTwin twin)
    {
        var section = Inspector.TabOf(twin.ObjectId) switch
        {
            0 => "ring", 1 => "grants", 2 => "memory", 3 => "events", 4 => "code", 7 => "store", _ => "bytes",
        };
        if (view.Stage.Rings.FirstOrDefault(r => RingTabs.IdOf(r.Ring) == twin.ObjectId) is { } ring)
        {
            // Which of them is on stage is chosen above the sections.
            var guests = RingTabs.OfGuests(view.Stage.Rings);
            return TextRow.Of(
                RingTabs.Name(ring, guests), TextViewTexts.Owner_g, RingTabs.Words(ring, guests))
                .Asking(twin.ObjectId, RingTabs.Name(ring, guests)) with
            {
                Current = ring.Ran, Section = section,
                Action = TextViewTexts.Stage_MoreIn.With(
                    RingTabs.Name(ring, guests), TextViewTexts.ResourceManager.GetString(Heading(section))),
            };
        }

        var name = twin.ObjectId switch
        {
            "app" => TextViewTexts.Object_app,
            "front" => TextViewTexts.Object_front,
            "back" => TextViewTexts.Object_back,
            "driver" => TextViewTexts.Owner_d,
            _ => twin.ObjectId.Replace('-', ' '),
        };
        return TextRow.Of(name, Owner(twin.ObjectId), twin.Text).Asking(twin.ObjectId, name) with
        {
            Current = view.Stage.Acting == twin.ObjectId,
            Section = section,
            Action = TextViewTexts.Stage_MoreIn.With(
                name, TextViewTexts.ResourceManager.GetString(Heading(section))),
        };
    }

    private static string Heading(string section) => char.ToUpperInvariant(section[0]) + section[1..];

    private static string Owner(string id) => id switch
    {
        "guest" or "app" or "front" or "guest-window" or "data" or "guest-port" => TextViewTexts.Owner_g,
        "driver" or "back" or "disk-driver" or "driver-window" or "own-page" or "driver-port" or "disk-port" =>
            TextViewTexts.Owner_d,
        "dma" or "disk" => TextViewTexts.Owner_h,
        "maptrack" or "iommu" or "xen" => TextViewTexts.Owner_x,
        _ => TextViewTexts.Owner_n,
    };

    private static string LaneOf(TimelineView timeline, TimelineRow row) =>
        timeline.Lanes.FirstOrDefault(lane => lane.Lane == row.Lane && lane.Part == row.Part) is { } lane
            ? Words.Lane(lane)
            : Words.Lane(row.Lane);

    private static TextSection TimelineOf(SessionView view)
    {
        var stops = view.Timeline.Stops;
        var here = TimelineLayout.LastAtOrBefore(stops, view.Run.Position);
        var (from, to) = (Math.Max(0, here - Around), Math.Min(stops.Length - 1, here + Around));
        var rows = new List<TextRow>();
        for (var i = from; i <= to; i++)
        {
            if (TimelineLayout.LeadAt(view.Timeline, i) is { } row)
            {
                var at = stops[i] == view.Run.Position;
                rows.Add(TextRow.Of(
                    row.Number, LaneOf(view.Timeline, row), Words.Kind(row.Kind),
                    at ? TextViewTexts.Timeline_Here : "") with
                {
                    Current = at, Position = stops[i],
                    Action = TextViewTexts.Timeline_Go.With(row.Number, stops[i]),
                });
            }
        }

        var caption = TextViewTexts.Timeline_Caption + "."
            + (from > 0 ? " " + TextViewTexts.Timeline_Earlier.With(from) : "")
            + (to < stops.Length - 1 ? " " + TextViewTexts.Timeline_Later.With(stops.Length - 1 - to) : "");
        return new("timeline", TextViewTexts.Timeline,
        [
            new("rows", caption,
                [
                    TextViewTexts.Now_Number, TextViewTexts.Timeline_Who, TextViewTexts.Timeline_What,
                    TextViewTexts.Code_Mark, TextViewTexts.Goto_Button,
                ],
                [.. rows]),
        ]);
    }
}
