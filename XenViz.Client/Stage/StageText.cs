using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;

namespace XenViz.Client.Stage;

/// <summary>The words on the stage, from StageText.resx.</summary>
internal static class StageText
{
    private static readonly ResourceManager resources = new(
        "XenViz.Client.Stage.StageText", typeof(StageText).Assembly);

    // A picture has a hundred texts, and looking one up in the resources takes a browser longer than drawing it.
    private static readonly ConcurrentDictionary<CultureInfo, ConcurrentDictionary<string, string>> known = new();

    /// <summary>A text.</summary>
    /// <exception cref="MissingManifestResourceException">The key is not in the resource file.</exception>
    public static string Get(string key) =>
        known.GetOrAdd(CultureInfo.CurrentUICulture, static _ => new ConcurrentDictionary<string, string>())
            .GetOrAdd(key, static key => resources.GetString(key, CultureInfo.CurrentUICulture)
                ?? throw new MissingManifestResourceException(key));

    /// <summary>True when there is such a text.</summary>
    public static bool Knows(string key) => resources.GetString(key, CultureInfo.CurrentUICulture) is not null;

    /// <summary>A text with places filled in.</summary>
    public static string Get(string key, params object?[] values) =>
        string.Format(CultureInfo.InvariantCulture, Get(key), values);
}
