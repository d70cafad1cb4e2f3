using System.Collections.Immutable;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Scenarios.Disk;

namespace XenViz.Core.Scenarios;

/// <summary>Turns work items into jobs of the application, and checks them against the disk.</summary>
/// <param name="diskSectors">Size of the disk in sectors of 512 bytes.</param>
internal sealed class WorkPlan(ulong diskSectors)
{
    private readonly List<Job> _jobs = [];
    private int _sectors;

    /// <summary>The jobs so far.</summary>
    public ImmutableArray<Job> Jobs => [.. _jobs];

    /// <summary>Pages that the application needs for them.</summary>
    public int Pages { get; private set; }

    /// <summary>The first thing that was wrong, or null.</summary>
    public CommandError? Error { get; private set; }

    /// <summary>Writes bytes, then zeros to the end of the last sector.</summary>
    /// <param name="field">The field to name in an error.</param>
    /// <param name="sector">First sector.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="sectors">How many sectors; 0 for as many whole pages as the bytes need.</param>
    /// <param name="barrier">True for a write that waits for all earlier ones.</param>
    public void Write(string field, long sector, byte[] data, int sectors, bool barrier = false)
    {
        var count = sectors > 0 ? sectors : RoundUp(Math.Max(1, data.Length), 4096) / 512;
        if (Fits(field, sector, count))
        {
            var operation = barrier ? BlkifOperation.WriteBarrier : BlkifOperation.Write;
            _jobs.Add(new Job(operation, (ulong)sector, count, TakePages(count), data, false));
        }
    }

    /// <summary>Reads sectors; the application looks at them.</summary>
    public void Read(string field, long sector, int count)
    {
        if (Fits(field, sector, count))
        {
            _jobs.Add(new Job(BlkifOperation.Read, (ulong)sector, count, TakePages(count), null, true));
        }
    }

    /// <summary>Reads sectors and writes the same pages somewhere else.</summary>
    public void Copy(string field, long from, long to, int count)
    {
        if (Fits(field + ".from", from, count) && Fits(field + ".to", to, count))
        {
            var first = TakePages(count);
            _jobs.Add(new Job(BlkifOperation.Read, (ulong)from, count, first, null, false));
            _jobs.Add(new Job(BlkifOperation.Write, (ulong)to, count, first, null, false));
        }
    }

    /// <summary>Empties the write cache of the disk.</summary>
    public void Flush() => _jobs.Add(new Job(BlkifOperation.FlushDiskCache, 0, 0, 0, null, false));

    /// <summary>Tells the disk to forget sectors.</summary>
    public void Discard(string field, long sector, int count, bool secure)
    {
        if (Fits(field, sector, count))
        {
            _jobs.Add(new Job(BlkifOperation.Discard, (ulong)sector, count, 0, null, false) { Secure = secure });
        }
    }

    /// <summary>Reads the extents of a file.</summary>
    public void ReadFile(string field, Fat12Lookup lookup)
    {
        if (lookup.File is not { } file)
        {
            Error ??= new CommandError("bad_argument", field, lookup.Error!.Message);
            return;
        }

        foreach (var extent in file.Extents)
        {
            Read(field, extent.FirstSector, extent.Count);
        }
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    private bool Fits(string field, long sector, int count)
    {
        _sectors += count;
        if (sector < 0 || (ulong)sector + (ulong)count > diskSectors)
        {
            Error ??= Scenario.Bad(field, "BeyondDisk", sector, count, diskSectors);
        }
        else if (_sectors > Scenario.MaxTotalSectors)
        {
            Error ??= Scenario.Bad("work", "TooMuchWork", Scenario.MaxTotalSectors);
        }

        return Error is null;
    }

    private int TakePages(int sectors)
    {
        var first = Pages;
        Pages += RoundUp(sectors, Blkif.SectorsPerPage) / Blkif.SectorsPerPage;
        return first;
    }
}
