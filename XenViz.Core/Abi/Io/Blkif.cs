namespace XenViz.Core.Abi.Io;

/// <summary>The block device protocol in its x86-64 byte layout (<c>protocol = x86_64-abi</c>).</summary>
public static class Blkif
{
    /// <summary>The size of a slot: request and response share it.</summary>
    [Cites("io/blkif.h blkif_sring_entry")]
    public const int SlotBytes = 112;

    /// <summary>Segments of one direct request, so 44 KiB at most.</summary>
    [Cites("io/blkif.h BLKIF_MAX_SEGMENTS_PER_REQUEST")]
    public const int MaxSegments = 11;

    /// <summary>Pages of segments that an indirect request may name.</summary>
    [Cites("io/blkif.h BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST")]
    public const int MaxIndirectPages = 8;

    /// <summary>Segments that one page of segments holds.</summary>
    public const int SegmentsPerPage = PageSize.Bytes / Segment.SizeBytes;

    /// <summary>Sectors in a page: segments name sectors 0 to 7.</summary>
    public const int SectorsPerPage = PageSize.Bytes / Sector.SizeBytes;

    /// <summary>Bit of the info key: a CD-ROM.</summary>
    [Cites("io/blkif.h VDISK_CDROM")]
    public const int InfoCdrom = 1;

    /// <summary>Bit of the info key: removable.</summary>
    [Cites("io/blkif.h VDISK_REMOVABLE")]
    public const int InfoRemovable = 2;

    /// <summary>Bit of the info key: read-only.</summary>
    [Cites("io/blkif.h VDISK_READONLY")]
    public const int InfoReadOnly = 4;

    /// <summary>One granted page of a request.</summary>
    [Cites("io/blkif.h blkif_request_segment")]
    public static class Segment
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/blkif.h blkif_request_segment")]
        public const int SizeBytes = 8;

        /// <summary>The grant reference of the page.</summary>
        public static readonly Field Gref = new(0, 4, "gref", Writer.Guest, "io/blkif.h blkif_request_segment.gref");

        /// <summary>First sector in the page, 0 to 7.</summary>
        public static readonly Field FirstSect =
            new(4, 1, "first_sect", Writer.Guest, "io/blkif.h blkif_request_segment.first_sect");

        /// <summary>Last sector in the page, inclusive, 0 to 7.</summary>
        public static readonly Field LastSect =
            new(5, 1, "last_sect", Writer.Guest, "io/blkif.h blkif_request_segment.last_sect");
    }

    /// <summary>A request. Bytes 4 to 7 are padding.</summary>
    [Cites("io/blkif.h blkif_request")]
    public static class Request
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/blkif.h blkif_request")]
        public const int SizeBytes = 112;

        /// <summary>A <see cref="BlkifOperation"/>.</summary>
        public static readonly Field Operation =
            new(0, 1, "operation", Writer.Guest, "io/blkif.h blkif_request.operation");

        /// <summary>Segments in use, 0 to 11.</summary>
        public static readonly Field NrSegments =
            new(1, 1, "nr_segments", Writer.Guest, "io/blkif.h blkif_request.nr_segments");

        /// <summary>The device number; the backend does not use it.</summary>
        public static readonly Field Handle = new(2, 2, "handle", Writer.Guest, "io/blkif.h blkif_request.handle");

        /// <summary>A number of the frontend, sent back in the response.</summary>
        public static readonly Field Id = new(8, 8, "id", Writer.Guest, "io/blkif.h blkif_request.id");

        /// <summary>The first sector on the disk, in units of 512 bytes.</summary>
        public static readonly Field SectorNumber =
            new(16, 8, "sector_number", Writer.Guest, "io/blkif.h blkif_request.sector_number");

        /// <summary>Eleven segments.</summary>
        public static readonly Field Segments = new(24, 88, "seg", Writer.Guest, "io/blkif.h blkif_request.seg");

        /// <summary>A field of <see cref="Segment"/> as a field of the request.</summary>
        /// <param name="field">A field of <see cref="Segment"/>.</param>
        /// <param name="index">0 to 10.</param>
        public static Field OfSegment(Field field, int index) =>
            field.At(Segments.OffsetBytes + (index * Segment.SizeBytes));
    }

    /// <summary>A request to discard sectors: the same slot, other fields behind the sector.</summary>
    [Cites("io/blkif.h blkif_request_discard")]
    public static class Discard
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/blkif.h blkif_request_discard")]
        public const int SizeBytes = 32;

        /// <summary>Bit of the flag: the old bytes must not be found again.</summary>
        [Cites("io/blkif.h BLKIF_DISCARD_SECURE")]
        public const int Secure = 1;

        /// <summary>Where a direct request has its number of segments.</summary>
        public static readonly Field Flag = new(1, 1, "flag", Writer.Guest, "io/blkif.h blkif_request_discard.flag");

        /// <summary>How many sectors of 512 bytes.</summary>
        public static readonly Field NrSectors =
            new(24, 8, "nr_sectors", Writer.Guest, "io/blkif.h blkif_request_discard.nr_sectors");
    }

    /// <summary>A request whose segments lie in granted pages of their own, 512 a page.</summary>
    [Cites("io/blkif.h blkif_request_indirect")]
    public static class Indirect
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/blkif.h blkif_request_indirect")]
        public const int SizeBytes = 64;

        /// <summary>The operation that is meant: READ or WRITE.</summary>
        public static readonly Field IndirectOp =
            new(1, 1, "indirect_op", Writer.Guest, "io/blkif.h blkif_request_indirect.indirect_op");

        /// <summary>Segments in use; two bytes here, where a direct request has its device number.</summary>
        public static readonly Field NrSegments =
            new(2, 2, "nr_segments", Writer.Guest, "io/blkif.h blkif_request_indirect.nr_segments");

        /// <summary>The device number; the backend does not use it.</summary>
        public static readonly Field Handle =
            new(24, 2, "handle", Writer.Guest, "io/blkif.h blkif_request_indirect.handle");

        /// <summary>The grants of up to eight pages of segments, four bytes each.</summary>
        public static readonly Field Grefs =
            new(28, 32, "indirect_grefs", Writer.Guest, "io/blkif.h blkif_request_indirect.indirect_grefs");

        /// <summary>The grant of one page of segments.</summary>
        /// <param name="index">0 to 7.</param>
        public static Field Gref(int index) =>
            Grefs with { OffsetBytes = Grefs.OffsetBytes + (index * 4), WidthBytes = 4 };
    }

    /// <summary>A response. Byte 9 is padding and is never written (XSA-216 was about clearing it).</summary>
    [Cites("io/blkif.h blkif_response")]
    public static class Response
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/blkif.h blkif_response")]
        public const int SizeBytes = 16;

        /// <summary>The id of the request.</summary>
        public static readonly Field Id = new(0, 8, "id", Writer.Driver, "io/blkif.h blkif_response.id");

        /// <summary>The operation of the request.</summary>
        public static readonly Field Operation =
            new(8, 1, "operation", Writer.Driver, "io/blkif.h blkif_response.operation");

        /// <summary>A <see cref="BlkifStatus"/>.</summary>
        public static readonly Field Status = new(10, 2, "status", Writer.Driver, "io/blkif.h blkif_response.status");
    }
}

/// <summary>What a request asks for (<c>BLKIF_OP_*</c>).</summary>
public enum BlkifOperation : byte
{
    /// <summary>The device writes into the granted pages.</summary>
    [Cites("io/blkif.h BLKIF_OP_READ")]
    Read = 0,

    /// <summary>The device reads the granted pages.</summary>
    [Cites("io/blkif.h BLKIF_OP_WRITE")]
    Write = 1,

    /// <summary>A write that waits for all earlier ones.</summary>
    [Cites("io/blkif.h BLKIF_OP_WRITE_BARRIER")]
    WriteBarrier = 2,

    /// <summary>Empty the write cache of the disk.</summary>
    [Cites("io/blkif.h BLKIF_OP_FLUSH_DISKCACHE")]
    FlushDiskCache = 3,

    /// <summary>Not used.</summary>
    [Cites("io/blkif.h BLKIF_OP_RESERVED_1")]
    Reserved1 = 4,

    /// <summary>The sectors are no longer needed.</summary>
    [Cites("io/blkif.h BLKIF_OP_DISCARD")]
    Discard = 5,

    /// <summary>The segments lie in pages of their own.</summary>
    [Cites("io/blkif.h BLKIF_OP_INDIRECT")]
    Indirect = 6,
}

/// <summary>What became of a request (<c>BLKIF_RSP_*</c>, signed 16 bits).</summary>
public enum BlkifStatus : short
{
    /// <summary>Done.</summary>
    [Cites("io/blkif.h BLKIF_RSP_OKAY")]
    Okay = 0,

    /// <summary>Refused or failed.</summary>
    [Cites("io/blkif.h BLKIF_RSP_ERROR")]
    Error = -1,

    /// <summary>No such operation.</summary>
    [Cites("io/blkif.h BLKIF_RSP_EOPNOTSUPP")]
    NotSupported = -2,
}
