using System.Collections.Immutable;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>
/// Does once, in small pieces and before the first key, what the first steps of a run ask for: takes patches apart and
/// lays out the picture. In a browser code is slow when it first runs. Nothing of it is shown.
/// </summary>
internal static class Rehearsal
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly ImmutableArray<string> Moments = ["2.8", "4.16", "5.3"];

    /// <summary>Rehearses until it is through or until it is cancelled; a cancellation is no error.</summary>
    /// <param name="view">What is on screen.</param>
    /// <param name="size">How large its picture is.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(SessionView view, SceneSize size, CancellationToken cancellation)
    {
        foreach (var sample in Moments.Select(moment => StageSamples.Of(moment)).Prepend(view))
        {
            SceneLayout.Build(sample, size);
            await Task.Delay(Pause, CancellationToken.None);
            foreach (var _ in ViewRehearsal.Of(sample))
            {
                await Task.Delay(Pause, CancellationToken.None);
                if (cancellation.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }
}
