using System.Collections.Immutable;
using MudBlazor;
using XenViz.Client.Resources;
using XenViz.Core.Commands;

namespace XenViz.Client.Time;

/// <summary>Starting again takes the branches away; for a while they can be brought back.</summary>
internal static class DroppedBranches
{
    // Long enough to read it and to get there by keyboard.
    private const int Milliseconds = 20_000;

    /// <summary>Says how many went, with a button that brings them back.</summary>
    /// <param name="snackbar">Where it is said.</param>
    /// <param name="branches">Their ids, the first made first.</param>
    /// <param name="send">Sends a command.</param>
    public static void Offer(
        ISnackbar snackbar, ImmutableArray<int> branches, Func<Command, Task> send) => snackbar.Add(
        branches.Length == 1 ? TimeTexts.Dropped_One : TimeTexts.Dropped_Many.With(branches.Length), Severity.Info,
        options =>
        {
            options.VisibleStateDuration = Milliseconds;
            options.Action = branches.Length == 1 ? TimeTexts.Branch_Undo : TimeTexts.Dropped_Undo;
            options.ActionColor = Color.Inherit;
            options.ActionVariant = Variant.Outlined;
            options.OnClick = async _ =>
            {
                foreach (var branch in branches)
                {
                    await send(new Command.RestoreBranch(branch));
                }
            };
        });
}
