namespace XenViz.Core.Abi.Io;

/// <summary>
/// The shared ring of a split device: a header of 64 bytes, then slots that requests and responses share.
/// </summary>
[Cites("io/ring.h DEFINE_RING_TYPES")]
public static class Ring
{
    /// <summary>Where the first slot begins.</summary>
    [Cites("io/ring.h blkif_sring")]
    public const int HeaderBytes = 64;

    /// <summary>How many requests the frontend has published, modulo 2^32.</summary>
    public static readonly Field ReqProd = new(0, 4, "req_prod", Writer.Guest, "io/ring.h blkif_sring.req_prod");

    /// <summary>"Ring me when req_prod passes this."</summary>
    public static readonly Field ReqEvent = new(4, 4, "req_event", Writer.Driver, "io/ring.h blkif_sring.req_event");

    /// <summary>How many responses the backend has published, modulo 2^32.</summary>
    public static readonly Field RspProd = new(8, 4, "rsp_prod", Writer.Driver, "io/ring.h blkif_sring.rsp_prod");

    /// <summary>"Ring me when rsp_prod passes this."</summary>
    public static readonly Field RspEvent = new(12, 4, "rsp_event", Writer.Guest, "io/ring.h blkif_sring.rsp_event");

    /// <summary>Not used by the protocol.</summary>
    public static readonly Field Pvt = new(16, 4, "pvt", Writer.Nobody, "io/ring.h blkif_sring.pvt");

    /// <summary>Padding, so that the slots begin on a cache line.</summary>
    public static readonly Field Pad = new(20, 44, "__pad", Writer.Nobody, "io/ring.h blkif_sring.__pad");

    /// <summary>
    /// Slots of a ring: the largest power of two that fits behind the header (<c>__RING_SIZE</c>).
    /// </summary>
    /// <param name="areaBytes">The size of the shared area: 4096 for each page.</param>
    /// <param name="entryBytes">The size of a slot, 112 for blkif.</param>
    /// <returns>A power of two, or 0 when not even one slot fits.</returns>
    [Cites("io/ring.h __RING_SIZE")]
    public static int SizeOf(int areaBytes, int entryBytes)
    {
        if (entryBytes <= 0 || areaBytes < HeaderBytes + entryBytes)
        {
            return 0;
        }

        return 1 << System.Numerics.BitOperations.Log2((uint)((areaBytes - HeaderBytes) / entryBytes));
    }

    /// <summary>The byte offset of a slot in the shared area (<c>RING_GET_REQUEST</c>).</summary>
    /// <param name="slot">0 to size - 1.</param>
    /// <param name="entryBytes">The size of a slot in bytes.</param>
    [Cites("io/ring.h RING_GET_REQUEST")]
    public static int SlotOffsetBytes(int slot, int entryBytes) => HeaderBytes + (slot * entryBytes);
}
