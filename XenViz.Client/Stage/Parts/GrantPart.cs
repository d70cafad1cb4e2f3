using System.Globalization;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The grant entry: reference, domain, frame and one chip a flag, tinted by who may write it.</summary>
internal static class GrantPart
{
    private const double Right = 884;
    private const double ChipsLeft = 318;
    private const double ChipGap = 8;

    public static SceneNode Entry(SceneContext c, GrantEntryView grant)
    {
        var draw = new NodeDraw(c, "grant", "grant", SceneOwner.Xen)
            .Box(300, 518, 600, 84, c.Changed("grant"));
        var title = StageText.Get(grant.Use == "ring" ? "GrantEntryRing" : "GrantEntry", grant.Ref);
        draw.Fit(324, 550, 210, TextAnchor.Start, "", (title, TextRole.Label), (title, TextRole.Plain),
            (title, TextRole.PlainSmall));
        var frame = Field(c, grant, "frame", SceneContext.Hex(grant.Frame));
        var domid = Field(c, grant, "domid", SceneContext.Dec(grant.DomId));
        var pending = grant.FlagNames.IsEmpty;
        var words = StageText.Get("EntryFrame", frame.Text);
        var left = Right - Part(draw, c, Right, [words, frame.Text], frame.Changed, pending, 230) - 22;
        Part(
            draw, c, left, [StageText.Get("EntryDomain", domid.Text), StageText.Get("Dom", domid.Text)],
            domid.Changed, pending, left - 545);
        Flags(c, draw, grant);
        return draw.Node();
    }

    private static (string Text, bool Changed) Field(SceneContext c, GrantEntryView grant, string name, string value)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"grant.{grant.Ref}.{name}");
        var change = c.Change(id);
        return (SceneContext.Was(change) is { } was ? was + "→" + value : value, change is not null);
    }

    // Written right to left, so that the two fields keep their places whatever stands in them. Returns its width.
    private static double Part(
        NodeDraw draw, SceneContext c, double right, string[] forms, bool changed, bool pending, double room)
    {
        var (shown, role) = c.Pick(
            room, [.. forms.SelectMany(form => new[] { (form, TextRole.Value), (form, TextRole.ValueSmall) })]);
        var width = c.Width(shown, role);
        if (changed)
        {
            draw.Rect(right - width - 5, 529, width + 10, 28, 4, "chg effect");
        }
        else if (pending)
        {
            draw.Rect(right - width - 5, 529, width + 10, 28, 4, "pvt");
        }

        draw.Text(right, 550, shown, role, TextAnchor.End, changed ? "chgt" : "");
        return width;
    }

    private static void Flags(SceneContext c, NodeDraw draw, GrantEntryView grant)
    {
        var change = c.Change(string.Create(CultureInfo.InvariantCulture, $"grant.{grant.Ref}.flags"));
        var before = change is null ? grant.Flags : Parse(change.Before) ?? grant.Flags;
        var cleared = change is null ? [] : Names(before)
            .Where(name => !grant.FlagNames.Contains(name, StringComparer.Ordinal)).ToArray();
        var form = FormOf(c, [.. grant.FlagNames, .. cleared]);
        var old = Names(before).ToHashSet(StringComparer.Ordinal);
        var x = ChipsLeft;
        foreach (var name in grant.FlagNames)
        {
            x = Chip(draw, c, x, name, form, change is not null && !old.Contains(name), false);
        }

        foreach (var name in cleared)
        {
            x = Chip(draw, c, x, name, form, true, true);
        }

        var words = grant.FlagNames.IsEmpty && change is null ? StageText.Get("NotAGrant")
            : change is null ? ""
            : StageText.Get(c.View.Narration.Actor == Core.Abi.Actor.Frontend ? "SetByGuest" : "SetByXen");
        if (words.Length > 0 && x + 6 + c.Width(words, TextRole.PlainSmall) <= 890)
        {
            draw.Fit(x + 6, 585, 884 - x, TextAnchor.Start, "",
                (words, TextRole.Plain), (words, TextRole.PlainSmall));
        }
    }

    // The flags of an entry that accepts a page have long names: in smaller letters, then without what they share.
    private static (TextRole Role, bool Whole) FormOf(SceneContext c, string[] names)
    {
        (TextRole Role, bool Whole)[] forms =
            [(TextRole.Value, true), (TextRole.ValueSmall, true), (TextRole.ValueSmall, false)];
        return forms.First(form => !form.Whole
            || ChipsLeft + names.Sum(name => WidthOf(c, name, form) + ChipGap) - ChipGap <= Right + 6);
    }

    private static double WidthOf(SceneContext c, string name, (TextRole Role, bool Whole) form) =>
        Math.Round(c.Width(Shown(name, form), form.Role) + (c.Wall || c.Low ? 13 : 15.5));

    private static string Shown(string name, (TextRole Role, bool Whole) form) =>
        form.Whole ? name : name.Replace("transfer_", "", StringComparison.Ordinal);

    private static double Chip(
        NodeDraw draw, SceneContext c, double x, string name, (TextRole Role, bool Whole) form, bool changed,
        bool cleared)
    {
        var width = WidthOf(c, name, form);
        var writer = Panels.GrantFlags.IsXens(name) ? "wx" : "wg";
        draw.Rect(
            x, 562, width, 32, 4, cleared ? "chg cleared effect" : changed ? "chg effect" : "cell tint " + writer);
        draw.Text(
            x + (width / 2), 585, Shown(name, form), form.Role, TextAnchor.Middle,
            cleared ? "chgt struck" : changed ? "chgt" : "");
        return x + width + ChipGap;
    }

    private static System.Collections.Immutable.ImmutableArray<string> Names(uint flags) =>
        GrantProjector.NamesOf((ushort)flags);

    private static ushort? Parse(string flags)
    {
        var digits = flags.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? flags[2..] : flags;
        return ushort.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
            ? value : null;
    }
}
