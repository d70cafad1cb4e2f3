using System.Collections.Frozen;
using XenViz.Core.Commands;
using XenViz.Core.Scenarios.Files;

namespace XenViz.Core.Projection;

/// <summary>What a run is called.</summary>
public static class RunTitles
{
    // Prepared runs by their parameters. Of two that differ only in where they open, the first gives the name.
    private static readonly Lazy<FrozenDictionary<string, string>> prepared = new(() =>
        ScenarioCatalog.All
            .GroupBy(entry => Key(entry.File.Link.Parameters), StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.First().Title, StringComparer.Ordinal));

    /// <summary>The title of a run: that of the prepared scenario it is, else what it does.</summary>
    public static string Title(RunParameters run) =>
        run.Scenario != "figure" && Prepared(run) is { } title
            ? title
            : SessionProjector.Text(
                "Title_" + (run.Scenario == "figure" ? run.Read ? "figure_read" : "figure_write" : run.Scenario));

    /// <summary>The title of the prepared scenario that has just these parameters, or null.</summary>
    public static string? Prepared(RunParameters run) => prepared.Value.GetValueOrDefault(Key(run));

    /// <summary>Who talks to whom, how bytes go, and how large the ring is; queues and depth when there are several.
    /// </summary>
    public static string Subtitle(RunParameters run)
    {
        if (RunLimits.IsNetwork(run.Scenario))
        {
            var way = run.Scenario switch { "net-flip" => "flip", "net-rx" => "copy", _ => run.Path };
            var net = SessionProjector.Text(
                "SubtitleNet", SessionProjector.Text("Path_net_" + (way == "persistent" ? "map" : way)));
            return More(run, net);
        }

        var path = SessionProjector.Text("Path_" + run.Path);
        var text = SessionProjector.Text("Subtitle", path, RunLimits.SlotsOf(run));
        text = run.Queues > 1 ? SessionProjector.Text("SubtitleQueues", text, run.Queues) : text;
        return More(run, text);
    }

    private static string Key(RunParameters run) => new RunLink { Parameters = run }.Format();

    private static string More(RunParameters run, string text)
    {
        text = run.Depth > 1 ? SessionProjector.Text("SubtitleDepth", text, run.Depth) : text;
        return run.Events == "fifo" ? SessionProjector.Text("SubtitleFifo", text) : text;
    }
}
