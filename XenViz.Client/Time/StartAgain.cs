using System.Collections.Immutable;
using MudBlazor;
using XenViz.Client.Resources;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Time;

/// <summary>Starting again takes the branches away; for a while they can be brought back.</summary>
internal static class StartAgain
{
    // Long enough to read it and to get there by keyboard.
    private const int Milliseconds = 20_000;

    /// <summary>
    /// Starts the run on screen again. Without branches it is simply made anew. Branches are deleted one by one, so
    /// that they can come back, and what is said to be gone is what the session has heard of.
    /// </summary>
    /// <param name="view">What is on screen.</param>
    /// <param name="snackbar">Where it is said.</param>
    /// <param name="send">Sends a command, and tells whether the session did it.</param>
    public static async Task GoAsync(SessionView view, ISnackbar snackbar, Func<Command, Task<bool>> send)
    {
        var branches = view.Timeline.Branches.Where(branch => branch.Parent is not null)
            .Select(branch => branch.Id).ToImmutableArray();
        if (branches.IsEmpty)
        {
            await send(new Command.Reset());
            return;
        }

        var gone = ImmutableArray<int>.Empty;
        foreach (var branch in branches.Reverse())
        {
            if (!await send(new Command.DeleteBranch(branch)))
            {
                break;
            }

            gone = gone.Insert(0, branch);
        }

        if (gone.Length == branches.Length)
        {
            await send(new Command.Seek(0));
        }

        if (!gone.IsEmpty)
        {
            var said = gone.Length < branches.Length ? TimeTexts.Dropped_Part.With(gone.Length, branches.Length)
                : gone.Length == 1 ? TimeTexts.Dropped_One
                : TimeTexts.Dropped_Many.With(gone.Length);
            Offer(snackbar, said, gone.Length, () => BackAsync(view.Run, gone, send));
        }
    }

    // First the branches, the first made first, then the place where one was.
    private static async Task BackAsync(RunView was, ImmutableArray<int> gone, Func<Command, Task<bool>> send)
    {
        var way = gone.Select(Command (branch) => new Command.RestoreBranch(branch))
            .Append(new Command.SwitchBranch(was.Branch)).Append(new Command.Seek(was.Position));
        foreach (var command in way)
        {
            if (!await send(command))
            {
                return;
            }
        }
    }

    private static void Offer(ISnackbar snackbar, string said, int many, Func<Task> back) => snackbar.Add(
        said, Severity.Info,
        options =>
        {
            options.VisibleStateDuration = Milliseconds;
            options.Action = many == 1 ? TimeTexts.Branch_Undo : TimeTexts.Dropped_Undo;
            options.ActionColor = Color.Inherit;
            options.ActionVariant = Variant.Outlined;
            options.OnClick = _ => back();
        });
}
