using System.Collections.Immutable;
using System.Globalization;
using XenViz.Client.Resources;
using XenViz.Core.Commands;

namespace XenViz.Client.Controls;

/// <summary>What a person has filled in; kept as typed, also when the server refuses it.</summary>
public sealed class ScenarioForm
{
    /// <summary><c>write</c>, <c>read</c>, <c>connect</c> or <c>workload</c>.</summary>
    public string Kind { get; set; } = "write";

    /// <summary>8, 16 or 32.</summary>
    public int Slots { get; set; } = 8;

    /// <summary>1 to 32.</summary>
    public int Depth { get; set; } = 1;

    /// <summary>1 to 11.</summary>
    public int Segments { get; set; } = 11;

    /// <summary>The start index as typed.</summary>
    public string StartIndex { get; set; } = "45";

    /// <summary>What the application does.</summary>
    public List<WorkForm> Work { get; } = [];

    /// <summary>True for an uploaded image.</summary>
    public bool OwnImage { get; set; }

    /// <summary>The id of the uploaded image, or null.</summary>
    public string? Image { get; set; }

    /// <summary>The run that the form stands for: what has no field here stays as it was.</summary>
    public RunParameters Given { get; init; } = new();

    /// <summary>The form that stands for a run.</summary>
    /// <param name="run">The run on screen.</param>
    public static ScenarioForm Of(RunParameters run)
    {
        var form = new ScenarioForm
        {
            Kind = run.Scenario is "connect" or "workload" ? run.Scenario : run.Read ? "read" : "write",
            Slots = run.Slots,
            Depth = run.Depth,
            Segments = run.Segments,
            StartIndex = run.StartIndex.ToString(CultureInfo.InvariantCulture),
            OwnImage = run.Image is not null,
            Image = run.Image,
            Given = run,
        };
        form.Work.AddRange(run.Work.Select(WorkForm.Of));
        return form;
    }

    /// <summary>The run that the form asks for, or the error of a field that is no number.</summary>
    public (RunParameters? Run, CommandError? Error) ToRun()
    {
        if (!uint.TryParse(StartIndex, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            var message = Texts.Field_Number.With(0, uint.MaxValue);
            return (null, new CommandError("bad_argument", "startIndex", message));
        }

        var items = ImmutableArray.CreateBuilder<WorkItem>();
        if (Kind == "workload")
        {
            items.AddRange(Work.Select(item => item.ToItem()));
        }

        return (Given with
        {
            Scenario = Kind is "connect" or "workload" ? Kind : "figure",
            Read = Kind == "read",
            Slots = Slots,
            Depth = Depth,
            Segments = Segments,
            StartIndex = start,
            Work = items.ToImmutable(),
            Image = OwnImage && Kind is "connect" or "workload" ? Image : null,
        }, null);
    }

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

/// <summary>One item of work as filled in.</summary>
public sealed class WorkForm
{
    /// <summary><c>write</c>, <c>read</c>, <c>copy</c>, <c>file</c>, <c>barrier</c>, <c>flush</c> or <c>discard</c>.
    /// </summary>
    public string Kind { get; set; } = "read";

    /// <summary>Text to write.</summary>
    public string Text { get; set; } = "";

    /// <summary>A file's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>First sector, or the sector to copy from.</summary>
    public long Sector { get; set; }

    /// <summary>For a discard: the old bytes must not be found again.</summary>
    public bool Secure { get; set; }

    /// <summary>The sector to copy to.</summary>
    public long To { get; set; }

    /// <summary>Sectors.</summary>
    public int Count { get; set; } = 8;

    /// <summary>The form of an item.</summary>
    public static WorkForm Of(WorkItem item) => item switch
    {
        WorkItem.WriteText write => new()
            { Kind = "write", Text = write.Text, Sector = write.Sector, Count = write.Sectors },
        WorkItem.ReadSectors read => new() { Kind = "read", Sector = read.Sector, Count = read.Count },
        WorkItem.CopySectors copy => new()
            { Kind = "copy", Sector = copy.From, To = copy.To, Count = copy.Count },
        WorkItem.ReadFile file => new() { Kind = "file", Name = file.Name },
        WorkItem.WriteBarrier write => new()
            { Kind = "barrier", Text = write.Text, Sector = write.Sector, Count = write.Sectors },
        WorkItem.Flush => new() { Kind = "flush" },
        WorkItem.DiscardSectors discard => new()
            { Kind = "discard", Sector = discard.Sector, Count = discard.Count, Secure = discard.Secure },
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    /// <summary>The item that the form asks for.</summary>
    public WorkItem ToItem() => Kind switch
    {
        "write" => new WorkItem.WriteText(Sector, Text, Count),
        "copy" => new WorkItem.CopySectors(Sector, To, Count),
        "file" => new WorkItem.ReadFile(Name.Trim()),
        "barrier" => new WorkItem.WriteBarrier(Sector, Text, Count),
        "flush" => new WorkItem.Flush(),
        "discard" => new WorkItem.DiscardSectors(Sector, Count, Secure),
        _ => new WorkItem.ReadSectors(Sector, Count),
    };
}
