using System.Collections.Immutable;
using XenViz.Core.Abi.Io;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>
/// Xenstore while the two ends meet and part, in the place that a data page takes in between: both states, the keys
/// that the step wrote, who waits to be told, and in the end that the device's directories are removed.
/// </summary>
internal static class StorePart
{
    private const string Prefix = "xenstore.";

    /// <summary>True while it is drawn: there is a tree, or there was one, and no data page.</summary>
    public static bool Shown(SceneContext c) =>
        c.Stage.Data is null && (c.View.Store.Removed || !c.View.Store.Nodes.IsEmpty);

    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        if (!Shown(c))
        {
            yield break;
        }

        var store = c.View.Store;
        var draw = new NodeDraw(c, "xenstore", "xenstore", SceneOwner.None)
            .Box(526, 320, 508, 154, c.Changed("xenstore"), "box nobody")
            .Text(546, 353, StageText.Get("Xenstore"), TextRole.Name)
            .Fit(1014, 353, 330, TextAnchor.End, "mute", (StageText.Get("XenstoreIs"), TextRole.Plain));
        var y = 430;
        foreach (var (text, changed) in Lines(c))
        {
            if (changed)
            {
                draw.Rect(540, y - 21, 480, 28, 4, "chg effect");
            }

            draw.Fit(546, y, 466, TextAnchor.Start, changed ? "chgt" : "mute",
                (text, TextRole.Value), (text, TextRole.ValueSmall));
            y += 32;
        }

        yield return draw.Node();
        yield return State(c, 546, SceneOwner.Guest, store.FrontState);
        yield return State(c, 786, SceneOwner.Driver, store.BackState);
    }

    public static IEnumerable<SceneNode> Phone(SceneContext c)
    {
        if (!Shown(c))
        {
            yield break;
        }

        var store = c.View.Store;
        yield return new NodeDraw(c, "xenstore", "xenstore", SceneOwner.None)
            .Box(142, 134, 106, 80, c.Changed("xenstore"), "box nobody")
            .Text(195, 153, StageText.Get("Xenstore"), TextRole.Strong, TextAnchor.Middle)
            .Fit(195, 177, 100, TextAnchor.Middle, "", Forms(store.FrontState))
            .Fit(195, 200, 100, TextAnchor.Middle, "", Forms(store.BackState))
            .Node();
    }

    /// <summary>A state in words: <c>3 Initialised</c>.</summary>
    public static string Words(int? state) => state is { } number
        ? StageText.Get("XenbusState", number, (XenbusState)number)
        : StageText.Get("NoXenbusState");

    /// <summary>The keys that the step wrote, but for the states: <c>ring-ref = 8</c>.</summary>
    public static ImmutableArray<string> Written(SceneContext c) =>
    [
        .. Keys(c).Select(change => StageText.Get("StoreKey", Name(change.Id), change.After)),
    ];

    /// <summary>What there is to say when nothing of the device is left: that it is removed; else nothing.</summary>
    public static string? Gone(SceneContext c) => c.View.Store.Removed ? StageText.Get("StoreRemoved") : null;

    // In little room the number stands for the state.
    private static (string Text, TextRole Role)[] Forms(int? state) =>
        [(Words(state), TextRole.ValueSmall), (StageText.Get("StateShort", state), TextRole.ValueSmall)];

    private static IEnumerable<ChangeView> Keys(SceneContext c) => c.View.Changes.Where(change =>
        change.Id.StartsWith(Prefix, StringComparison.Ordinal) && change.After.Length > 0
        && !change.Id.EndsWith("/state", StringComparison.Ordinal));

    private static SceneNode State(SceneContext c, double x, SceneOwner owner, int? state)
    {
        var draw = new NodeDraw(c, "xenstore-" + owner, null, owner, c.Look("xenstore"));
        var changed = c.View.Changes.Any(change => change.Id.StartsWith(Prefix, StringComparison.Ordinal)
            && change.Id.EndsWith("/state", StringComparison.Ordinal)
            && change.Id.Contains("/backend/", StringComparison.Ordinal) == (owner == SceneOwner.Driver));
        if (changed)
        {
            draw.Rect(x - 6, 370, 228, 32, 4, "chg effect");
        }

        return draw.Path(Glyphs.Owner(owner, x + 10, 386, 8), "glyph")
            .Fit(x + 26, 394, 194, TextAnchor.Start, changed ? "chgt" : "",
                (Words(state), TextRole.Value), (Words(state), TextRole.ValueSmall))
            .Node();
    }

    // Two lines: what was written, or else that all is removed, and who waits.
    private static IEnumerable<(string Text, bool Changed)> Lines(SceneContext c)
    {
        if (Gone(c) is { } gone)
        {
            var now = c.View.Changes.Any(change => change.Id.StartsWith(Prefix, StringComparison.Ordinal));
            return Waiting(c).Take(1).Prepend((gone, now));
        }

        var written = Written(c);
        if (written.Length > 0)
        {
            return written.Length <= 2
                ? written.Select(text => (text, true))
                : [(written[0], true), (StageText.Get("StoreMore", written.Length - 1), true)];
        }

        return Waiting(c).Take(2);
    }

    private static IEnumerable<(string Text, bool Changed)> Waiting(SceneContext c) =>
        c.View.Store.Watches.OrderByDescending(watch => watch.Unread).Select(watch => (StageText.Get(
            watch.Unread > 0 ? "StoreUnread" : "StoreWatch", watch.Domain, Name(watch.Path), watch.Unread), false));

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
