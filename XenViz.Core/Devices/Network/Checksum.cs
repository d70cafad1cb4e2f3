namespace XenViz.Core.Devices.Network;

/// <summary>The checksum of the internet protocols (RFC 1071): the complement of the sum in ones' complement.</summary>
public static class Checksum
{
    /// <summary>Adds bytes, two at a time with the first one high, to a sum; an odd last byte counts as high.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="sum">What was summed before.</param>
    public static uint Add(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    /// <summary>The checksum of a sum. Over bytes that hold their checksum already it is 0.</summary>
    public static ushort Of(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>The sum of the pseudo header that TCP and UDP add for IPv4.</summary>
    /// <param name="source">Address of the sender.</param>
    /// <param name="destination">Address of the receiver.</param>
    /// <param name="protocol">17 for UDP, 6 for TCP.</param>
    /// <param name="bytes">Bytes of header and payload.</param>
    public static uint Pseudo(uint source, uint destination, byte protocol, int bytes) =>
        (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + protocol + (uint)bytes;
}
