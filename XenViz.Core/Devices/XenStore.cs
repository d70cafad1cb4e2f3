using System.Collections.Immutable;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices;

/// <summary>Xenstore: a tree of text keys, kept as full paths.</summary>
/// <param name="Keys">Value by path.</param>
public sealed record XenStore(ImmutableSortedDictionary<string, string> Keys) : PrivateState
{
    /// <summary>An empty tree.</summary>
    public static XenStore Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>The value of a key, or null.</summary>
    public string? this[string path] => Keys.TryGetValue(path, out var value) ? value : null;

    /// <summary>The tree with keys written in one transaction.</summary>
    public XenStore With(params IEnumerable<(string Path, string Value)> keys)
    {
        var all = Keys;
        foreach (var (path, value) in keys)
        {
            all = all.SetItem(path, value);
        }

        return new XenStore(all);
    }

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var (path, value) in Keys)
        {
            hasher.Add(path);
            hasher.Add(value);
        }
    }
}
