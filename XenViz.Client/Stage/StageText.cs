using System.Globalization;
using System.Resources;

namespace XenViz.Client.Stage;

/// <summary>The words on the stage, from StageText.resx.</summary>
internal static class StageText
{
    private static readonly ResourceManager resources = new(
        "XenViz.Client.Stage.StageText", typeof(StageText).Assembly);

    /// <summary>A text.</summary>
    /// <exception cref="MissingManifestResourceException">The key is not in the resource file.</exception>
    public static string Get(string key) =>
        resources.GetString(key, CultureInfo.CurrentUICulture)
        ?? throw new MissingManifestResourceException(key);

    /// <summary>A text with places filled in.</summary>
    public static string Get(string key, params object?[] values) =>
        string.Format(CultureInfo.InvariantCulture, Get(key), values);
}
