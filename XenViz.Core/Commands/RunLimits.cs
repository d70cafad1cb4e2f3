using System.Text;

namespace XenViz.Core.Commands;

/// <summary>The ranges of everything that defines a run, checked in one place whoever asks.</summary>
public static class RunLimits
{
    /// <summary>Most items of work.</summary>
    public const int Items = 32;

    /// <summary>Most bytes (UTF-8) of the texts of all items together.</summary>
    public const int TextBytes = 4096;

    /// <summary>Most sectors of 512 bytes in one item.</summary>
    public const int Sectors = 2048;

    /// <summary>Most requests in flight: a ring of one page has 32 slots (<c>io/blkif.h</c>, 112-byte entries).
    /// </summary>
    public const int Depth = 32;

    /// <summary>Most segments a request (<c>BLKIF_MAX_SEGMENTS_PER_REQUEST</c>).</summary>
    public const int Segments = 11;

    /// <summary>Most segments of an indirect request (Linux <c>MAX_INDIRECT_SEGMENTS</c>).</summary>
    public const int IndirectSegments = 256;

    /// <summary>Most rings of a device.</summary>
    public const int Queues = 4;

    /// <summary>Most requests in flight with the longest rings: 512 slots each.</summary>
    public const int MaxDepth = 512 * Queues;

    /// <summary>Most mappings that a backend keeps for a ring (Linux <c>max_persistent_grants</c>).</summary>
    public const int Kept = 1056;

    /// <summary>The ways of the bytes.</summary>
    public static readonly string[] Paths = ["map", "copy", "persistent"];

    /// <summary>Which ends of a network interface can do something.</summary>
    public static readonly string[] Ends = ["both", "back", "front", "none"];

    /// <summary>The layouts of the slots.</summary>
    public static readonly string[] Protocols = ["x86_64", "x86_32", "none"];

    /// <summary>Most choices that a link or a recording may hold.</summary>
    public const int Choices = 200_000;

    /// <summary>The highest sector that can be named: 2^40 - 1, half a pebibyte.</summary>
    public const long LastSector = (1L << 40) - 1;

    /// <summary>Most answers before a crash.</summary>
    public const int Answers = 1000;

    /// <summary>What may stand between the disk and memory.</summary>
    public static readonly string[] Iommus = ["on", "off", "dom0-relaxed", "dom0-strict"];

    /// <summary>The ways of telling the other side.</summary>
    public static readonly string[] Notifies = ["async", "sync"];

    /// <summary>The ABIs of event channels.</summary>
    public static readonly string[] EventAbis = ["2l", "fifo"];

    /// <summary>The lowest priority of a port (<c>EVTCHN_FIFO_PRIORITY_MIN</c>).</summary>
    public const int LastPriority = 15;

    /// <summary>Bytes of the smallest Ethernet frame, without the checksum of the wire.</summary>
    public const int LeastPacket = 60;

    /// <summary>Bytes of the largest packet of the network protocol (<c>XEN_NETIF_MAX_TX_SIZE</c>).</summary>
    public const int MostPacket = 65535;

    /// <summary>The last byte of a page that a packet can begin at.</summary>
    public const int PacketOffset = 4095;

    /// <summary>Where a packet begins in its first page when nothing is said.</summary>
    public const int UsualOffset = 256;

    /// <summary>Most payload of a segment.</summary>
    public const int SegmentPayload = 9000;

    private static readonly string[] Switches = ["on", "off"];

    /// <summary>The names of the runs.</summary>
    public static IReadOnlyList<string> Scenarios { get; } =
    [
        "figure", "connect", "workload", "reconnect", "disconnect", "dma-attack", "revoke", "overflow", "net-tx",
        "net-rx", "net-flip", "net-guests", "net-endless", "net-connect", "net-stall",
        "net-disconnect", "net-reconnect",
    ];

    /// <summary>True for the runs of the network device.</summary>
    public static bool IsNetwork(string scenario) => scenario.StartsWith("net-", StringComparison.Ordinal);

    /// <summary>True for the runs that begin before anything is connected.</summary>
    public static bool IsConnecting(string scenario) => scenario is "connect" or "net-connect";

    /// <summary>Looks for the first parameter that is out of its range.</summary>
    /// <returns>Null when all is well, else the error; its field is the part of a share link (<c>slots</c>,
    /// <c>work[2].text</c>).</returns>
    public static CommandError? Check(RunParameters run)
    {
        if (!Scenarios.Contains(run.Scenario))
        {
            return CommandErrors.Bad("scenario", "Scenario", run.Scenario, string.Join(", ", Scenarios));
        }

        if (run.Slots is not (8 or 16 or 32))
        {
            return CommandErrors.Bad("slots", "Slots", run.Slots);
        }

        return CheckRing(run)
            ?? Range("depth", run.Depth, 1, Math.Max(Depth, SlotsOf(run) * run.Queues))
            ?? (run.IndirectSegments == 0 ? null
                : Range("indirect", run.IndirectSegments, Segments + 1, IndirectSegments))
            ?? Range("segments", run.Segments, 1, Math.Max(Segments, run.IndirectSegments))
            ?? CheckDevice(run)
            ?? CheckVariants(run)
            ?? (run.Image is null || IsId(run.Image) ? null : CommandErrors.Bad("image", "Image"))
            ?? Check(run.Work.IsDefault ? [] : [.. run.Work]);
    }

    /// <summary>Slots of a ring of the run.</summary>
    public static int SlotsOf(RunParameters run) => run.RingPages == 1 ? run.Slots : 32 * run.RingPages;

    private static CommandError? CheckRing(RunParameters run) =>
        run.RingPages is not (1 or 2 or 4 or 8 or 16)
            ? CommandErrors.Bad("pages", "RingPages", run.RingPages)
            : Range("queues", run.Queues, 1, Queues);

    private static CommandError? CheckDevice(RunParameters run)
    {
        if (!Paths.Contains(run.Path))
        {
            return CommandErrors.Bad("path", "Word", run.Path, string.Join(", ", Paths));
        }

        if (!Protocols.Contains(run.Protocol))
        {
            return CommandErrors.Bad("protocol", "Word", run.Protocol, string.Join(", ", Protocols));
        }

        return Range("kept", run.Kept, 1, Kept)
            ?? (run.BlockBytes is 512 or 4096 ? null : CommandErrors.Bad("block", "BlockBytes", run.BlockBytes));
    }

    private static CommandError? CheckVariants(RunParameters run)
    {
        // What ends a device runs the plain drivers only.
        var plain = run.Scenario is "connect" or "reconnect" or "disconnect";
        return Word("sg", run.ScatterGather, Ends) ?? Word("gso", run.Segmentation, Ends)
            ?? Word("csum", run.Checksums, Ends) ?? Word("iommu", run.Iommu, Iommus)
            ?? Word("notify", run.Notify, plain ? ["async"] : Notifies)
            ?? Word("bounce", run.Bounce ? "on" : "off", plain || run.Scenario == "dma-attack" ? ["off"] : Switches)
            ?? Word("events", run.Events, EventAbis) ?? Range("priority", run.Priority, 0, LastPriority)
            ?? Range("crash", run.CrashAfter, 0, Answers);
    }

    private static CommandError? Word(string field, string value, string[] words) =>
        words.Contains(value) ? null : CommandErrors.Bad(field, "Word", value, string.Join(", ", words));

    /// <summary>True for 1 to 64 letters, digits, <c>-</c> and <c>_</c>: what a session or an image may be called.
    /// </summary>
    public static bool IsId(string? id) =>
        id is { Length: >= 1 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>True for a DOS name: 1 to 8 characters, and perhaps a point and 1 to 3 more.</summary>
    private static bool IsFileName(string? name)
    {
        if (name is null || !name.All(c => c is > ' ' and <= '~' and not ('/' or '\\' or ':' or '*' or '?')))
        {
            return false;
        }

        var parts = name.Split('.');
        return parts is [{ Length: >= 1 and <= 8 }] or [{ Length: >= 1 and <= 8 }, { Length: >= 1 and <= 3 }];
    }

    private static CommandError? Check(WorkItem[] work)
    {
        if (work.Length > Items)
        {
            return CommandErrors.Bad("work", "Items", work.Length, Items);
        }

        var textBytes = 0;
        for (var i = 0; i < work.Length; i++)
        {
            if (Check($"work[{i}]", work[i]) is { } error)
            {
                return error;
            }

            textBytes += Encoding.UTF8.GetByteCount(TextOf(work[i]));
            if (textBytes > TextBytes)
            {
                return CommandErrors.Bad($"work[{i}].text", "Text", TextBytes);
            }
        }

        return null;
    }

    private static CommandError? Check(string item, WorkItem? work) => work switch
    {
        WorkItem.WriteText write =>
            Sector($"{item}.sector", write.Sector) ?? CheckText(item, write.Text, write.Sectors),
        WorkItem.WriteBarrier write =>
            Sector($"{item}.sector", write.Sector) ?? CheckText(item, write.Text, write.Sectors),
        WorkItem.Flush => null,
        WorkItem.DiscardSectors discard =>
            Sector($"{item}.sector", discard.Sector) ?? Range($"{item}.count", discard.Count, 1, Sectors),
        WorkItem.ReadSectors read =>
            Sector($"{item}.sector", read.Sector) ?? Range($"{item}.count", read.Count, 1, Sectors),
        WorkItem.CopySectors copy => Sector($"{item}.from", copy.From) ?? Sector($"{item}.to", copy.To)
            ?? Range($"{item}.count", copy.Count, 1, Sectors),
        WorkItem.ReadFile file => IsFileName(file.Name) ? null : CommandErrors.Bad($"{item}.name", "FileName"),
        WorkItem.SendPacket send => Range($"{item}.bytes", send.Bytes, LeastPacket, MostPacket)
            ?? Range($"{item}.offset", send.Offset, 0, PacketOffset)
            ?? Range($"{item}.segment", send.Segment, 0, SegmentPayload),
        WorkItem.ReceivePacket receive => Range($"{item}.bytes", receive.Bytes, LeastPacket, MostPacket),
        _ => CommandErrors.Bad(item, "WorkKind"),
    };

    private static string TextOf(WorkItem item) => item switch
    {
        WorkItem.WriteText write => write.Text,
        WorkItem.WriteBarrier write => write.Text,
        WorkItem.SendPacket send => send.Text,
        WorkItem.ReceivePacket receive => receive.Text,
        _ => "",
    };

    private static CommandError? CheckText(string item, string? text, int sectors)
    {
        var bytes = Encoding.UTF8.GetByteCount(text ?? "");
        if (bytes is 0 or > TextBytes)
        {
            return CommandErrors.Bad($"{item}.text", "Text", TextBytes);
        }

        return Range($"{item}.sectors", sectors, 0, Sectors)
            ?? (sectors is 0 || bytes <= (long)sectors * Abi.Sector.SizeBytes
                ? null
                : CommandErrors.Bad($"{item}.sectors", "TextFits", bytes, sectors));
    }

    private static CommandError? Sector(string field, long sector) =>
        sector is >= 0 and <= LastSector ? null : CommandErrors.Bad(field, "Range", sector, 0, LastSector);

    private static CommandError? Range(string field, long value, long least, long most) =>
        value >= least && value <= most ? null : CommandErrors.Bad(field, "Range", value, least, most);
}
