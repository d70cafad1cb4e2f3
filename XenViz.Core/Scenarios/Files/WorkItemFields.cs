using System.Collections.Immutable;
using System.Text.Json;
using XenViz.Core.Commands;

namespace XenViz.Core.Scenarios.Files;

/// <summary>The fields of an item of work, by what it does.</summary>
internal static class WorkItemFields
{
    /// <summary>Most characters of a DOS file name.</summary>
    public const int FileNameLength = 12;

    /// <summary>What an item can do.</summary>
    public static ImmutableArray<string> Kinds { get; } = 
        ["write", "read", "copy", "file", "barrier", "flush", "discard", "send", "receive"];

    /// <summary>The fields of each kind beside <c>do</c>: those that it needs, then those that it may have.</summary>
    public static (string[] Needed, string[] Optional) Of(string kind) => kind switch
    {
        "write" or "barrier" => (["sector", "text"], ["sectors"]),
        "read" => (["sector", "count"], []),
        "copy" => (["from", "to", "count"], []),
        "discard" => (["sector", "count"], ["secure"]),
        "flush" => ([], []),
        "send" => (["bytes"], ["text", "offset", "segment", "blank"]),
        "receive" => (["bytes"], ["text"]),
        _ => (["name"], []),
    };

    /// <summary>Reads an item. What is wrong is noted by the reader; then the item is some harmless one.</summary>
    public static WorkItem Read(FieldReader item)
    {
        if (!item.Has("do"))
        {
            item.Bad("do", "WorkKind", string.Join(", ", Kinds));
        }

        var kind = item.Word("do", [.. Kinds]);
        if (kind is null)
        {
            foreach (var name in item.Names)
            {
                item.Ignore(name);
            }

            return new WorkItem.ReadSectors(0, 1);
        }

        foreach (var name in Of(kind).Needed.Where(name => !item.Has(name)))
        {
            item.Bad(name, "Missing", kind);
        }

        return kind switch
        {
            "write" => new WorkItem.WriteText(
                Sector("sector"), item.Text("text", RunLimits.TextBytes) ?? "", Count("sectors", 0)),
            "read" => new WorkItem.ReadSectors(Sector("sector"), Count("count", 1)),
            "copy" => new WorkItem.CopySectors(Sector("from"), Sector("to"), Count("count", 1)),
            "barrier" => new WorkItem.WriteBarrier(
                Sector("sector"), item.Text("text", RunLimits.TextBytes) ?? "", Count("sectors", 0)),
            "flush" => new WorkItem.Flush(),
            "discard" => new WorkItem.DiscardSectors(
                Sector("sector"), Count("count", 1), item.Switch("secure") ?? false),
            "send" => new WorkItem.SendPacket(
                Bytes(), item.Text("text", RunLimits.TextBytes) ?? "",
                (int)(item.Number("offset", 0, RunLimits.PacketOffset) ?? RunLimits.UsualOffset),
                (int)(item.Number("segment", 0, RunLimits.SegmentPayload) ?? 0), item.Switch("blank") ?? false),
            "receive" => new WorkItem.ReceivePacket(Bytes(), item.Text("text", RunLimits.TextBytes) ?? ""),
            _ => new WorkItem.ReadFile(item.Text("name", FileNameLength) ?? ""),
        };

        int Bytes() =>
            (int)(item.Number("bytes", RunLimits.LeastPacket, RunLimits.MostPacket) ?? RunLimits.LeastPacket);

        long Sector(string name) => item.Number(name, 0, RunLimits.LastSector) ?? 0;

        int Count(string name, int least) => (int)(item.Number(name, least, RunLimits.Sectors) ?? least);
    }

    /// <summary>Writes an item.</summary>
    public static void Write(Utf8JsonWriter json, WorkItem item)
    {
        json.WriteStartObject();
        switch (item)
        {
            case WorkItem.SendPacket or WorkItem.ReceivePacket:
                WritePacket(json, item);
                break;
            case WorkItem.WriteText write:
                json.WriteString("do", "write");
                json.WriteNumber("sector", write.Sector);
                json.WriteString("text", write.Text);
                if (write.Sectors != 0)
                {
                    json.WriteNumber("sectors", write.Sectors);
                }

                break;
            case WorkItem.WriteBarrier write:
                json.WriteString("do", "barrier");
                json.WriteNumber("sector", write.Sector);
                json.WriteString("text", write.Text);
                if (write.Sectors != 0)
                {
                    json.WriteNumber("sectors", write.Sectors);
                }

                break;
            case WorkItem.Flush:
                json.WriteString("do", "flush");
                break;
            case WorkItem.DiscardSectors discard:
                json.WriteString("do", "discard");
                json.WriteNumber("sector", discard.Sector);
                json.WriteNumber("count", discard.Count);
                if (discard.Secure)
                {
                    json.WriteBoolean("secure", true);
                }

                break;
            case WorkItem.ReadSectors read:
                json.WriteString("do", "read");
                json.WriteNumber("sector", read.Sector);
                json.WriteNumber("count", read.Count);
                break;
            case WorkItem.CopySectors copy:
                json.WriteString("do", "copy");
                json.WriteNumber("from", copy.From);
                json.WriteNumber("to", copy.To);
                json.WriteNumber("count", copy.Count);
                break;
            case WorkItem.ReadFile file:
                json.WriteString("do", "file");
                json.WriteString("name", file.Name);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(item), item, "Not an item of the closed union.");
        }

        json.WriteEndObject();
    }

    private static void WritePacket(Utf8JsonWriter json, WorkItem item)
    {
        var send = item as WorkItem.SendPacket;
        var (bytes, text) = send is not null
            ? (send.Bytes, send.Text)
            : (((WorkItem.ReceivePacket)item).Bytes, ((WorkItem.ReceivePacket)item).Text);
        json.WriteString("do", send is null ? "receive" : "send");
        json.WriteNumber("bytes", bytes);
        if (text.Length > 0)
        {
            json.WriteString("text", text);
        }

        if (send is null)
        {
            return;
        }

        if (send.Offset != RunLimits.UsualOffset)
        {
            json.WriteNumber("offset", send.Offset);
        }

        if (send.Segment != 0)
        {
            json.WriteNumber("segment", send.Segment);
        }

        if (send.Blank)
        {
            json.WriteBoolean("blank", true);
        }
    }
}
