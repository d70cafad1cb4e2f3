using System.Buffers.Binary;

namespace XenViz.Core.Drivers.Rings;

/// <summary>A shared area in plain memory of its own, for replays and tests.</summary>
public sealed class RingArea : IRingMemory
{
    readonly byte[] _bytes;

    /// <summary>An area of zeros.</summary>
    /// <param name="sizeBytes">4096 for each page.</param>
    public RingArea(int sizeBytes) => _bytes = new byte[sizeBytes];

    /// <inheritdoc/>
    public int SizeBytes => _bytes.Length;

    /// <summary>All bytes of the area.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public uint Load32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset, 4));

    /// <inheritdoc/>
    public void Store32(int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(offset, 4), value);

    /// <inheritdoc/>
    public void Read(int offset, Span<byte> destination) =>
        _bytes.AsSpan(offset, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public void Write(int offset, ReadOnlySpan<byte> source) => source.CopyTo(_bytes.AsSpan(offset, source.Length));
}
