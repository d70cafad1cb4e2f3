using System.Collections.Immutable;
using System.Globalization;

namespace XenViz.Core.Commands;

/// <summary>
/// What a share link says: a run, the choices made in it, the position, and what is told. Its text is a query that a
/// person can read: <c>scenario=workload&amp;slots=8&amp;depth=4&amp;work=write:2048:Hello&amp;at=17&amp;xen=on</c>.
/// Parts that have their default are left out; parts of other names are none of its business and are skipped.
/// </summary>
public sealed record RunLink
{
    /// <summary>Most characters of a link's query.</summary>
    public const int MaxLength = 32_768;

    /// <summary>Most agents: a choice is written as a letter, <c>a</c> for agent 0.</summary>
    public const int Agents = 26;

    /// <summary>The run.</summary>
    public RunParameters Parameters { get; init; } = new();

    /// <summary>Rows run since the start; what is past the run's end is the engine's to refuse.</summary>
    public int Position { get; init; }

    /// <summary>Tell Xen's rows one by one.</summary>
    public bool InsideXen { get; init; }

    /// <summary>Tell the rows that the figure leaves out.</summary>
    public bool LeftOut { get; init; }

    /// <summary>Where two guests have an interface each: the one on stage, or 0 to follow the rows.</summary>
    public int Guest { get; init; }

    /// <summary>Where a run has several rings: the one on stage, counted from 0 as in the stage's list of rings, or
    /// null to follow the rows. A ring says already whose it is: never together with <see cref="Guest"/>.</summary>
    public int? Ring { get; init; }

    /// <summary>Which agent took each row from the start on, each 0 to 25; after the last the default order goes on.
    /// Empty is the default order from the start.</summary>
    public ImmutableArray<byte> Choices { get; init; } = [];

    /// <summary>Reads the query of a link, with or without what stands before its question mark.</summary>
    /// <returns>The link, or the error that names the part that is wrong.</returns>
    public static (RunLink? Link, CommandError? Error) Parse(string? query)
    {
        var text = query ?? "";
        text = text[(text.IndexOf('?', StringComparison.Ordinal) + 1)..];
        if (text.Length > MaxLength)
        {
            return (null, CommandErrors.Bad("link", "LinkLength", MaxLength));
        }

        var reader = new RunLinkReader();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (reader.Take(Decode(name), Decode(value)) is { } error)
            {
                return (null, error);
            }
        }

        var link = reader.Link();
        return link.Check() is { } limit ? (null, limit) : (link, null);
    }

    /// <summary>What is wrong with the link as far as it can be told without the run: its limits, and two choices of
    /// what is on stage.</summary>
    /// <returns>Null, or the error that names the part.</returns>
    public CommandError? Check() => RunLimits.Check(Parameters)
        ?? (Guest != 0 && Ring is not null ? CommandErrors.Bad("ring", "GuestAndRing", Guest, Ring) : null);

    /// <summary>The query, without a question mark: empty when everything has its default.</summary>
    public string Format()
    {
        var run = Parameters;
        var parts = new List<string>();
        Add(run.Scenario != "figure", "scenario", run.Scenario);
        Add(run.Read, "op", "read");
        Add(run.Slots != Default.Slots, "slots", Number(run.Slots));
        Add(run.RingPages != Default.RingPages, "pages", Number(run.RingPages));
        Add(run.Queues != Default.Queues, "queues", Number(run.Queues));
        Add(run.Depth != Default.Depth, "depth", Number(run.Depth));
        Add(run.Segments != Default.Segments, "segments", Number(run.Segments));
        Add(run.IndirectSegments != Default.IndirectSegments, "indirect", Number(run.IndirectSegments));
        Add(run.Path != Default.Path, "path", run.Path);
        Add(run.Kept != Default.Kept, "kept", Number(run.Kept));
        Add(run.Protocol != Default.Protocol, "protocol", run.Protocol);
        Add(run.Flush != Default.Flush, "flush", Switch(run.Flush));
        Add(run.Barrier != Default.Barrier, "barrier", Switch(run.Barrier));
        Add(run.Discard != Default.Discard, "discard", Switch(run.Discard));
        Add(run.SecureDiscard != Default.SecureDiscard, "secure", Switch(run.SecureDiscard));
        Add(run.ReadOnly != Default.ReadOnly, "readonly", Switch(run.ReadOnly));
        Add(run.BlockBytes != Default.BlockBytes, "block", Number(run.BlockBytes));
        Add(run.ScatterGather != Default.ScatterGather, "sg", run.ScatterGather);
        Add(run.Segmentation != Default.Segmentation, "gso", run.Segmentation);
        Add(run.Checksums != Default.Checksums, "csum", run.Checksums);
        Add(run.CrashAfter != Default.CrashAfter, "crash", Number(run.CrashAfter));
        Add(run.Iommu != Default.Iommu, "iommu", run.Iommu);
        Add(run.Bounce != Default.Bounce, "bounce", Switch(run.Bounce));
        Add(run.Notify != Default.Notify, "notify", run.Notify);
        Add(run.Events != Default.Events, "events", run.Events);
        Add(run.Priority != Default.Priority, "priority", Number(run.Priority));
        Add(run.StartIndex != Default.StartIndex, "start", Number(run.StartIndex));
        Add(run.Image is not null, "image", run.Image ?? "");
        foreach (var item in run.Work.IsDefault ? [] : run.Work)
        {
            parts.Add("work=" + WorkItemText.Format(item));
        }

        Add(!Choices.IsDefaultOrEmpty, "c", Choices.IsDefaultOrEmpty ? "" : ChoiceText.Format(Choices));
        Add(Position != 0, "at", Number(Position));
        Add(InsideXen, "xen", "on");
        Add(LeftOut, "leftout", "on");
        Add(Guest != 0, "guest", Number(Guest));
        Add(Ring is not null, "ring", Number(Ring ?? 0));
        return string.Join('&', parts);

        void Add(bool differs, string name, string value)
        {
            if (differs)
            {
                parts.Add(name + "=" + Uri.EscapeDataString(value));
            }
        }
    }

    private static string Switch(bool on) => on ? "on" : "off";

    private static RunParameters Default { get; } = new();

    /// <summary>A plus sign is a blank, as forms and <c>URLSearchParams</c> write it.</summary>
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
