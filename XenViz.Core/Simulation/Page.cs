using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace XenViz.Core.Simulation;

/// <summary>
/// The 4096 bytes of a frame as an immutable value, in sectors of four chunks of 128 bytes. A change copies one chunk
/// and the two small tables that lead to it; the rest is shared with the page before, so that keeping every state of a
/// run costs little.
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
    private ulong _hash;

    private Page(byte[][][] sectors) => _sectors = sectors;

    /// <summary>A page of zeros.</summary>
    public static Page Zero { get; } = new([.. Enumerable.Repeat(ZeroSector, SectorCount)]);

    /// <summary>A hash of the bytes, equal for equal bytes.</summary>
    public ulong Hash => _hash != 0 ? _hash : _hash = ComputeHash();

    /// <summary>Bytes up to the last one that is not zero; 0 for a page of zeros.</summary>
    public int LengthToLastByte
    {
        get
        {
            for (var start = Size - ChunkSize; start >= 0; start -= ChunkSize)
            {
                var chunk = ChunkAt(start);
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
        while (into.Length > 0)
        {
            var inChunk = offset % ChunkSize;
            var n = Math.Min(into.Length, ChunkSize - inChunk);
            ChunkAt(offset).AsSpan(inChunk, n).CopyTo(into);
            into = into[n..];
            offset += n;
        }
    }

    /// <summary>The little-endian number at a naturally aligned place.</summary>
    /// <param name="offset">A multiple of <paramref name="width"/>.</param>
    /// <param name="width">1, 2, 4 or 8 bytes.</param>
    public ulong Load(int offset, int width)
    {
        var at = ChunkAt(offset).AsSpan(offset % ChunkSize);
        return width switch
        {
            1 => at[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(at),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "A width is 1, 2, 4 or 8 bytes."),
        };
    }

    /// <summary>The page with other bytes from an offset on.</summary>
    public Page With(int offset, ReadOnlySpan<byte> bytes)
    {
        var sectors = _sectors.AsSpan().ToArray();
        while (bytes.Length > 0)
        {
            var inSector = offset % SectorSize;
            var n = Math.Min(bytes.Length, SectorSize - inSector);
            sectors[offset / SectorSize] = Changed(sectors[offset / SectorSize], inSector, bytes[..n]);
            bytes = bytes[n..];
            offset += n;
        }

        return new Page(sectors);
    }

    /// <summary>The bytes as an array of its own.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Size];
        Read(0, all);
        return all;
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

    private byte[] ChunkAt(int offset) => _sectors[offset / SectorSize][offset % SectorSize / ChunkSize];

    private ulong ComputeHash()
    {
        // Zeros count in pieces of 256 bytes: fingerprints do not depend on how a page is kept.
        const int Piece = 2 * ChunkSize;
        var hash = Hasher.Start();
        for (var start = 0; start < Size; start += Piece)
        {
            var (one, other) = (ChunkAt(start), ChunkAt(start + ChunkSize));
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
