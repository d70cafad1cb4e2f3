using System.Globalization;
using XenViz.Client.Resources;
using XenViz.Core.Commands;

namespace XenViz.Client.Controls;

/// <summary>What a person has filled in; kept as typed, also when the server refuses it.</summary>
public sealed class ScenarioForm
{
    /// <summary><c>write</c>, <c>read</c> (both the figure), or one of <see cref="RunLimits.Scenarios"/>.</summary>
    public string Kind { get; set; } = "write";

    /// <summary>8, 16 or 32.</summary>
    public int Slots { get; set; } = 8;

    /// <summary>1, 2, 4, 8 or 16.</summary>
    public int RingPages { get; set; } = 1;

    /// <summary>1 to 4.</summary>
    public int Queues { get; set; } = 1;

    /// <summary>1 to <see cref="MostDepth"/>.</summary>
    public int Depth { get; set; } = 1;

    /// <summary>1 to <see cref="MostSegments"/>.</summary>
    public int Segments { get; set; } = 11;

    /// <summary>0, or 12 to 256.</summary>
    public int Indirect { get; set; }

    /// <summary>One of <see cref="RunLimits.Paths"/>.</summary>
    public string Path { get; set; } = "map";

    /// <summary>1 to 1056.</summary>
    public int Kept { get; set; } = RunLimits.Kept;

    /// <summary>One of <see cref="RunLimits.Protocols"/>.</summary>
    public string Protocol { get; set; } = "x86_64";

    /// <summary>One of <see cref="RunLimits.Notifies"/>.</summary>
    public string Notify { get; set; } = "async";

    /// <summary>One of <see cref="RunLimits.Iommus"/>.</summary>
    public string Iommu { get; set; } = "on";

    /// <summary>512 or 4096.</summary>
    public int BlockBytes { get; set; } = 512;

    /// <summary>0 to 1000.</summary>
    public int CrashAfter { get; set; }

    /// <summary>Which ends can do packets of several slots, one of <see cref="RunLimits.Ends"/>.</summary>
    public string ScatterGather { get; set; } = "both";

    /// <summary>Which ends can do packets that are cut later.</summary>
    public string Segmentation { get; set; } = "both";

    /// <summary>Which ends can do with blank checksums.</summary>
    public string Checksums { get; set; } = "both";

    /// <summary>The backend offers to flush.</summary>
    public bool Flush { get; set; } = true;

    /// <summary>The backend offers barriers.</summary>
    public bool Barrier { get; set; } = true;

    /// <summary>The backend offers to discard.</summary>
    public bool Discard { get; set; } = true;

    /// <summary>It can discard securely.</summary>
    public bool SecureDiscard { get; set; }

    /// <summary>The disk reaches low memory only.</summary>
    public bool Bounce { get; set; }

    /// <summary>The ABI of event channels.</summary>
    public string Events { get; set; } = "2l";

    /// <summary>The priority of the device's interrupt, for FIFO.</summary>
    public int Priority { get; set; } = 7;

    /// <summary>The disk may not be written.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>The start index as typed.</summary>
    public string StartIndex { get; set; } = "45";

    /// <summary>What the application does.</summary>
    public List<WorkForm> Work { get; } = [];

    /// <summary>True for an uploaded image.</summary>
    public bool OwnImage { get; set; }

    /// <summary>The id of the uploaded image, or null.</summary>
    public string? Image { get; set; }

    /// <summary>What the form was filled from: what has no field here stays as it was.</summary>
    public RunLink Begun { get; init; } = new();

    /// <summary>True for the two runs of the figure, which have their work and their disk.</summary>
    public bool IsFigure => Kind is "write" or "read";

    /// <summary>True for runs whose application has a list of work.</summary>
    public bool HasWork => !IsFigure && Kind is not ("connect" or "net-connect" or "overflow");

    /// <summary>True for the runs of the network device.</summary>
    public bool IsNetwork => RunLimits.IsNetwork(Kind);

    /// <summary>The most requests in flight with these rings.</summary>
    public int MostDepth => Math.Max(RunLimits.Depth, RunLimits.SlotsOf(Device()) * Queues);

    /// <summary>The most segments a request.</summary>
    public int MostSegments => Math.Max(RunLimits.Segments, Indirect);

    /// <summary>The form that stands for a run.</summary>
    /// <param name="run">The run on screen.</param>
    public static ScenarioForm Of(RunParameters run) => Of(new RunLink { Parameters = run });

    /// <summary>The form that stands for a prepared run.</summary>
    /// <param name="link">The run, with where it opens.</param>
    public static ScenarioForm Of(RunLink link)
    {
        var run = link.Parameters;
        var form = new ScenarioForm
        {
            Kind = run.Scenario != "figure" ? run.Scenario : run.Read ? "read" : "write",
            Slots = run.Slots, RingPages = run.RingPages, Queues = run.Queues, Depth = run.Depth,
            Segments = run.Segments, Indirect = run.IndirectSegments, Path = run.Path, Kept = run.Kept,
            Protocol = run.Protocol, Notify = run.Notify, Events = run.Events, Priority = run.Priority,
            Iommu = run.Iommu, BlockBytes = run.BlockBytes,
            ScatterGather = run.ScatterGather, Segmentation = run.Segmentation, Checksums = run.Checksums,
            CrashAfter = run.CrashAfter, Flush = run.Flush, Barrier = run.Barrier, Discard = run.Discard,
            SecureDiscard = run.SecureDiscard, Bounce = run.Bounce, ReadOnly = run.ReadOnly,
            StartIndex = run.StartIndex.ToString(CultureInfo.InvariantCulture),
            OwnImage = run.Image is not null,
            Image = run.Image,
            Begun = link,
        };
        form.Work.AddRange(run.Work.Select(WorkForm.Of));
        return form;
    }

    /// <summary>The run that the form asks for, or what is out of its range.</summary>
    public (RunParameters? Run, CommandError? Error) ToRun()
    {
        if (!uint.TryParse(StartIndex, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            var message = Texts.Field_Number.With(0, uint.MaxValue);
            return (null, new CommandError("bad_argument", "startIndex", message));
        }

        var run = Device() with
        {
            Scenario = IsFigure ? "figure" : Kind,
            Read = Kind == "read" || (Kind == Begun.Parameters.Scenario && Begun.Parameters.Read),
            Depth = Depth,
            Segments = Segments,
            StartIndex = start,
            Work = HasWork ? [.. Work.Where(item => item.IsPacket == IsNetwork).Select(item => item.ToItem())] : [],
            Image = OwnImage && !IsFigure ? Image : null,
        };
        return RunLimits.Check(run) is { } error ? (null, error) : (run, null);
    }

    /// <summary>The run with where it opens. Choices, position and what is on stage belong to the run that they were
    /// made in: with anything changed it begins at its start, and the stage follows the rows.</summary>
    public (RunLink? Link, CommandError? Error) ToLink()
    {
        var (run, error) = ToRun();
        if (run is null)
        {
            return (null, error);
        }

        var link = Begun with { Parameters = run };
        var same = link.Format() == Begun.Format();
        return (same ? link : link with { Choices = [], Position = 0, Guest = 0, Ring = null }, null);
    }

    private RunParameters Device() => Begun.Parameters with
    {
        Slots = Slots, RingPages = RingPages, Queues = Queues, IndirectSegments = Indirect, Path = Path, Kept = Kept,
        Protocol = Protocol, Notify = Notify, Events = Events,
        Priority = Events == "fifo" ? Priority : Begun.Parameters.Priority,
        Iommu = Iommu, BlockBytes = BlockBytes, CrashAfter = CrashAfter,
        ScatterGather = ScatterGather, Segmentation = Segmentation, Checksums = Checksums,
        Flush = Flush, Barrier = Barrier, Discard = Discard, SecureDiscard = SecureDiscard, Bounce = Bounce,
        ReadOnly = ReadOnly,
    };

    /// <summary>True when an error belongs to this field.</summary>
    /// <param name="error">What the server said, or null.</param>
    /// <param name="field">The field's name here.</param>
    public static bool IsAt(CommandError? error, string field) =>
        error is not null && error.Field.StartsWith(field, StringComparison.OrdinalIgnoreCase);

    /// <summary>The index of the work item that an error is about (<c>work[2].sector</c>), or null.</summary>
    /// <param name="error">What the server said, or null.</param>
    public static int? ItemOf(CommandError? error)
    {
        if (!IsAt(error, "work"))
        {
            return null;
        }

        var digits = new string([.. error!.Field.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
