using System.Text.Json;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;

namespace XenViz.Conformance;

/// <summary>What a model answers to one operation, compared with what the line says.</summary>
sealed class Answer
{
    /// <summary>What the hypercall returned; null for what is none.</summary>
    public int? Return { get; set; }

    /// <summary>The status, or the list of statuses.</summary>
    public JsonNode? Status { get; set; }

    /// <summary>What was given back, or null.</summary>
    public JsonNode? Out { get; set; }

    /// <summary>True when changes of memory are not listed.</summary>
    public bool HideMemory { get; set; }

    /// <summary>Takes the results of one element, or of a list of them.</summary>
    public void Take(bool isList, List<(GrantStatus Status, JsonObject? Out)> results, bool withOut)
    {
        if (isList)
        {
            Status = new JsonArray([.. results.Select(each => (JsonNode)(short)each.Status)]);
            Out = withOut ? new JsonArray([.. results.Select(each => (JsonNode?)each.Out)]) : null;
        }
        else
        {
            Status = (short)results[0].Status;
            Out = withOut ? results[0].Out : null;
        }
    }

    /// <summary>What differs from the line.</summary>
    public IEnumerable<string> Differ(JsonElement line)
    {
        foreach (var (key, own) in new (string, JsonNode?)[] { ("ret", Return), ("status", Status), ("out", Out) })
        {
            var told = line.TryGetProperty(key, out var value) ? JsonNode.Parse(value.GetRawText()) : null;
            if (!JsonNode.DeepEquals(told, own))
            {
                yield return $"{key}: expected {Shown(told)}, was {Shown(own)}";
            }
        }
    }

    static string Shown(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
