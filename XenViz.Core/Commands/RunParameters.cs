using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace XenViz.Core.Commands;

/// <summary>What the guest application is asked to do, one item after the other.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(WriteText), "write")]
[JsonDerivedType(typeof(ReadSectors), "read")]
[JsonDerivedType(typeof(CopySectors), "copy")]
[JsonDerivedType(typeof(ReadFile), "file")]
[JsonDerivedType(typeof(WriteBarrier), "barrier")]
[JsonDerivedType(typeof(Flush), "flush")]
[JsonDerivedType(typeof(DiscardSectors), "discard")]
[JsonDerivedType(typeof(SendPacket), "send")]
[JsonDerivedType(typeof(ReceivePacket), "receive")]
public abstract record WorkItem
{
    /// <summary>Writes UTF-8 text from the start of a sector on; the rest of the last sector is zeros.</summary>
    /// <param name="Sector">First sector of 512 bytes.</param>
    /// <param name="Text">1 to 4096 bytes as UTF-8.</param>
    /// <param name="Sectors">Sectors to write, 1 to 2048; 0 means as many 4096-byte pages as the text needs.</param>
    public sealed record WriteText(long Sector, string Text, int Sectors = 0) : WorkItem;

    /// <summary>Reads sectors into the application's pages.</summary>
    /// <param name="Sector">First sector of 512 bytes.</param>
    /// <param name="Count">Sectors, 1 to 2048.</param>
    public sealed record ReadSectors(long Sector, int Count) : WorkItem;

    /// <summary>Reads sectors, then writes the same pages somewhere else. The guest never looks at the bytes.</summary>
    /// <param name="From">First sector to read.</param>
    /// <param name="To">First sector to write.</param>
    /// <param name="Count">Sectors, 1 to 2048.</param>
    public sealed record CopySectors(long From, long To, int Count) : WorkItem;

    /// <summary>Reads a file of the embedded image, found by its name in the image's root directory.</summary>
    /// <param name="Name">An 8.3 name such as <c>README.TXT</c>; case does not matter.</param>
    public sealed record ReadFile(string Name) : WorkItem;

    /// <summary>Writes text as a barrier: a write that waits until all earlier ones are on the disk.</summary>
    /// <param name="Sector">First sector of 512 bytes.</param>
    /// <param name="Text">1 to 4096 bytes as UTF-8.</param>
    /// <param name="Sectors">Sectors to write, 1 to 2048; 0 means as many 4096-byte pages as the text needs.</param>
    public sealed record WriteBarrier(long Sector, string Text, int Sectors = 0) : WorkItem;

    /// <summary>Empties the write cache of the disk.</summary>
    public sealed record Flush : WorkItem;

    /// <summary>Tells the disk that sectors are no longer needed; they read as zeros then.</summary>
    /// <param name="Sector">First sector of 512 bytes.</param>
    /// <param name="Count">Sectors, 1 to 2048.</param>
    /// <param name="Secure">True when the old bytes must not be found again.</param>
    public sealed record DiscardSectors(long Sector, int Count, bool Secure = false) : WorkItem;

    /// <summary>Sends a packet: a UDP datagram, or a TCP segment when the card is to cut it.</summary>
    /// <param name="Bytes">Bytes of the whole Ethernet frame, 60 to 65,535.</param>
    /// <param name="Text">The beginning of its payload.</param>
    /// <param name="Offset">Where it begins in its first page, 0 to 4095.</param>
    /// <param name="Segment">Payload of a segment, 1 to 9000, or 0: not cut.</param>
    /// <param name="Blank">True when the card is to fill in the checksum.</param>
    public sealed record SendPacket(int Bytes, string Text = "", int Offset = 256, int Segment = 0, bool Blank = false)
        : WorkItem;

    /// <summary>Gets a packet from the wire.</summary>
    /// <param name="Bytes">Bytes of the whole Ethernet frame, 60 to 65,535.</param>
    /// <param name="Text">The beginning of its payload.</param>
    public sealed record ReceivePacket(int Bytes, string Text = "") : WorkItem;
}

/// <summary>Everything that defines a run but the choices: a run is these and a list of choices.</summary>
public sealed record RunParameters
{
    /// <summary>The scenario's name, one of <see cref="RunLimits.Scenarios"/>.</summary>
    public string Scenario { get; init; } = "figure";

    /// <summary>For <c>figure</c>: true for the READ, false for the WRITE.</summary>
    public bool Read { get; init; }

    /// <summary>Slots of a ring of one page: 8, 16 or 32 (it holds 32). A longer ring has as many as it holds.
    /// </summary>
    public int Slots { get; init; } = 8;

    /// <summary>Pages of a ring: 1, 2, 4, 8 or 16 (32, 64, 128, 256 or 512 slots).</summary>
    public int RingPages { get; init; } = 1;

    /// <summary>Rings with an event channel each, 1 to 4. Requests are dealt out to them in turn.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>Most requests in flight at once, 1 to 32; with more slots in all, up to as many as these.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Most segments (pages) a request, 1 to 11 (<c>BLKIF_MAX_SEGMENTS_PER_REQUEST</c>), or up to
    /// <see cref="IndirectSegments"/>: a request of more than 11 is sent as an indirect one.</summary>
    public int Segments { get; init; } = 11;

    /// <summary>Segments of an indirect request that the backend accepts: 0 for none, or 12 to 256.</summary>
    public int IndirectSegments { get; init; }

    /// <summary>How bytes come to the device: <c>map</c>, <c>copy</c> (by Xen) or <c>persistent</c> (granted and mapped
    /// once; the guest copies).</summary>
    public string Path { get; init; } = "map";

    /// <summary>With persistent grants: most mappings that the backend keeps for a ring, 1 to 1056.</summary>
    public int Kept { get; init; } = 1056;

    /// <summary>The byte layout of the slots: <c>x86_64</c>, <c>x86_32</c>, or <c>none</c>: a 64-bit frontend that
    /// writes no protocol key, so that the backend assumes 32 bits.</summary>
    public string Protocol { get; init; } = "x86_64";

    /// <summary>True when the backend offers to empty the disk's write cache.</summary>
    public bool Flush { get; init; } = true;

    /// <summary>True when the backend offers barriers.</summary>
    public bool Barrier { get; init; } = true;

    /// <summary>True when the backend offers to discard sectors.</summary>
    public bool Discard { get; init; } = true;

    /// <summary>True when it can discard them so that the old bytes are not found again.</summary>
    public bool SecureDiscard { get; init; }

    /// <summary>True when the disk may not be written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Bytes of a block of the disk, 512 or 4096: the backend refuses parts of one.</summary>
    public int BlockBytes { get; init; } = 512;

    /// <summary>Network: which ends can do packets of several slots: <c>both</c>, <c>back</c>, <c>front</c> or
    /// <c>none</c>.</summary>
    public string ScatterGather { get; init; } = "both";

    /// <summary>Network: which ends can do packets larger than the wire takes.</summary>
    public string Segmentation { get; init; } = "both";

    /// <summary>Network: which ends can do with a blank checksum.</summary>
    public string Checksums { get; init; } = "both";

    /// <summary>For <c>reconnect</c>: answers after which the driver domain may die, 0 to 1000.</summary>
    public int CrashAfter { get; init; }

    /// <summary>What stands between the disk and memory: <c>on</c> (a driver domain), <c>off</c>,
    /// <c>dom0-relaxed</c> or <c>dom0-strict</c> (the backend is a PV dom0).</summary>
    public string Iommu { get; init; } = "on";

    /// <summary>True when the disk reaches low memory only, so that the driver domain copies (swiotlb).</summary>
    public bool Bounce { get; init; }

    /// <summary>How the two ends tell each other: <c>async</c> (event channels) or <c>sync</c> (our own variant: the
    /// sender waits, as in a function call).</summary>
    public string Notify { get; init; } = "async";

    /// <summary>The ABI of event channels of both domains: <c>2l</c> (bitmaps) or <c>fifo</c> (queues).</summary>
    public string Events { get; init; } = "2l";

    /// <summary>With FIFO: the priority of the device's interrupt in the driver domain, 0 (first) to 15.</summary>
    public int Priority { get; init; } = 7;

    /// <summary>The free-running value of all ring indices at the start.</summary>
    public uint StartIndex { get; init; } = 45;

    /// <summary>The work, for <c>workload</c>; the figure has its own.</summary>
    public ImmutableArray<WorkItem> Work { get; init; } = [];

    /// <summary>The id of an uploaded disk image, or null for the embedded one; in a network run the id of a capture
    /// file whose frames are sent or come in.</summary>
    public string? Image { get; init; }
}
