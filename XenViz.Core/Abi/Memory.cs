namespace XenViz.Core.Abi;

/// <summary>Memory is dealt with in frames of 4096 bytes.</summary>
public static class PageSize
{
    /// <summary>The number of address bits inside a frame.</summary>
    [Cites("asm/page-bits.h PAGE_SHIFT")]
    public const int Shift = 12;

    /// <summary>Bytes in a frame.</summary>
    [Cites("xen/page-size.h PAGE_SIZE")]
    public const int Bytes = 1 << Shift;
}

/// <summary>
/// The bits of an x86-64 leaf page-table entry (8 bytes, 512 in a frame) as Xen writes it for a PV domain.
/// </summary>
public static class PageTableEntry
{
    /// <summary>Bytes in an entry.</summary>
    public const int SizeBytes = 8;

    /// <summary>The entry maps something.</summary>
    [Cites("asm/page.h _PAGE_PRESENT")]
    public const ulong Present = 0x001;

    /// <summary>Stores are allowed.</summary>
    [Cites("asm/page.h _PAGE_RW")]
    public const ulong Writable = 0x002;

    /// <summary>
    /// Reachable from user mode. A 64-bit PV kernel runs there too, so Xen sets it in all its entries.
    /// </summary>
    [Cites("asm/page.h _PAGE_USER")]
    public const ulong User = 0x004;

    /// <summary>Set by the processor at the first use; by Xen at once for a grant mapping.</summary>
    [Cites("asm/page.h _PAGE_ACCESSED")]
    public const ulong Accessed = 0x020;

    /// <summary>Set by the processor at the first store; by Xen at once for a grant mapping.</summary>
    [Cites("asm/page.h _PAGE_DIRTY")]
    public const ulong Dirty = 0x040;

    /// <summary>
    /// Three bits for the guest: the low bits of <see cref="GrantTable.Gntmap.GuestAvailMask"/> go here.
    /// </summary>
    [Cites("asm/page.h _PAGE_AVAIL")]
    public const ulong AvailMask = 0xE00;

    /// <summary>Bit 52: an entry of the guest kernel, told from one of its programs by this bit alone.</summary>
    [Cites("asm/x86_64/page.h _PAGE_GUEST_KERNEL")]
    public const ulong GuestKernel = 1UL << 52;

    /// <summary>
    /// Bit 62: a grant mapping. Xen sets it in debug builds only; in release builds the symbol is 0.
    /// </summary>
    [Cites("asm/x86_64/page.h _PAGE_GNTTAB")]
    public const ulong Grant = 1UL << 62;

    /// <summary>Bit 63: no instruction is fetched from the page.</summary>
    [Cites("asm/x86_64/page.h _PAGE_NX_BIT")]
    public const ulong NoExecute = 1UL << 63;

    /// <summary>The bits of the frame address.</summary>
    [Cites("xen/page-size.h PADDR_MASK")]
    public const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>The entry that maps a granted frame for a PV kernel of 64 bits.</summary>
    /// <param name="frame">The machine frame of the granter.</param>
    /// <param name="readOnly">True leaves the writable bit clear.</param>
    /// <remarks>The bits are those of a debug build of Xen: see <see cref="Grant"/>.</remarks>
    [Cites("pv/grant_table.c grant_to_pte_flags")]
    public static ulong ForGrant(Mfn frame, bool readOnly) =>
        frame.Address(0) | Present | User | GuestKernel | Accessed | Dirty | Grant | NoExecute
        | (readOnly ? 0 : Writable);

    /// <summary>The frame that an entry maps; meaningless unless <see cref="Present"/> is set.</summary>
    public static Mfn FrameOf(ulong entry) => new((entry & AddressMask) >> PageSize.Shift);

    /// <summary>The byte offset of the leaf entry of a virtual address inside its L1 table, 0 to 4088.</summary>
    public static int OffsetBytes(ulong virtualAddress) =>
        (int)((virtualAddress >> PageSize.Shift) & 511) * SizeBytes;
}
