using System.Collections.Immutable;
using System.Resources;
using System.Text;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Variants;
using XenViz.Core.Scenarios.Disk;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>What a run starts from.</summary>
/// <param name="Parameters">What was asked for.</param>
/// <param name="Start">The machine at position 0.</param>
public sealed record Scenario(RunParameters Parameters, Machine Start)
{
    /// <summary>Most sectors of all work items of a run together: 512 pages.</summary>
    public const int MaxTotalSectors = 4096;

    private const string FigureText = "Hello, disk!";

    private static readonly ResourceManager Texts =
        new("XenViz.Core.Scenarios.ScenarioText", typeof(Scenario).Assembly);

    private static readonly DiskImage ReadImage = new(CourseDisk.Image(true));
    private static readonly DiskImage WriteImage = new(CourseDisk.Image(false));

    /// <summary>Makes the start of a run.</summary>
    /// <param name="parameters">What to run.</param>
    /// <param name="image">An uploaded image when the parameters name one; its bytes must not change any more.</param>
    /// <returns>The scenario, or the error that names the field that is wrong.</returns>
    public static (Scenario? Scenario, CommandError? Error) Create(RunParameters parameters, byte[]? image)
    {
        var run = parameters with { Work = parameters.Work.IsDefault ? [] : parameters.Work };
        if (RunLimits.Check(run) is { } limit)
        {
            return (null, limit);
        }

        if (RunLimits.IsNetwork(run.Scenario))
        {
            return CreateNetwork(run, image);
        }

        if (run.Image is not null && (image is null || image.Length < Sector.SizeBytes))
        {
            return (null, new CommandError("unknown_image", "image", Text("NoImage", run.Image)));
        }

        if (run.Image is not null && image!.Length % Sector.SizeBytes != 0)
        {
            return (null, Bad("image", "NotSectors", image.Length));
        }

        var disk = run.Image is not null ? new DiskImage(image!) : run.Read ? ReadImage : WriteImage;
        var sectors = run.Image is not null ? (ulong)(image!.Length / Sector.SizeBytes) : (ulong)CourseDisk.Sectors;
        var bytes = run.Image is not null ? image! : null;
        var (jobs, pages, error) = Plan(run, sectors, bytes);
        if (error is not null)
        {
            return (null, error);
        }

        var shape = WorldShape.Of(run, Math.Max(1, pages));
        if (run.Segments > shape.GrantsEach)
        {
            return (null, Bad("segments", "TooManyGrants", run.Segments, shape.GrantsEach));
        }

        var unconnected = World.Unconnected(shape, disk, sectors);
        return (new Scenario(run, StartOf(run, unconnected, jobs)), null);
    }

    private static (Scenario? Scenario, CommandError? Error) CreateNetwork(RunParameters run, byte[]? capture)
    {
        if (run.Image is not null && capture is null)
        {
            return (null, new CommandError("unknown_image", "image", Text("NoImage", run.Image)));
        }

        var (start, error) = NetScenario.Create(run, run.Image is null ? null : capture);
        return start is null ? (null, error) : (new Scenario(run, start), null);
    }

    private static Machine StartOf(RunParameters run, Machine unconnected, ImmutableArray<Job> jobs)
    {
        var begin = EventWorld.WithAbi(VariantWorld.WithIommu(unconnected, run), run);
        if (run.Scenario == "connect")
        {
            return begin;
        }

        var quiet = World.Quiet(begin, run.StartIndex, jobs, run.Depth, run.Segments);
        return run.Scenario switch
        {
            "reconnect" => EndingWorld.WithRestart(quiet, new RingIndex(run.StartIndex).Plus((uint)run.CrashAfter)),
            "disconnect" => EndingWorld.WithUnplug(quiet),
            "revoke" => VariantWorld.WithGuest(
                quiet, ImpatientGuest.Listing(World.Guest).Start(default, null)),
            "overflow" => VariantWorld.WithGuest(quiet, HostileFrontend.Listing.Start(default, null)),
            _ => VariantWorld.WithVariants(quiet, run),
        };
    }

    private static (ImmutableArray<Job> Jobs, int Pages, CommandError? Error) Plan(
        RunParameters run, ulong sectors, byte[]? image)
    {
        var plan = new WorkPlan(sectors);
        switch (run.Scenario)
        {
            case "connect" or "overflow":
                return ([], 1, null);
            case "figure" when run.Read:
                plan.Read("image", CourseDisk.NoteSector, Blkif.SectorsPerPage);
                break;
            case "figure":
                plan.Write("image", CourseDisk.NoteSector, Encoding.ASCII.GetBytes(FigureText), Blkif.SectorsPerPage);
                break;
            case "reconnect" or "disconnect" or "revoke" when run.Work.IsEmpty:
                plan.Write("image", CourseDisk.NoteSector, Encoding.ASCII.GetBytes(FigureText), Blkif.SectorsPerPage);
                break;
            default:
                if (run.Work.IsEmpty)
                {
                    return ([], 0, Bad("work", "NoWork"));
                }

                for (var i = 0; i < run.Work.Length; i++)
                {
                    Add(plan, $"work[{i}]", run.Work[i], image ?? CourseDisk.Image(run.Read));
                }

                break;
        }

        return (plan.Jobs, plan.Pages, plan.Error);
    }

    private static void Add(WorkPlan plan, string field, WorkItem item, byte[] image)
    {
        switch (item)
        {
            case WorkItem.WriteText write:
                plan.Write(field + ".sector", write.Sector, Encoding.UTF8.GetBytes(write.Text), write.Sectors);
                break;
            case WorkItem.ReadSectors read:
                plan.Read(field + ".sector", read.Sector, read.Count);
                break;
            case WorkItem.CopySectors copy:
                plan.Copy(field, copy.From, copy.To, copy.Count);
                break;
            case WorkItem.WriteBarrier write:
                plan.Write(field + ".sector", write.Sector, Encoding.UTF8.GetBytes(write.Text), write.Sectors, true);
                break;
            case WorkItem.Flush:
                plan.Flush();
                break;
            case WorkItem.DiscardSectors discard:
                plan.Discard(field + ".sector", discard.Sector, discard.Count, discard.Secure);
                break;
            case WorkItem.ReadFile file:
                plan.ReadFile(field + ".name", Fat12.FindFile(image, file.Name));
                break;
        }
    }

    internal static CommandError Bad(string field, string key, params object[] arguments) =>
        new("bad_argument", field, Text(key, arguments));

    private static string Text(string key, params object[] arguments) =>
        string.Format(null, Texts.GetString(key) ?? key, arguments);
}
