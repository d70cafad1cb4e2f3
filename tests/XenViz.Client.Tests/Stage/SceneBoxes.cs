using XenViz.Client.Stage;

namespace XenViz.Client.Tests.Stage;

/// <summary>A rectangle of a scene with what it is, for messages.</summary>
internal sealed record SceneBox(string What, double Left, double Top, double Right, double Bottom)
{
    public bool Overlaps(SceneBox other) =>
        Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Contains(double x, double y) => x >= Left && x <= Right && y >= Top && y <= Bottom;

    public bool Touches(double x, double y, double radius)
    {
        var (dx, dy) = (x - Math.Clamp(x, Left, Right), y - Math.Clamp(y, Top, Bottom));
        return (dx * dx) + (dy * dy) < radius * radius;
    }
}

/// <summary>The boxes of a scene's labels.</summary>
internal static class SceneBoxes
{
    public static SceneBox[] Labels(Scene scene, SceneSize size) =>
    [
        .. scene.Nodes.SelectMany(n => n.Marks.OfType<TextMark>().Select(t => Of(n, t, size))),
    ];

    public static SceneBox Of(SceneNode node, TextMark text, SceneSize size)
    {
        var width = TextFit.Width(text.Text, text.Role, size);
        var height = TextFit.Size(text.Role, size);
        var left = node.ShiftX + text.Anchor switch
        {
            TextAnchor.Start => text.X,
            TextAnchor.Middle => text.X - (width / 2),
            _ => text.X - width,
        };
        return new SceneBox(
            $"{node.Key} '{text.Text}'", left, text.Y - (height * 0.72), left + width, text.Y + (height * 0.1));
    }

    public static SceneBox Of(SceneNode node, RectMark rect) => new(
        node.Key, node.ShiftX + rect.X, rect.Y, node.ShiftX + rect.X + rect.Width, rect.Y + rect.Height);
}
