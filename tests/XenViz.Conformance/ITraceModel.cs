using System.Text.Json;

namespace XenViz.Conformance;

/// <summary>What replays one kind of trace. One instance replays one trace.</summary>
interface ITraceModel
{
    /// <summary>Checks the state that the header line promises. Called once, before all operations.</summary>
    /// <returns>What differs, one text each, <c>key: expected E, was W</c>.</returns>
    IEnumerable<string> Begin(JsonElement header);

    /// <summary>Does one operation and compares everything that the line says about it.</summary>
    /// <inheritdoc cref="Begin" path="/returns"/>
    IEnumerable<string> Apply(JsonElement line);
}
