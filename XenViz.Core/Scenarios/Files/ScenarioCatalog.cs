using System.Collections.Immutable;
using System.Reflection;

namespace XenViz.Core.Scenarios.Files;

/// <summary>A scenario that comes with the product.</summary>
/// <param name="Name">A stable word: the name of its file.</param>
/// <param name="Title">A title for people.</param>
/// <param name="About">What is to be seen in it.</param>
/// <param name="File">What its file says.</param>
public sealed record CatalogEntry(string Name, string Title, string About, ScenarioFile File);

/// <summary>The scenarios that come with the product: the files of <c>Scenarios/Data</c>, read by the same reader as
/// anybody's.</summary>
public static class ScenarioCatalog
{
    private const string Prefix = "XenViz.Core.Scenarios.Data.";

    /// <summary>The names in the order in which they are taught.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "connect", "write", "read", "in-flight", "batching", "wrap-around", "map", "copy", "persistent", "indirect",
        "ring-pages", "multi-queue", "flush-and-barrier", "discard", "notify-async", "notify-sync",
        "events-fifo", "events-queue", "events-priority", "bounce", "iommu-on", "iommu-off", "disconnect", "reconnect",
        "protocol-32-bit", "protocol-missing", "revoke", "overflow",
        "net-connect", "net-tx", "net-pieces", "net-large", "net-single", "net-plain", "net-rx", "net-batch",
        "net-flip", "net-guests", "net-stall", "net-disconnect", "net-reconnect", "net-endless",
    ];

    /// <summary>All of them, in that order.</summary>
    public static ImmutableArray<CatalogEntry> All { get; } = [.. Names.Select(Read)];

    /// <summary>The bytes of a scenario's file, or null when there is none of that name.</summary>
    public static byte[]? BytesOf(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{name}.json");
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static CatalogEntry Read(string name)
    {
        var (file, errors) = ScenarioReader.Read(BytesOf(name) ?? []);
        return file is null
            ? throw new InvalidOperationException($"Scenarios/Data/{name}.json: {errors[0]}")
            : new(name, ScenarioFileError.Text("Title_" + name), ScenarioFileError.Text("What_" + name), file);
    }
}
