using System.Collections.Immutable;
using XenViz.Core.Commands;

namespace XenViz.Core.Scenarios.Files;

/// <summary>All fields of a scenario file but the items of work, in the order in which they are written.</summary>
internal static class ScenarioFields
{
    /// <summary>Most characters of the title.</summary>
    public const int TitleLength = 80;

    /// <summary>Most characters of the words about it.</summary>
    public const int AboutLength = 400;

    /// <summary>The fields.</summary>
    public static ImmutableArray<ScenarioField> All { get; } =
    [
        Word("run", "scenario", RunLimits.Scenarios, run => run.Scenario,
            (run, value) => run with { Scenario = value }),
        Word("operation", "op", ["write", "read"], run => run.Read ? "read" : "write",
            (run, value) => run with { Read = value == "read" }),
        Of("device.image", "image", FieldKind.Text, run => run.Image,
            (run, value) => run with { Image = (string)value }) with { Most = 64 },
        Word("device.path", "path", RunLimits.Paths, run => run.Path, (run, value) => run with { Path = value }),
        Number("device.kept", "kept", 1, RunLimits.Kept, run => run.Kept,
            (run, value) => run with { Kept = (int)value }),
        Number("device.indirect", "indirect", 0, RunLimits.IndirectSegments, run => run.IndirectSegments,
            (run, value) => run with { IndirectSegments = (int)value }),
        Number("device.block", "block", 512, 4096, run => run.BlockBytes,
            (run, value) => run with { BlockBytes = (int)value }) with { Choices = ["512", "4096"] },
        Switch("device.flush", "flush", run => run.Flush, (run, value) => run with { Flush = value }),
        Switch("device.barrier", "barrier", run => run.Barrier, (run, value) => run with { Barrier = value }),
        Switch("device.discard", "discard", run => run.Discard, (run, value) => run with { Discard = value }),
        Switch("device.secureDiscard", "secure", run => run.SecureDiscard,
            (run, value) => run with { SecureDiscard = value }),
        Switch("device.readOnly", "readonly", run => run.ReadOnly, (run, value) => run with { ReadOnly = value }),
        Word("device.iommu", "iommu", RunLimits.Iommus, run => run.Iommu,
            (run, value) => run with { Iommu = value }),
        Switch("device.bounce", "bounce", run => run.Bounce, (run, value) => run with { Bounce = value }),
        Word("device.scatterGather", "sg", RunLimits.Ends, run => run.ScatterGather,
            (run, value) => run with { ScatterGather = value }),
        Word("device.segmentation", "gso", RunLimits.Ends, run => run.Segmentation,
            (run, value) => run with { Segmentation = value }),
        Word("device.checksums", "csum", RunLimits.Ends, run => run.Checksums,
            (run, value) => run with { Checksums = value }),
        Number("device.crashAfter", "crash", 0, RunLimits.Answers, run => run.CrashAfter,
            (run, value) => run with { CrashAfter = (int)value }),
        Number("ring.slots", "slots", 8, 32, run => run.Slots, (run, value) => run with { Slots = (int)value })
            with { Choices = ["8", "16", "32"] },
        Number("ring.pages", "pages", 1, 16, run => run.RingPages, (run, value) => run with { RingPages = (int)value })
            with { Choices = ["1", "2", "4", "8", "16"] },
        Number("ring.queues", "queues", 1, RunLimits.Queues, run => run.Queues,
            (run, value) => run with { Queues = (int)value }),
        Word("ring.protocol", "protocol", RunLimits.Protocols, run => run.Protocol,
            (run, value) => run with { Protocol = value }),
        Word("ring.notify", "notify", RunLimits.Notifies, run => run.Notify,
            (run, value) => run with { Notify = value }),
        Word("ring.events", "events", RunLimits.EventAbis, run => run.Events,
            (run, value) => run with { Events = value }),
        Number("ring.priority", "priority", 0, RunLimits.LastPriority, run => run.Priority,
            (run, value) => run with { Priority = (int)value }),
        Number("ring.start", "start", 0, uint.MaxValue, run => run.StartIndex,
            (run, value) => run with { StartIndex = (uint)value }),
        Number("workload.depth", "depth", 1, RunLimits.MaxDepth, run => run.Depth,
            (run, value) => run with { Depth = (int)value }),
        Number("workload.segments", "segments", 1, RunLimits.IndirectSegments, run => run.Segments,
            (run, value) => run with { Segments = (int)value }),
        new("schedule.choices", "c", FieldKind.Text,
            link => link.Choices.IsDefaultOrEmpty ? null : ChoiceText.Format(link.Choices),
            (link, value) => link with { Choices = ChoiceText.Parse((string)value) }) { Most = RunLink.MaxLength },
        new("schedule.position", "at", FieldKind.Number, link => (long)link.Position,
            (link, value) => link with { Position = (int)(long)value }),
        new("show.insideXen", "xen", FieldKind.Switch, link => link.InsideXen,
            (link, value) => link with { InsideXen = (bool)value }),
        new("show.leftOut", "leftout", FieldKind.Switch, link => link.LeftOut,
            (link, value) => link with { LeftOut = (bool)value }),
        new("show.guest", "guest", FieldKind.Number, link => (long)link.Guest,
            (link, value) => link with { Guest = (int)(long)value }) { Most = ushort.MaxValue },
        new("show.ring", "ring", FieldKind.Number, link => (long?)link.Ring,
            (link, value) => link with { Ring = (int)(long)value }),
    ];

    private static ScenarioField Number(
        string path, string part, long least, long most, Func<RunParameters, long> get,
        Func<RunParameters, long, RunParameters> set) =>
        Of(path, part, FieldKind.Number, run => get(run), (run, value) => set(run, (long)value))
            with { Least = least, Most = most };

    private static ScenarioField Switch(
        string path, string part, Func<RunParameters, bool> get, Func<RunParameters, bool, RunParameters> set) =>
        Of(path, part, FieldKind.Switch, run => get(run), (run, value) => set(run, (bool)value));

    private static ScenarioField Word(
        string path, string part, IEnumerable<string> choices, Func<RunParameters, string> get,
        Func<RunParameters, string, RunParameters> set) =>
        Of(path, part, FieldKind.Word, run => get(run), (run, value) => set(run, (string)value))
            with { Choices = [.. choices] };

    private static ScenarioField Of(
        string path, string part, FieldKind kind, Func<RunParameters, object?> get,
        Func<RunParameters, object, RunParameters> set) =>
        new(path, part, kind, link => get(link.Parameters),
            (link, value) => link with { Parameters = set(link.Parameters, value) });
}
