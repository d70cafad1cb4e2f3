using System.Collections.Immutable;

namespace XenViz.Client.Stage;

/// <summary>Collects the marks of one node.</summary>
internal sealed class NodeDraw
{
    private readonly SceneContext context;
    private readonly string key;
    private readonly string? objectId;
    private readonly SceneOwner owner;
    private readonly SceneLook look;
    private readonly ImmutableArray<SceneMark>.Builder marks = ImmutableArray.CreateBuilder<SceneMark>();
    private int? appearsAt;

    public NodeDraw(SceneContext context, string key, string? objectId, SceneOwner owner, SceneLook? look = null)
    {
        this.context = context;
        this.key = key;
        this.objectId = objectId;
        this.owner = owner;
        this.look = look ?? (objectId is null ? SceneLook.Idle : context.Look(objectId));
    }

    public SceneLook Look => look;

    public NodeDraw Rect(double x, double y, double width, double height, double radius, string @class)
    {
        marks.Add(new RectMark(x, y, width, height, radius, @class));
        return this;
    }

    public NodeDraw Disc(double x, double y, double radius, string @class)
    {
        marks.Add(new DiscMark(x, y, radius, @class));
        return this;
    }

    public NodeDraw Path(string data, string @class)
    {
        marks.Add(new PathMark(data, @class));
        return this;
    }

    public NodeDraw Text(
        double x, double y, string text, TextRole role, TextAnchor anchor = TextAnchor.Start, string @class = "",
        string? was = null)
    {
        if (text.Length > 0)
        {
            marks.Add(new TextMark(x, y, text, role, anchor, @class, was == text ? null : was));
        }

        return this;
    }

    /// <summary>The longest form of a text that fits the room.</summary>
    public NodeDraw Fit(
        double x, double y, double room, TextAnchor anchor, string @class, params (string Text, TextRole Role)[] forms)
    {
        var (text, role) = context.Pick(room, forms);
        return Text(x, y, text, role, anchor, @class);
    }

    /// <summary>A box with its halo when the object changed.</summary>
    public NodeDraw Box(double x, double y, double width, double height, bool changed, string @class = "box")
    {
        if (changed)
        {
            Rect(x, y, width, height, 8, "halo effect");
        }

        return Rect(x, y, width, height, 8, @class);
    }

    /// <summary>
    /// A named number in a chip: <c>req_cons 45</c>; <c>45→46</c> and marked when the step changed it; shortened to
    /// its last digits when it is too long.
    /// </summary>
    public NodeDraw NumberChip(
        double x, double y, double width, double height, string name, ulong value, string changeId)
    {
        var change = context.Change(changeId);
        Rect(x, y, width, height, 6, "pvt");
        if (change is not null)
        {
            Rect(x, y, width, height, 6, "chg effect");
        }

        // Larger type comes nearer to the edge, and calls a private producer shorter before it cuts a number.
        var inset = context.Low ? 6 : 9;
        var forms = NumberForms(name, SceneContext.Dec(value), SceneContext.Was(change));
        var shorter = name.Replace("_prod_pvt", "_pvt", StringComparison.Ordinal);
        var (text, role) = context.Pick(
            width - (2 * inset) + 1, !context.Low || shorter == name ? forms
                : [forms[0], .. NumberForms(shorter, SceneContext.Dec(value), SceneContext.Was(change))]);
        var baseline = y + (height / 2) + (TextFit.Size(role, context.Size) * 0.36);
        return Text(
            x + inset, baseline, text, role, TextAnchor.Start, change is null ? "" : "chgt",
            SceneContext.Was(change) is { } was ? name + " " + TextFit.Short(was) : null);
    }

    /// <summary>A value that ends at a point, in a chip when the step changed it.</summary>
    public NodeDraw EndChip(double right, double baseline, double room, string value, bool changed)
    {
        var (text, role) = context.Pick(room - 6, (value, TextRole.Value), (value, TextRole.ValueSmall));
        if (changed)
        {
            var width = context.Width(text, role);
            Rect(right - width - 6, baseline - 21, width + 12, 29, 4, "chg effect");
        }

        return Text(right, baseline, text, role, TextAnchor.End, changed ? "chgt" : "");
    }

    /// <summary>The forms of a named number, the fullest first.</summary>
    public static (string Text, TextRole Role)[] NumberForms(string name, string value, string? before)
    {
        var plain = (name + " " + value, TextRole.Value);
        var small = (name + " " + value, TextRole.ValueSmall);
        var cut = (name + " " + TextFit.Short(value), TextRole.Value);
        var cutSmall = (name + " " + TextFit.Short(value), TextRole.ValueSmall);
        if (before is null)
        {
            return [plain, cut, small, cutSmall];
        }

        var both = name + " " + before + "→" + value;
        return [(both, TextRole.Value), (both, TextRole.ValueSmall), plain, cut, cutSmall];
    }

    public NodeDraw Add(IEnumerable<SceneMark> more)
    {
        marks.AddRange(more);
        return this;
    }

    /// <summary>The whole object shows only from this time of the step's motion on.</summary>
    public NodeDraw From(int milliseconds)
    {
        appearsAt = milliseconds;
        return this;
    }

    /// <summary>Finishes the node.</summary>
    /// <param name="shiftX">How far it is shifted to the right.</param>
    public SceneNode Node(double shiftX = 0)
    {
        var effect = objectId is null || !context.Changed(objectId) ? 0 : context.Effect(objectId);
        return new SceneNode(key, objectId, owner, look, appearsAt ?? effect, marks.ToImmutable())
        {
            ShiftX = shiftX,
            Appears = appearsAt is not null,
        };
    }
}
