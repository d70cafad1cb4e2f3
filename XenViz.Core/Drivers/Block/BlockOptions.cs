using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Block;

/// <summary>How the bytes of a request come to the backend's device and back.</summary>
public enum DataPath : byte
{
    /// <summary>The backend maps each granted page for the time of the request.</summary>
    Map,

    /// <summary>Xen copies between the granted page and a page of the backend (GNTTABOP_copy).</summary>
    Copy,

    /// <summary>Pages stay granted and mapped; the frontend copies into and out of them.</summary>
    Persistent,
}

/// <summary>What the two ends of a virtual disk agreed on, and what the disk can do.</summary>
public sealed record BlockOptions
{
    /// <summary>Most mappings that a backend keeps for a queue (Linux <c>max_persistent_grants</c>).</summary>
    public const int DefaultKept = 1056;

    /// <summary>Percent of the kept mappings that are given up at a time (Linux <c>LRU_PERCENT_CLEAN</c>).</summary>
    public const int PurgePercent = 5;

    /// <summary>How bytes come to the device.</summary>
    public DataPath Path { get; init; }

    /// <summary>For <see cref="DataPath.Persistent"/>: most mappings that the backend keeps for a queue, 1 to 1056.
    /// </summary>
    public int Kept { get; init; } = DefaultKept;

    /// <summary>Most segments of an indirect request, 0 (none are understood) or 12 to 256.</summary>
    public int IndirectSegments { get; init; }

    /// <summary>True when the disk can empty its write cache (feature-flush-cache).</summary>
    public bool Flush { get; init; }

    /// <summary>True when the backend orders writes by barriers (feature-barrier).</summary>
    public bool Barrier { get; init; }

    /// <summary>True when the disk can forget sectors (feature-discard).</summary>
    public bool Discard { get; init; }

    /// <summary>True when it can forget them for good (discard-secure).</summary>
    public bool SecureDiscard { get; init; }

    /// <summary>True when nothing may be written (mode r).</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Bytes of a logical block of the disk, 512 or 4096: requests must be whole blocks.</summary>
    public int BlockBytes { get; init; } = 512;

    /// <summary>The layout in which the frontend writes and reads slots.</summary>
    public BlkifLayout FrontLayout { get; init; } = BlkifLayout.X64;

    /// <summary>The layout that the backend takes them to have.</summary>
    public BlkifLayout BackLayout { get; init; } = BlkifLayout.X64;

    /// <summary>The value of the frontend's <c>protocol</c> key, or null when it writes none.</summary>
    public string? Protocol { get; init; } = "x86_64-abi";
}
