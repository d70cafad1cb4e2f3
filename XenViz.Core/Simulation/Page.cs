using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace XenViz.Core.Simulation;

/// <summary>
/// The 4096 bytes of a frame as an immutable value. A change copies one chunk of 256 bytes and the table of chunks; the
/// rest is shared with the page before, so that keeping every state of a run costs little.
/// </summary>
public sealed class Page
{
    /// <summary>Bytes of a page.</summary>
    public const int Size = 4096;

    private const int ChunkSize = 256;
    private const int ChunkCount = Size / ChunkSize;
    private static readonly byte[] ZeroChunk = new byte[ChunkSize];

    private readonly byte[][] _chunks;
    private ulong _hash;

    private Page(byte[][] chunks) => _chunks = chunks;

    /// <summary>A page of zeros.</summary>
    public static Page Zero { get; } = new([.. Enumerable.Repeat(ZeroChunk, ChunkCount)]);

    /// <summary>A hash of the bytes, equal for equal bytes.</summary>
    public ulong Hash => _hash != 0 ? _hash : _hash = ComputeHash();

    /// <summary>Bytes up to the last one that is not zero; 0 for a page of zeros.</summary>
    public int LengthToLastByte
    {
        get
        {
            for (var chunk = ChunkCount - 1; chunk >= 0; chunk--)
            {
                if (!ReferenceEquals(_chunks[chunk], ZeroChunk)
                    && _chunks[chunk].AsSpan().LastIndexOfAnyExcept((byte)0) is >= 0 and var last)
                {
                    return (chunk * ChunkSize) + last + 1;
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
            _chunks[offset / ChunkSize].AsSpan(inChunk, n).CopyTo(into);
            into = into[n..];
            offset += n;
        }
    }

    /// <summary>The little-endian number at a naturally aligned place.</summary>
    /// <param name="offset">A multiple of <paramref name="width"/>.</param>
    /// <param name="width">1, 2, 4 or 8 bytes.</param>
    public ulong Load(int offset, int width)
    {
        var at = _chunks[offset / ChunkSize].AsSpan(offset % ChunkSize);
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
        var chunks = _chunks.AsSpan().ToArray();
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

        return new Page(chunks);
    }

    /// <summary>The bytes as an array of its own.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Size];
        Read(0, all);
        return all;
    }

    private ulong ComputeHash()
    {
        var hash = Hasher.Start();
        foreach (var chunk in _chunks)
        {
            if (ReferenceEquals(chunk, ZeroChunk))
            {
                hash.Add(0);
                continue;
            }

            foreach (var word in MemoryMarshal.Cast<byte, ulong>(chunk))
            {
                hash.Add(word);
            }
        }

        return hash.Value | 1;
    }
}
