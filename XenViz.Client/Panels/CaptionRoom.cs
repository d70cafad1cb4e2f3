using System.Collections.Immutable;
using XenViz.Client.Resources;
using XenViz.Client.Stage;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Whether what changed has room under the caption of a low window: two lines at 1280 x 720.</summary>
internal static class CaptionRoom
{
    /// <summary>Most changes that are told beside the caption; the rest are a click away.</summary>
    public const int MostChanges = 3;

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

    /// <summary>The names by which the sheets know what the caption holds beside its words, or null: nothing.</summary>
    /// <param name="view">What is on screen.</param>
    /// <param name="told">The changes to tell.</param>
    /// <param name="beats">The arrows that have letters.</param>
    public static string? With(SessionView view, ImmutableArray<ChangeView> told, ImmutableArray<Beat> beats)
    {
        var broken = !view.Narration.Violations.IsEmpty;
        var bad = broken || view.Run.Stopped is not null || Words.StoppedAt(view) is not null
            || Words.PastBreakpoints(view) is not null;
        var names = string.Join(' ', Names());
        return names.Length > 0 ? names : null;

        IEnumerable<string> Names()
        {
            if (view.Narration.Choices.Length > 1)
            {
                yield return "with-who";
            }

            if (beats.Length > 0)
            {
                yield return "with-beats";
            }

            if (bad)
            {
                yield return "with-bad";
            }

            if (broken)
            {
                yield return "with-broken";
            }

            if (told.Length >= MostChanges)
            {
                yield return "with-many";
            }
        }
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
