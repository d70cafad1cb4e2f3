using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Applications;

/// <summary>One piece of the application's work: a range of sectors, read, written or discarded, or a flush.</summary>
/// <param name="Operation">What is done: READ, WRITE, WRITE_BARRIER, FLUSH_DISKCACHE or DISCARD.</param>
/// <param name="Sector">First sector.</param>
/// <param name="Sectors">How many; 0 for a flush.</param>
/// <param name="FirstPage">The first of its pages among the application's; 8 sectors a page.</param>
/// <param name="Data">For a write: the bytes, the rest is zeros; null when the pages hold the data already.</param>
/// <param name="Look">For a read: true when the application looks at the data afterwards.</param>
public sealed record Job(
    BlkifOperation Operation, ulong Sector, int Sectors, int FirstPage, byte[]? Data, bool Look)
{
    /// <summary>For a discard: true when the old bytes must not be found again.</summary>
    public bool Secure { get; init; }

    /// <summary>True for reading.</summary>
    public bool Read => Operation == BlkifOperation.Read;

    /// <summary>True when pages take part.</summary>
    public bool HasPages => Operation is BlkifOperation.Read or BlkifOperation.Write or BlkifOperation.WriteBarrier;

    /// <summary>What is counted while it is handed over: its sectors, and 1 for a flush.</summary>
    public int Units => Math.Max(1, Sectors);

    /// <summary>Its pages.</summary>
    public int Pages => HasPages ? (Sectors + Blkif.SectorsPerPage - 1) / Blkif.SectorsPerPage : 0;

    /// <summary>True when a range of sectors overlaps its own.</summary>
    public bool Touches(ulong sector, int sectors) =>
        sector < Sector + (ulong)Sectors && Sector < sector + (ulong)sectors;
}
