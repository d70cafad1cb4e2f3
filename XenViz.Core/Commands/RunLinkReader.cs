using System.Collections.Immutable;
using System.Globalization;

namespace XenViz.Core.Commands;

/// <summary>Collects the parts of a share link, each at most once but <c>work</c>.</summary>
internal sealed class RunLinkReader
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<WorkItem> work = [];
    private RunLink link = new();

    /// <summary>What was read.</summary>
    public RunLink Link() => link with { Parameters = link.Parameters with { Work = [.. work] } };

    /// <summary>Takes one part, unescaped.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public CommandError? Take(string name, string value)
    {
        if (name == "work")
        {
            return TakeWork(value);
        }

        if (!seen.Add(name) && IsOurs(name))
        {
            return CommandErrors.Bad(name, "Twice");
        }

        var run = link.Parameters;
        return name switch
        {
            "scenario" => Set(run with { Scenario = value }),
            "op" => value is "read" or "write"
                ? Set(run with { Read = value == "read" })
                : Bad(name, "Operation", value),
            "slots" => Whole(name, value, number => Set(run with { Slots = number })),
            "pages" => Whole(name, value, number => Set(run with { RingPages = number })),
            "queues" => Whole(name, value, number => Set(run with { Queues = number })),
            "depth" => Whole(name, value, number => Set(run with { Depth = number })),
            "segments" => Whole(name, value, number => Set(run with { Segments = number })),
            "indirect" => Whole(name, value, number => Set(run with { IndirectSegments = number })),
            "path" => Set(run with { Path = value }),
            "kept" => Whole(name, value, number => Set(run with { Kept = number })),
            "protocol" => Set(run with { Protocol = value }),
            "flush" => Switch(name, value, on => Set(run with { Flush = on })),
            "barrier" => Switch(name, value, on => Set(run with { Barrier = on })),
            "discard" => Switch(name, value, on => Set(run with { Discard = on })),
            "secure" => Switch(name, value, on => Set(run with { SecureDiscard = on })),
            "readonly" => Switch(name, value, on => Set(run with { ReadOnly = on })),
            "block" => Whole(name, value, number => Set(run with { BlockBytes = number })),
            "sg" => Set(run with { ScatterGather = value }),
            "gso" => Set(run with { Segmentation = value }),
            "csum" => Set(run with { Checksums = value }),
            "crash" => Whole(name, value, number => Set(run with { CrashAfter = number })),
            "iommu" => Set(run with { Iommu = value }),
            "bounce" => Switch(name, value, on => Set(run with { Bounce = on })),
            "notify" => Set(run with { Notify = value }),
            "events" => Set(run with { Events = value }),
            "priority" => Whole(name, value, number => Set(run with { Priority = number })),
            "start" => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                ? Set(run with { StartIndex = start })
                : Bad(name, "Range", value, 0, uint.MaxValue),
            "image" => Set(run with { Image = value }),
            "at" => Whole(name, value, number => Set(link with { Position = number })),
            "xen" => Switch(name, value, on => Set(link with { InsideXen = on })),
            "leftout" => Switch(name, value, on => Set(link with { LeftOut = on })),
            "guest" => Whole(name, value, number => Set(link with { Guest = number })),
            "ring" => Whole(name, value, number => Set(link with { Ring = number })),
            "c" => TakeChoices(value),
            _ => null,
        };
    }

    private static bool IsOurs(string name) => name is "scenario" or "op" or "slots" or "pages" or "queues" or "depth"
        or "segments" or "indirect" or "path" or "kept" or "protocol" or "flush" or "barrier" or "discard" or "secure"
        or "readonly" or "block" or "sg" or "gso" or "csum" or "crash" or "iommu"
        or "bounce" or "notify" or "events" or "priority" or "start" or "image" or "at" or "xen" or "leftout" or "guest"
        or "ring" or "c";

    private static CommandError? Whole(string name, string value, Func<int, CommandError?> set) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? set(number)
            : Bad(name, "Range", value, 0, int.MaxValue);

    private static CommandError? Switch(string name, string value, Func<bool, CommandError?> set) =>
        value is "on" or "off" ? set(value == "on") : Bad(name, "Switch", value);

    private static CommandError Bad(string field, string text, params object[] values) =>
        CommandErrors.Bad(field, text, values);

    private CommandError? TakeWork(string value)
    {
        if (WorkItemText.Parse(value) is not { } item)
        {
            return Bad($"work[{work.Count}]", "WorkText", value.Length <= 80 ? value : value[..80]);
        }

        work.Add(item);
        return work.Count <= RunLimits.Items ? null : Bad("work", "Items", work.Count, RunLimits.Items);
    }

    private CommandError? TakeChoices(string value)
    {
        var choices = ChoiceText.Parse(value);
        return choices.IsDefault ? Bad("c", "Choices", RunLimits.Choices) : Set(link with { Choices = choices });
    }

    private CommandError? Set(RunParameters run) => Set(link with { Parameters = run });

    private CommandError? Set(RunLink changed)
    {
        link = changed;
        return null;
    }
}
