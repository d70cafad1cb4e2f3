using System.Globalization;
using System.Resources;

namespace XenViz.Core.Scenarios.Files;

/// <summary>What is wrong with a scenario file.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Field">The field as a path, <c>workload.items[2].sector</c>; empty for the file as a whole.</param>
/// <param name="Message">A sentence for people: what is wrong and the remedy.</param>
public sealed record ScenarioFileError(int Line, string Field, string Message)
{
    private static readonly ResourceManager Texts =
        new("XenViz.Core.Scenarios.Files.ScenarioFileText", typeof(ScenarioFileError).Assembly);

    /// <summary>The error in one line: <c>line 7, ring.slots: ...</c>.</summary>
    public override string ToString() => Field.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Message}")
        : string.Create(CultureInfo.InvariantCulture, $"line {Line}, {Field}: {Message}");

    internal static ScenarioFileError At(int line, string field, string text, params object[] values) =>
        new(line, field, Text(text, values));

    internal static string Text(string key, params object[] values) =>
        string.Format(CultureInfo.CurrentCulture, Texts.GetString(key) ?? key, values);
}
