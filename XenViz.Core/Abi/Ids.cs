using System.Globalization;

namespace XenViz.Core.Abi;

/// <summary>A domain id (<c>domid_t</c>): real domains are 0 to 0x7FEF, higher numbers are reserved names.</summary>
public readonly record struct DomId(ushort Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A grant reference (<c>grant_ref_t</c>): the index of an entry in the granter's table.</summary>
public readonly record struct GrantRef(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A grant handle (<c>grant_handle_t</c>): the mapper's receipt, an index into its maptrack.</summary>
public readonly record struct GrantHandle(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An event channel port (<c>evtchn_port_t</c>), local to one domain. Port 0 is never valid.</summary>
public readonly record struct Port(uint Value)
{
    /// <summary>The index of the 64-bit word that holds the port's bit in the 2-level bitmaps.</summary>
    public int Word => (int)(Value / 64);

    /// <summary>The bit of the port inside its 64-bit word, 0 to 63.</summary>
    public int Bit => (int)(Value % 64);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A machine frame number (MFN): 4096 bytes of real memory.</summary>
public readonly record struct Mfn(ulong Value)
{
    /// <summary>The machine address of a byte of the frame.</summary>
    /// <param name="offsetBytes">0 to 4095.</param>
    public ulong Address(int offsetBytes) => (Value << 12) + (ulong)offsetBytes;

    /// <inheritdoc/>
    public override string ToString() => "0x" + Value.ToString("X", CultureInfo.InvariantCulture);
}

/// <summary>A pseudo-physical frame number (PFN): the guest's own contiguous numbering.</summary>
public readonly record struct Pfn(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => "0x" + Value.ToString("X", CultureInfo.InvariantCulture);
}

/// <summary>
/// A guest frame number (GFN), what a guest tells Xen: the MFN for a PV guest, the PFN for an HVM guest.
/// </summary>
public readonly record struct Gfn(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => "0x" + Value.ToString("X", CultureInfo.InvariantCulture);
}

/// <summary>A device frame number (DFN): the frame that a device puts on the bus, input of the IOMMU.</summary>
public readonly record struct Dfn(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => "0x" + Value.ToString("X", CultureInfo.InvariantCulture);
}

/// <summary>
/// A sector number in units of 512 bytes (<c>blkif_sector_t</c>), whatever the disk's own sector size.
/// </summary>
public readonly record struct Sector(ulong Value)
{
    /// <summary>Bytes in one sector as the block protocol counts them.</summary>
    public const int SizeBytes = 512;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A free-running 32-bit ring index (<c>RING_IDX</c>). It never wraps at the ring's size: the slot is
/// <c>index &amp; (size - 1)</c>, and all arithmetic is modulo 2^32 (<c>io/ring.h</c>).
/// </summary>
public readonly record struct RingIndex(uint Value)
{
    /// <summary>The index <paramref name="count"/> places on, modulo 2^32.</summary>
    public RingIndex Plus(uint count) => new(unchecked(Value + count));

    /// <summary>How far this index is past <paramref name="earlier"/>, modulo 2^32.</summary>
    public uint Since(RingIndex earlier) => unchecked(Value - earlier.Value);

    /// <summary>The slot of this index in a ring of <paramref name="size"/> slots (a power of two).</summary>
    public int SlotIn(int size) => (int)(Value & (uint)(size - 1));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
