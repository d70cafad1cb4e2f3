namespace XenViz.Core.Drivers.Rings;

/// <summary>
/// The shared area of a ring as one end sees it: one page or several, addressed as one range of bytes. Numbers are
/// little-endian. An access outside the area is a bug of the caller and throws.
/// </summary>
public interface IRingMemory
{
    /// <summary>The size of the area in bytes, a multiple of 4096.</summary>
    int SizeBytes { get; }

    /// <summary>Reads a 32-bit number at a byte offset.</summary>
    uint Load32(int offset);

    /// <summary>Writes a 32-bit number at a byte offset.</summary>
    void Store32(int offset, uint value);

    /// <summary>Copies bytes out of the area.</summary>
    void Read(int offset, Span<byte> destination);

    /// <summary>Copies bytes into the area.</summary>
    void Write(int offset, ReadOnlySpan<byte> source);
}
