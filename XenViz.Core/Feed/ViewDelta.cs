using System.Text;
using System.Text.Json;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>
/// Views as JSON, whole or as what differs from the frame before; the form is that of <see cref="FeedMessage"/>. What
/// both views share by reference costs nothing, so static parts (listings, the rows of the timeline) should be shared.
/// </summary>
public static class ViewDelta
{
    /// <summary>The whole view.</summary>
    public static string Whole(SessionView view) =>
        Encoding.UTF8.GetString(JsonDiff.Whole(ViewJson.Default.SessionView, view));

    /// <summary>Reads a whole view.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static SessionView Read(string whole) =>
        JsonSerializer.Deserialize(whole, ViewJson.Default.SessionView) ?? throw new JsonException();

    /// <summary>The patch that makes <paramref name="next"/> of <paramref name="previous"/>.</summary>
    public static string Diff(SessionView previous, SessionView next) =>
        Encoding.UTF8.GetString(JsonDiff.Patch(ViewJson.Default.SessionView, previous, next));

    /// <summary>
    /// The view that the patch makes of <paramref name="previous"/>. Parts that the patch does not name are the same
    /// objects as before.
    /// </summary>
    /// <exception cref="JsonException">It is not a patch of this view.</exception>
    public static SessionView Apply(SessionView previous, string patch)
    {
        try
        {
            return ApplyParts(previous, patch);
        }
        catch (InvalidOperationException wrongKind)
        {
            throw new JsonException(wrongKind.Message, wrongKind);
        }
    }

    /// <summary>The view that the message makes of <paramref name="previous"/>, or null when it makes none.</summary>
    /// <param name="previous">The view before, or null when the message is a whole view.</param>
    /// <param name="json">The patch or the whole view.</param>
    public static SessionView? TryApply(SessionView? previous, string json)
    {
        try
        {
            return previous is null ? Read(json) : Apply(previous, json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static SessionView ApplyParts(SessionView previous, string patch)
    {
        using var document = JsonDocument.Parse(patch);
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException();
        }

        var view = previous;
        foreach (var part in document.RootElement.EnumerateObject())
        {
            view = Apply(view, part.Name, part.Value);
        }

        return view;
    }

    private static SessionView Apply(SessionView view, string part, JsonElement patch) => part switch
    {
        "sequence" => view with { Sequence = patch.GetInt64() },
        "run" => view with { Run = ViewParts.Run(view.Run, patch) },
        "timeline" => view with { Timeline = Apply(view.Timeline, patch) },
        "narration" => view with { Narration = ViewParts.Narration(view.Narration, patch) },
        "stage" => view with { Stage = ViewParts.Stage(view.Stage, patch) },
        "ring" => view with { Ring = ViewParts.Ring(view.Ring, patch) },
        "grants" => view with { Grants = ViewParts.Grants(view.Grants, patch) },
        "pageMap" => view with { PageMap = JsonPatch.Apply(view.PageMap, patch, ViewJson.Default.PageMapView) },
        "events" => view with { Events = ViewParts.Events(view.Events, patch) },
        "code" => view with { Code = Apply(view.Code, patch) },
        "bytes" => view with { Bytes = ViewParts.Bytes(view.Bytes, patch) },
        "cost" => view with { Cost = ViewParts.Cost(view.Cost, patch) },
        "store" => view with { Store = JsonPatch.Apply(view.Store, patch, ViewJson.Default.StoreView) },
        "packets" => view with { Packets = JsonPatch.Apply(view.Packets, patch, ViewJson.Default.PacketsView) },
        "breakpoints" => view with
        {
            Breakpoints = JsonPatch.Apply(view.Breakpoints, patch, ViewJson.Default.ImmutableArrayBreakpointView),
        },
        "changes" => view with
        {
            Changes = JsonPatch.Apply(view.Changes, patch, ViewJson.Default.ImmutableArrayChangeView),
        },
        _ => throw new JsonException(),
    };

    /// <summary>Part by part, because the rows may be thousands and hardly ever change.</summary>
    private static TimelineView Apply(TimelineView timeline, JsonElement patch)
    {
        foreach (var part in patch.EnumerateObject())
        {
            timeline = part.Name switch
            {
                "rows" => timeline with
                {
                    Rows = JsonPatch.Apply(timeline.Rows, part.Value, ViewJson.Default.ImmutableArrayTimelineRow),
                },
                "stops" => timeline with
                {
                    Stops = JsonPatch.Apply(timeline.Stops, part.Value, ViewJson.Default.ImmutableArrayInt32),
                },
                "lanes" => timeline with
                {
                    Lanes = JsonPatch.Apply(timeline.Lanes, part.Value, ViewJson.Default.ImmutableArrayLaneView),
                },
                "branches" => timeline with
                {
                    Branches = JsonPatch.Apply(
                        timeline.Branches, part.Value, ViewJson.Default.ImmutableArrayBranchView),
                },
                _ => throw new JsonException(),
            };
        }

        return timeline;
    }

    /// <summary>Part by part, because the listings stay while the cursors move with every row.</summary>
    private static CodeView Apply(CodeView code, JsonElement patch)
    {
        foreach (var part in patch.EnumerateObject())
        {
            code = part.Name switch
            {
                "listings" => code with
                {
                    Listings = JsonPatch.Apply(code.Listings, part.Value, ViewJson.Default.ImmutableArrayListingView),
                },
                "cursors" => code with
                {
                    Cursors = JsonPatch.Each(
                        code.Cursors, patch, "cursors", ViewJson.Default.ImmutableArrayCursorView,
                        ViewJson.Default.CursorView),
                },
                "access" => code with
                {
                    Access = part.Value.ValueKind is JsonValueKind.Null
                        ? null
                        : JsonPatch.Apply(code.Access, part.Value, ViewJson.Default.AccessView),
                },
                _ => throw new JsonException(),
            };
        }

        return code;
    }
}
