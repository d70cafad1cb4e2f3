using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices;

/// <summary>A part of a command: bytes of one page.</summary>
/// <param name="BusAddress">Machine address of the first byte.</param>
/// <param name="Bytes">A multiple of 512, at most 4096.</param>
public readonly record struct SgElement(ulong BusAddress, int Bytes);

/// <summary>A command in the disk's queue.</summary>
/// <param name="Key">The driver's name for it.</param>
/// <param name="Sector">First sector.</param>
/// <param name="ToMemory">True for reading the disk (the device writes memory).</param>
/// <param name="Elements">The pages, in order; none when only the cache is emptied or sectors are forgotten.</param>
public sealed record DiskCommand(uint Key, ulong Sector, bool ToMemory, ImmutableArray<SgElement> Elements)
{
    /// <summary>True when the write cache is emptied before the command counts as done.</summary>
    public bool Flush { get; init; }

    /// <summary>Sectors to forget, from the first one on; 0 for none.</summary>
    public ulong Discarded { get; init; }
}

/// <summary>What became of a command.</summary>
public enum DiskResult : byte
{
    /// <summary>Done.</summary>
    Okay,

    /// <summary>The disk or the IOMMU refused.</summary>
    Failed,

    /// <summary>The disk has no such command.</summary>
    NotSupported,
}

/// <summary>The bytes that a disk starts with: shared by all runs, never changed.</summary>
public sealed class DiskImage
{
    private readonly byte[] _bytes;
    private readonly Page?[] _pages;
    private ulong _hash;

    /// <summary>Wraps the bytes, which must not change any more.</summary>
    public DiskImage(byte[] bytes)
    {
        _bytes = bytes;
        _pages = new Page?[(bytes.Length + Page.Size - 1) / Page.Size];
    }

    /// <summary>How many bytes there are; beyond them a disk reads as zeros.</summary>
    public int Length => _bytes.Length;

    /// <summary>A hash of the bytes.</summary>
    public ulong Hash
    {
        get
        {
            if (_hash == 0)
            {
                var h = Hasher.Start();
                foreach (var word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(_bytes))
                {
                    h.Add(word);
                }

                _hash = h.Value | 1;
            }

            return _hash;
        }
    }

    /// <summary>A block of 4096 bytes as a page. Made once; two threads that make it at once make the same.</summary>
    public Page PageAt(long block)
    {
        if (block >= _pages.Length)
        {
            return Page.Zero;
        }

        if (_pages[block] is { } made)
        {
            return made;
        }

        Span<byte> whole = stackalloc byte[Page.Size];
        Read(block * Page.Size, whole);
        return _pages[block] = Page.Zero.With(0, whole);
    }

    /// <summary>Copies bytes out; zeros where the image has ended.</summary>
    public void Read(long offset, Span<byte> into)
    {
        into.Clear();
        if (offset < _bytes.Length)
        {
            var n = (int)Math.Min(into.Length, _bytes.Length - offset);
            _bytes.AsSpan((int)offset, n).CopyTo(into);
        }
    }
}

/// <summary>What the disk does at the moment.</summary>
public enum DiskActivity : byte
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>A command waits.</summary>
    Queued,

    /// <summary>An address is being checked.</summary>
    Checking,

    /// <summary>Bytes have moved.</summary>
    Moved,

    /// <summary>The last command is done.</summary>
    Done,
}

/// <summary>The disk: its queue, its bytes (an image and what was written over it), and what it does.</summary>
/// <param name="Image">The bytes at the start.</param>
/// <param name="Sectors">Its size in sectors of 512 bytes.</param>
public sealed record Disk(DiskImage Image, ulong Sectors) : PrivateState
{
    /// <summary>Commands that wait, the one at work first.</summary>
    public ImmutableQueue<DiskCommand> Queue { get; init; } = ImmutableQueue<DiskCommand>.Empty;

    /// <summary>4096-byte blocks that differ from the image, by block number.</summary>
    public ImmutableSortedDictionary<long, Page> Overlay { get; init; } = ImmutableSortedDictionary<long, Page>.Empty;

    /// <summary>True when it can empty its write cache on command.</summary>
    public bool CanFlush { get; init; } = true;

    /// <summary>True when it can forget sectors on command; they read as zeros then.</summary>
    public bool CanDiscard { get; init; } = true;

    /// <summary>Blocks of 4096 bytes that were written since the cache was emptied; only for people, as no power fails
    /// here.</summary>
    public ImmutableSortedSet<long> Cached { get; init; } = [];

    /// <summary>What stands between it and memory.</summary>
    public Iommu Iommu { get; init; } = new();

    /// <summary>What it does; only for people.</summary>
    public DiskActivity Activity { get; init; }

    /// <summary>The descriptor that it worked on last; only for people.</summary>
    public SgElement? Current { get; init; }

    /// <summary>The first sector of that descriptor; only for people.</summary>
    public ulong CurrentSector { get; init; }

    /// <summary>The key of the command that the descriptor is of; only for people.</summary>
    public uint CurrentKey { get; init; }

    /// <summary>The direction of that descriptor; only for people.</summary>
    public bool CurrentToMemory { get; init; }

    /// <summary>A block of 4096 bytes as it is now.</summary>
    public Page PageAt(long block) => Overlay.TryGetValue(block, out var page) ? page : Image.PageAt(block);

    /// <summary>The disk after a whole block was written.</summary>
    public Disk With(long block, Page page) =>
        this with { Overlay = Overlay.SetItem(block, page), Cached = Cached.Add(block) };

    /// <summary>Reads bytes of the disk as it is now.</summary>
    public void Read(long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var block = offset / Page.Size;
            var inBlock = (int)(offset % Page.Size);
            var n = Math.Min(into.Length, Page.Size - inBlock);
            if (Overlay.TryGetValue(block, out var page))
            {
                page.Read(inBlock, into[..n]);
            }
            else
            {
                Image.Read(offset, into[..n]);
            }

            into = into[n..];
            offset += n;
        }
    }

    /// <summary>The disk after bytes were written.</summary>
    public Disk Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var overlay = Overlay;
        var cached = Cached;
        while (bytes.Length > 0)
        {
            var block = offset / Page.Size;
            var inBlock = (int)(offset % Page.Size);
            var n = Math.Min(bytes.Length, Page.Size - inBlock);
            var page = overlay.TryGetValue(block, out var changed) ? changed : Image.PageAt(block);
            overlay = overlay.SetItem(block, page.With(inBlock, bytes[..n]));
            cached = cached.Add(block);
            bytes = bytes[n..];
            offset += n;
        }

        return this with { Overlay = overlay, Cached = cached };
    }

    /// <summary>The disk after it forgot sectors: they read as zeros.</summary>
    /// <param name="sector">The first one.</param>
    /// <param name="count">How many; the range must lie on the disk.</param>
    public Disk Discard(ulong sector, ulong count)
    {
        var after = this;
        Span<byte> zeros = stackalloc byte[Page.Size];
        zeros.Clear();
        var offset = (long)sector * Sector.SizeBytes;
        for (var left = (long)count * Sector.SizeBytes; left > 0;)
        {
            var here = (int)Math.Min(left, Page.Size);
            after = after.Write(offset, zeros[..here]);
            offset += here;
            left -= here;
        }

        return after with { Cached = Cached };
    }

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        hasher.Add(Image.Hash);
        hasher.Add(Sectors);
        Iommu.AddTo(ref hasher);
        foreach (var (block, page) in Overlay)
        {
            hasher.Add(block);
            hasher.Add(page.Hash);
        }

        foreach (var command in Queue)
        {
            hasher.Add(command.Key);
            hasher.Add(command.Sector);
            hasher.Add(command.ToMemory);
            hasher.Add(command.Flush);
            hasher.Add(command.Discarded);
            foreach (var element in command.Elements)
            {
                hasher.Add(element.BusAddress);
                hasher.Add(element.Bytes);
            }
        }
    }
}
