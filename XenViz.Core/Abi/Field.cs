using System.Buffers.Binary;

namespace XenViz.Core.Abi;

/// <summary>A named range of bytes in a structure that domains or Xen share. All fields are little-endian.</summary>
/// <param name="OffsetBytes">Where it begins, in bytes from the beginning of the structure.</param>
/// <param name="WidthBytes">How many bytes it has.</param>
/// <param name="Name">Xen's name of the field.</param>
/// <param name="Writer">Who may write it. For pages of a domain's own, Guest stands for the owner of the page.</param>
/// <param name="Citation">The header, a space, structure and field: <c>io/blkif.h blkif_request.id</c>.</param>
public readonly record struct Field(int OffsetBytes, int WidthBytes, string Name, Writer Writer, string Citation)
{
    /// <summary>The first byte after the field.</summary>
    public int EndBytes => OffsetBytes + WidthBytes;

    /// <summary>The same field of a structure that begins at <paramref name="baseBytes"/>.</summary>
    public Field At(int baseBytes) => this with { OffsetBytes = OffsetBytes + baseBytes };

    /// <summary>The value of the field in a copy of the structure, zero-extended.</summary>
    /// <exception cref="InvalidOperationException">The field is not a scalar of 1, 2, 4 or 8 bytes.</exception>
    public ulong Read(ReadOnlySpan<byte> structure)
    {
        var bytes = structure.Slice(OffsetBytes, WidthBytes);
        return WidthBytes switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _ => throw new InvalidOperationException($"{Name} is no scalar: it has {WidthBytes} bytes."),
        };
    }

    /// <summary>Writes the low bytes of <paramref name="value"/> into a copy of the structure.</summary>
    /// <exception cref="InvalidOperationException">The field is not a scalar of 1, 2, 4 or 8 bytes.</exception>
    public void Write(Span<byte> structure, ulong value)
    {
        var bytes = structure.Slice(OffsetBytes, WidthBytes);
        switch (WidthBytes)
        {
            case 1: bytes[0] = unchecked((byte)value); break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(bytes, unchecked((ushort)value)); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(bytes, unchecked((uint)value)); break;
            case 8: BinaryPrimitives.WriteUInt64LittleEndian(bytes, value); break;
            default: throw new InvalidOperationException($"{Name} is no scalar: it has {WidthBytes} bytes.");
        }
    }
}
