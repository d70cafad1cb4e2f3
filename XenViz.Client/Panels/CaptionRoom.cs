using System.Collections.Immutable;
using XenViz.Client.Resources;
using XenViz.Client.Stage;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Whether what changed has room under the caption of a low window: two lines at 1280 x 720.</summary>
internal static class CaptionRoom
{
    // Pixels of css/app.css: the column of the caption, what stands between two in it, and around the words of one.
    private const double Line = 420;
    private const double Gap = 8;
    private const double Mark = 20;
    private const double Badge = 21;
    private const double Chip = 15;

    /// <summary>True where all of it would need a third line: then one change is told, and how many more there
    /// are.</summary>
    /// <param name="view">What is on screen.</param>
    /// <param name="told">The changes to tell.</param>
    public static bool IsCrowded(SessionView view, ImmutableArray<ChangeView> told)
    {
        var (lines, used) = (1, 0.0);
        foreach (var width in Widths(view, told))
        {
            if (used > 0 && used + Gap + width > Line)
            {
                lines++;
                used = 0;
            }

            used += width + (used > 0 ? Gap : 0);
        }

        return told.Length > 1 && lines > 2;
    }

    private static IEnumerable<double> Widths(SessionView view, ImmutableArray<ChangeView> told)
    {
        if (view.Run.Position > 0)
        {
            yield return Mark + Width(Words.Lane(view.Narration.Actor, view.Stage.Device), TextRole.Label, 15);
        }

        if (!view.Narration.InFigure)
        {
            yield return Badge + Width(Texts.Badge_LeftOut, TextRole.Plain, 14);
        }

        foreach (var change in told)
        {
            var words = change.Before.Length > 0
                ? $"{ChangeNames.Of(change.Id)} {ChangeNames.Short(change.Before)} → {ChangeNames.Short(change.After)}"
                : $"{ChangeNames.Of(change.Id)}: {ChangeNames.Short(change.After)}";
            yield return Math.Min(Line, Chip + Width(words, TextRole.Value, 13));
        }
    }

    private static double Width(string text, TextRole role, double pixels) =>
        TextFit.Width(text, role, SceneSize.Desk) * pixels / TextFit.Size(role, SceneSize.Desk);
}
