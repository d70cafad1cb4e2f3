using System.Buffers.Binary;
using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>What a place of a domain's address space leads to.</summary>
/// <param name="Page">The frame, or null for one of Xen's own (a grant table frame).</param>
/// <param name="Kind">How it is reached.</param>
public readonly record struct Place(PageInfo? Page, PlaceKind Kind);

/// <summary>How a place of an address space is reached.</summary>
public enum PlaceKind : byte
{
    /// <summary>The domain's own memory (HVM).</summary>
    Ram,

    /// <summary>A grant mapping, readable and writable.</summary>
    GrantWritable,

    /// <summary>A grant mapping, read-only.</summary>
    GrantReadOnly,
}

/// <summary>What a domain of a <see cref="GrantWorld"/> starts with.</summary>
public sealed record GrantDomainSetup(DomId Id)
{
    /// <summary>True for PV, false for HVM and PVH.</summary>
    public bool IsPv { get; init; } = true;

    /// <summary>True when it may act on other domains.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>vCPUs, 1 or more.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>Most pages that it may own.</summary>
    public int MaxPages { get; init; } = int.MaxValue;

    /// <summary>Most frames of its grant table.</summary>
    public int MaxGrantFrames { get; init; } = 64;

    /// <summary>Most frames of its maptrack.</summary>
    public int MaxMaptrackFrames { get; init; } = 1024;

    /// <summary>Highest version that it may choose, 1 or 2.</summary>
    public int MaxVersion { get; init; } = 2;
}

/// <summary>A domain as the grant table code sees it (<c>struct domain</c>, <c>struct grant_table</c>), in the flat
/// form
/// that bulk runs, recordings and soak tests use.</summary>
public sealed class GrantDomain
{
    private readonly Dictionary<ulong, Place> _places = [];
    private byte[] _entries;
    private ushort[] _status = [];
    private ActiveGrant[] _active;

    internal GrantDomain(GrantDomainSetup setup)
    {
        Setup = setup;
        Handles = new HandleLists(setup.Vcpus, setup.MaxMaptrackFrames);
        _entries = new byte[PageSize.Bytes];
        _active = new ActiveGrant[EntriesIn(1)];
    }

    /// <summary>What it started with.</summary>
    public GrantDomainSetup Setup { get; }

    /// <summary>Its id.</summary>
    public DomId Id => Setup.Id;

    /// <summary>True for PV.</summary>
    public bool IsPv => Setup.IsPv;

    /// <summary>The version of its table, 1 or 2.</summary>
    public int Version { get; private set; } = 1;

    /// <summary>Frames of its grant table.</summary>
    public int GrantFrames { get; private set; } = 1;

    /// <summary>Frames of status words; 0 with version 1.</summary>
    public int StatusFrames { get; private set; }

    /// <summary>Pages that it owns.</summary>
    public int OwnedPages { get; private set; }

    /// <summary>True once it is being destroyed.</summary>
    public bool IsDying { get; internal set; }

    /// <summary>True once its last page is gone: it cannot be found any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Its maptrack.</summary>
    public HandleLists Handles { get; }

    /// <summary>References that its table has.</summary>
    public uint EntryCount => (uint)_active.Length;

    /// <summary>Bytes of an entry: 8 or 16.</summary>
    public int EntryBytes => Version == 1 ? GrantTable.EntryV1.SizeBytes : GrantRules.EntryV2Bytes;

    /// <summary>The bytes of the whole table.</summary>
    public ReadOnlySpan<byte> Entries => _entries;

    /// <summary>The status words; none with version 1.</summary>
    public ReadOnlySpan<ushort> Status => _status;

    /// <summary>The places of its address space that lead somewhere: guest frames of HVM, mappings of PV.</summary>
    public IReadOnlyDictionary<ulong, Place> Places => _places;

    /// <summary>Where its grant table frames are in its address space (HVM), by frame index.</summary>
    internal Dictionary<(bool Status, uint Index), ulong> TablePlaces { get; } = [];

    /// <summary>The active entry of a reference, which must be below <see cref="EntryCount"/>.</summary>
    public ref ActiveGrant Active(uint reference) => ref _active[reference];

    /// <summary>The bytes of an entry, which must be below <see cref="EntryCount"/>.</summary>
    public Span<byte> Entry(uint reference) => _entries.AsSpan((int)reference * EntryBytes, EntryBytes);

    /// <summary>The flags of an entry, which the guest writes.</summary>
    public ushort FlagsOf(uint reference) => BinaryPrimitives.ReadUInt16LittleEndian(Entry(reference));

    /// <summary>The domain that an entry names.</summary>
    public ushort DomIdOf(uint reference) => BinaryPrimitives.ReadUInt16LittleEndian(Entry(reference)[2..]);

    /// <summary>The frame that an entry names: 32 bits with version 1, 64 with version 2.</summary>
    public ulong FrameOf(uint reference) => Version == 1
        ? BinaryPrimitives.ReadUInt32LittleEndian(Entry(reference)[4..])
        : BinaryPrimitives.ReadUInt64LittleEndian(Entry(reference)[8..]);

    /// <summary>The reading and writing bits of an entry, wherever the version keeps them.</summary>
    public ushort UseBitsOf(uint reference) =>
        (ushort)((Version == 1 ? FlagsOf(reference) : _status[reference]) & GrantRules.UseBits);

    internal void SetFlags(uint reference, ushort flags) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Entry(reference), flags);

    internal void SetFrame(uint reference, ulong frame)
    {
        if (Version == 1)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Entry(reference)[4..], (uint)frame);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Entry(reference)[8..], frame);
        }
    }

    internal void SetUseBits(uint reference, ushort bits)
    {
        if (Version == 1)
        {
            SetFlags(reference, (ushort)(FlagsOf(reference) | bits));
        }
        else
        {
            _status[reference] |= bits;
        }
    }

    internal void ClearUseBits(uint reference, ushort bits)
    {
        if (Version == 1)
        {
            SetFlags(reference, (ushort)(FlagsOf(reference) & ~bits));
        }
        else
        {
            _status[reference] &= (ushort)~bits;
        }
    }

    internal void SetStatus(uint reference, ushort word) => _status[reference] = word;

    internal void SetPlace(ulong page, Place place)
    {
        ForgetTableAt(page);
        _places[page] = place;
    }

    internal void ClearPlace(ulong page)
    {
        ForgetTableAt(page);
        _places.Remove(page);
    }

    internal bool TryFindPlace(ulong page, out Place place) => _places.TryGetValue(page, out place);

    internal void ClearPlaces()
    {
        _places.Clear();
        TablePlaces.Clear();
    }

    // A table frame whose place is taken by something else has none any more.
    private void ForgetTableAt(ulong page)
    {
        if (TablePlaces.Count > 0 && _places.TryGetValue(page, out var place) && place.Page is null)
        {
            ForgetTables(page);
        }
    }

    // Apart, because the closure is made where the method begins, and maps come by in millions.
    private void ForgetTables(ulong page)
    {
        foreach (var (frame, _) in TablePlaces.Where(each => each.Value == page).ToList())
        {
            TablePlaces.Remove(frame);
        }
    }

    internal void Win(PageInfo page) => OwnedPages++;

    internal void Lose(PageInfo page)
    {
        OwnedPages--;
        IsGone |= IsDying && OwnedPages == 0;
    }

    internal void CheckGone() => IsGone |= IsDying && OwnedPages == 0;

    /// <summary>Grows the table (<c>gnttab_grow_table</c>); it never shrinks.</summary>
    internal void Grow(int frames)
    {
        if (frames <= GrantFrames)
        {
            return;
        }

        GrantFrames = frames;
        Array.Resize(ref _entries, frames * PageSize.Bytes);
        Array.Resize(ref _active, EntriesIn(frames));
        ResizeStatus();
    }

    /// <summary>Changes the version with an empty table; who calls keeps what is to be kept.</summary>
    internal void Reset(int version)
    {
        Version = version;
        var active = _active;
        _entries = new byte[GrantFrames * PageSize.Bytes];
        _active = new ActiveGrant[EntriesIn(GrantFrames)];
        active.AsSpan(0, GrantTable.ReservedEntries).CopyTo(_active);
        _status = [];
        ResizeStatus();
    }

    private int EntriesIn(int frames) => frames * PageSize.Bytes / EntryBytes;

    private void ResizeStatus()
    {
        StatusFrames = Version == 1 ? 0 : GrantRules.StatusFramesFor(_active.Length);
        Array.Resize(ref _status, StatusFrames * GrantRules.StatusPerFrame);
    }
}
