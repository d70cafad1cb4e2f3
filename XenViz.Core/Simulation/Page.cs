using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace XenViz.Core.Simulation;

/// <summary>
/// The 4096 bytes of a frame as an immutable value, in sectors of four chunks of 128 bytes. A change copies one chunk
/// and the two small tables that lead to it; the rest is shared with the page before, so that keeping every state of a
/// run costs little. Most changes are of one word: up to four words lie beside the chunks until one more is written.
/// </summary>
public sealed class Page
{
    /// <summary>Bytes of a page.</summary>
    public const int Size = 4096;

    private const int ChunkSize = 128;
    private const int ChunksEach = 4;
    private const int SectorSize = ChunkSize * ChunksEach;
    private const int SectorCount = Size / SectorSize;
    private static readonly byte[] ZeroChunk = new byte[ChunkSize];
    private static readonly byte[][] ZeroSector = [.. Enumerable.Repeat(ZeroChunk, ChunksEach)];

    private readonly byte[][][] _sectors;
    private readonly WordPatches _words;
    private ulong _hash;

    private Page(byte[][][] sectors, in WordPatches words)
    {
        _sectors = sectors;
        _words = words;
    }

    /// <summary>A page of zeros.</summary>
    public static Page Zero { get; } = new([.. Enumerable.Repeat(ZeroSector, SectorCount)], default);

    /// <summary>A hash of the bytes, equal for equal bytes.</summary>
    public ulong Hash => _hash != 0 ? _hash : _hash = ComputeHash();

    /// <summary>Bytes up to the last one that is not zero; 0 for a page of zeros.</summary>
    public int LengthToLastByte
    {
        get
        {
            var sectors = Whole();
            for (var start = Size - ChunkSize; start >= 0; start -= ChunkSize)
            {
                var chunk = ChunkAt(sectors, start);
                if (!ReferenceEquals(chunk, ZeroChunk)
                    && chunk.AsSpan().LastIndexOfAnyExcept((byte)0) is >= 0 and var last)
                {
                    return start + last + 1;
                }
            }

            return 0;
        }
    }

    /// <summary>Copies bytes out.</summary>
    /// <param name="offset">The first byte, 0 to 4095; the whole range must lie in the page.</param>
    /// <param name="into">Takes as many bytes as it is long.</param>
    public void Read(int offset, Span<byte> into)
    {
        var at = offset;
        var left = into;
        while (left.Length > 0)
        {
            var inChunk = at % ChunkSize;
            var n = Math.Min(left.Length, ChunkSize - inChunk);
            ChunkAt(_sectors, at).AsSpan(inChunk, n).CopyTo(left);
            left = left[n..];
            at += n;
        }

        _words.Over(offset, into);
    }

    /// <summary>The little-endian number at a naturally aligned place.</summary>
    /// <param name="offset">A multiple of <paramref name="width"/>.</param>
    /// <param name="width">1, 2, 4 or 8 bytes.</param>
    public ulong Load(int offset, int width)
    {
        if (width is not (1 or 2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(width), width, "A width is 1, 2, 4 or 8 bytes.");
        }

        var inWord = offset % WordPatches.WordSize;
        var word = _words.Find(offset) is { } written
            ? written
            : BinaryPrimitives.ReadUInt64LittleEndian(
                ChunkAt(_sectors, offset).AsSpan((offset - inWord) % ChunkSize));
        return (word >> (inWord * 8)) & (ulong.MaxValue >> ((WordPatches.WordSize - width) * 8));
    }

    /// <summary>The page with other bytes from an offset on.</summary>
    public Page With(int offset, ReadOnlySpan<byte> bytes)
    {
        var inWord = offset % WordPatches.WordSize;
        if (inWord + bytes.Length > WordPatches.WordSize)
        {
            return new Page(Changed(Whole(), offset, bytes), default);
        }

        Span<byte> word = stackalloc byte[WordPatches.WordSize];
        BinaryPrimitives.WriteUInt64LittleEndian(word, Load(offset - inWord, WordPatches.WordSize));
        bytes.CopyTo(word[inWord..]);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(word);
        return _words.HasRoom(offset)
            ? new Page(_sectors, _words.With(offset, value))
            : new Page(Whole(), default(WordPatches).With(offset, value));
    }

    /// <summary>The bytes as an array of its own.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Size];
        Read(0, all);
        return all;
    }

    // The sectors with the words in them.
    private byte[][][] Whole()
    {
        if (_words.Count == 0)
        {
            return _sectors;
        }

        // What is touched is copied once, however many of the words lie in it.
        var sectors = _sectors.AsSpan().ToArray();
        for (var i = 0; i < _words.Count; i++)
        {
            var (offset, value) = _words[i];
            ref var sector = ref sectors[offset / SectorSize];
            if (ReferenceEquals(sector, _sectors[offset / SectorSize]))
            {
                sector = sector.AsSpan().ToArray();
            }

            ref var chunk = ref sector[offset % SectorSize / ChunkSize];
            if (ReferenceEquals(chunk, ChunkAt(_sectors, offset)))
            {
                chunk = chunk.AsSpan().ToArray();
            }

            BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan(offset % ChunkSize), value);
        }

        for (var i = 0; i < _words.Count; i++)
        {
            ref var chunk = ref sectors[_words[i].Offset / SectorSize][_words[i].Offset % SectorSize / ChunkSize];
            chunk = chunk.AsSpan().ContainsAnyExcept((byte)0) ? chunk : ZeroChunk;
        }

        return sectors;
    }

    private static byte[][][] Changed(byte[][][] before, int offset, ReadOnlySpan<byte> bytes)
    {
        var sectors = before.AsSpan().ToArray();
        while (bytes.Length > 0)
        {
            var inSector = offset % SectorSize;
            var n = Math.Min(bytes.Length, SectorSize - inSector);
            sectors[offset / SectorSize] = Changed(sectors[offset / SectorSize], inSector, bytes[..n]);
            bytes = bytes[n..];
            offset += n;
        }

        return sectors;
    }

    // AsSpan().ToArray() copies without leaving managed code; Array.Clone() takes twice as long for arrays this small.
    private static byte[][] Changed(byte[][] sector, int offset, ReadOnlySpan<byte> bytes)
    {
        var chunks = sector.AsSpan().ToArray();
        while (bytes.Length > 0)
        {
            var inChunk = offset % ChunkSize;
            var n = Math.Min(bytes.Length, ChunkSize - inChunk);
            var chunk = chunks[offset / ChunkSize].AsSpan().ToArray();
            bytes[..n].CopyTo(chunk.AsSpan(inChunk));
            chunks[offset / ChunkSize] = chunk.AsSpan().ContainsAnyExcept((byte)0) ? chunk : ZeroChunk;
            bytes = bytes[n..];
            offset += n;
        }

        return chunks;
    }

    private static byte[] ChunkAt(byte[][][] sectors, int offset) =>
        sectors[offset / SectorSize][offset % SectorSize / ChunkSize];

    private ulong ComputeHash()
    {
        // Zeros count in pieces of 256 bytes: fingerprints do not depend on how a page is kept.
        const int Piece = 2 * ChunkSize;
        var hash = Hasher.Start();
        var sectors = Whole();
        for (var start = 0; start < Size; start += Piece)
        {
            var (one, other) = (ChunkAt(sectors, start), ChunkAt(sectors, start + ChunkSize));
            if (ReferenceEquals(one, ZeroChunk) && ReferenceEquals(other, ZeroChunk))
            {
                hash.Add(0);
                continue;
            }

            Add(ref hash, one);
            Add(ref hash, other);
        }

        return hash.Value | 1;
    }

    private static void Add(ref Hasher hash, byte[] chunk)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(chunk))
        {
            hash.Add(word);
        }
    }
}
