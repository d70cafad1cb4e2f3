using System.Globalization;

namespace XenViz.Core.Devices.Network;

/// <summary>An Ethernet address: 48 bits, the first byte on the wire highest.</summary>
/// <param name="Value">0 to 2^48 - 1.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes of an address.</summary>
    public const int SizeBytes = 6;

    /// <summary>Everybody on the segment.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>True for an address of a group, broadcast included.</summary>
    public bool IsGroup => (Value >> 40 & 1) != 0;

    /// <summary>Reads six bytes.</summary>
    public static MacAddress From(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (var b in bytes[..SizeBytes])
        {
            value = (value << 8) | b;
        }

        return new MacAddress(value);
    }

    /// <summary>Writes six bytes.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        for (var i = 0; i < SizeBytes; i++)
        {
            bytes[i] = (byte)(Value >> (40 - (8 * i)));
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var value = Value;
        return string.Join(':', Enumerable.Range(0, SizeBytes)
            .Select(i => ((byte)(value >> (40 - (8 * i)))).ToString("x2", CultureInfo.InvariantCulture)));
    }
}
