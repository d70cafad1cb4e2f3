namespace XenViz.Client.Stage.Parts;

/// <summary>
/// Where the flags of a side of the strip stand in a low window, whose larger type needs the room that there is: a
/// label stands beside its pole while its number is whole there, else on a board across it. The flag near the strip
/// keeps off the pole of the far one; only where two stand so close that it cannot does the far pole go behind a board.
/// </summary>
internal static class LowFlags
{
    /// <summary>From a pole to the label beside it.</summary>
    public const double Gap = 22;

    private const double Left = 562;
    private const double Right = 1038;

    // The owner's mark and the edge of the board around a label that stands across its pole.
    private const double Mark = 20;
    private const double Edge = 8;

    /// <summary>A flag to be placed.</summary>
    /// <param name="X">Where its pole stands.</param>
    /// <param name="Forms">Its label from the fullest form to the narrowest, each with the whole number.</param>
    public sealed record Flag(double X, (string Text, TextRole Role)[] Forms);

    /// <summary>A flag in its place.</summary>
    /// <param name="Index">Which of the flags it is.</param>
    /// <param name="Text">Its label.</param>
    /// <param name="Role">The label's letters.</param>
    /// <param name="Width">The label's width.</param>
    /// <param name="Shift">From the pole to the label's left edge.</param>
    /// <param name="Across">True when the label stands across the top of its pole.</param>
    /// <param name="Rank">0 for the best form in the best place.</param>
    public sealed record Place(
        int Index, string Text, TextRole Role, double Width, double Shift, bool Across, int Rank);

    /// <summary>The places, the far flag's first.</summary>
    /// <param name="flags">One or two.</param>
    public static Place[] Of(IReadOnlyList<Flag> flags)
    {
        if (flags.Count == 1)
        {
            return [Find(flags, 0, Left, Right)];
        }

        var (one, other) = (Pair(flags, 0, 1), Pair(flags, 1, 0));
        return one.Sum(place => place.Rank) <= other.Sum(place => place.Rank) ? one : other;
    }

    // On one pole both have all the room: the far label stands on top of the near one.
    private static Place[] Pair(IReadOnlyList<Flag> flags, int far, int near)
    {
        var apart = flags[far].X - flags[near].X;
        return
        [
            Find(flags, far, Left, Right),
            Find(
                flags, near, apart < 0 ? flags[far].X + Edge : Left, apart > 0 ? flags[far].X - Edge : Right),
        ];
    }

    private static Place Find(IReadOnlyList<Flag> flags, int index, double left, double right)
    {
        var (x, forms) = flags[index];
        for (var across = 0; across < 2; across++)
        {
            for (var i = 0; i < forms.Length; i++)
            {
                var (text, role) = forms[i];
                var width = TextFit.Width(text, role, SceneSize.Low);
                var shift = across == 1 ? Across(x, width, left, right) : Beside(x, width, left, right);
                if (shift is { } at)
                {
                    return new(index, text, role, width, at, across == 1, i + (across * forms.Length));
                }
            }
        }

        var (rest, letters) = forms[^1];
        var wide = TextFit.Width(rest, letters, SceneSize.Low);
        return new(
            index, rest, letters, wide, Across(x, wide, Left, Right) ?? Gap, true, 2 * forms.Length);
    }

    private static double? Beside(double x, double width, double left, double right) =>
        x + Gap + width <= right ? Gap : x - Gap - width >= left ? -Gap - width : null;

    private static double? Across(double x, double width, double left, double right)
    {
        var board = Edge + Mark + width + Edge;
        return board > right - left ? null
            : Math.Clamp(x - (board / 2), left, right - board) + Edge + Mark - x;
    }
}
