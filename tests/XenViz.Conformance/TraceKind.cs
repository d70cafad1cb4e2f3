using System.Text.Json;

namespace XenViz.Conformance;

/// <summary>The kinds of traces that exist.</summary>
enum TraceKind
{
    /// <summary>One block ring.</summary>
    Ring,

    /// <summary>Grant tables of a whole machine.</summary>
    Grant,

    /// <summary>Event channels of a whole machine, 2-level and FIFO.</summary>
    Evtchn,
}

/// <summary>Tells the kind of a trace from its header line.</summary>
static class TraceKinds
{
    /// <summary>The kind, or null when the header is of none. Ring traces have a format, the others a model.</summary>
    public static TraceKind? Of(JsonElement header) => (Value(header, "format"), Value(header, "model")) switch
    {
        ("xenviz-ring-trace-1", _) => TraceKind.Ring,
        (null, "grant") => TraceKind.Grant,
        (null, "evt") => TraceKind.Evtchn,
        _ => null,
    };

    static string? Value(JsonElement header, string key) =>
        header.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
