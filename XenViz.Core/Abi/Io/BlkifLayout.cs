namespace XenViz.Core.Abi.Io;

/// <summary>
/// Where the fields of a block slot lie: the two ends must agree on it by the <c>protocol</c> key. A 32-bit x86 guest
/// aligns 64-bit numbers to four bytes only, so that everything behind the first word moves; the response's fields are
/// the same in both, the distance from slot to slot is not.
/// </summary>
[Cites("io/blkif.h blkif_request")]
public sealed record BlkifLayout
{
    private BlkifLayout()
    {
    }

    /// <summary>64-bit x86: the id on byte 8, 112 bytes a slot.</summary>
    public static BlkifLayout X64 { get; } = new()
    {
        Protocol = "x86_64-abi", SlotBytes = 112, IdAt = 8, SectorAt = 16, SegmentsAt = 24, NrSectorsAt = 24,
        IndirectHandleAt = 24, IndirectGrefsAt = 28, ResponseBytes = 16,
    };

    /// <summary>32-bit x86: the id on byte 4, 108 bytes a slot.</summary>
    public static BlkifLayout X32 { get; } = new()
    {
        Protocol = "x86_32-abi", SlotBytes = 108, IdAt = 4, SectorAt = 12, SegmentsAt = 20, NrSectorsAt = 20,
        IndirectHandleAt = 20, IndirectGrefsAt = 24, ResponseBytes = 12,
    };

    /// <summary>The value of the <c>protocol</c> key.</summary>
    public required string Protocol { get; init; }

    /// <summary>Bytes of a slot: request and response share it.</summary>
    public required int SlotBytes { get; init; }

    /// <summary>Offset of the request's id, 8 bytes.</summary>
    public required int IdAt { get; init; }

    /// <summary>Offset of the sector number, 8 bytes.</summary>
    public required int SectorAt { get; init; }

    /// <summary>Offset of the first of eleven segments of 8 bytes.</summary>
    public required int SegmentsAt { get; init; }

    /// <summary>Offset of a discard's number of sectors, 8 bytes.</summary>
    public required int NrSectorsAt { get; init; }

    /// <summary>Offset of the device number of an indirect request, 2 bytes.</summary>
    public required int IndirectHandleAt { get; init; }

    /// <summary>Offset of the first grant of a page of segments, 4 bytes each.</summary>
    public required int IndirectGrefsAt { get; init; }

    /// <summary>Bytes of a response.</summary>
    public required int ResponseBytes { get; init; }

    /// <summary>
    /// The layout that a backend on 64-bit x86 assumes for a value of the <c>protocol</c> key. A key that is missing
    /// means 32 bits, because the frontends of that time wrote none.
    /// </summary>
    /// <param name="protocol">The value, or null when the key is missing.</param>
    /// <returns>The layout, or null when the backend knows no such protocol and refuses to connect.</returns>
    [Cites("io/protocols.h XEN_IO_PROTO_ABI_X86_32")]
    public static BlkifLayout? AssumedFor(string? protocol) => protocol switch
    {
        null or "x86_32-abi" => X32,
        "x86_64-abi" => X64,
        _ => null,
    };
}
