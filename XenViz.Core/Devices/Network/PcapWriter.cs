using System.Buffers.Binary;

namespace XenViz.Core.Devices.Network;

/// <summary>Writes a classic capture file that Wireshark and tcpdump open.</summary>
public static class PcapWriter
{
    /// <summary>The bytes of the file, in the byte order and the unit of time of the capture. A file of microseconds
    /// loses the last three digits.</summary>
    /// <param name="capture">The capture.</param>
    public static byte[] Write(Pcap capture)
    {
        var file = new byte[Pcap.HeaderBytes + capture.Frames.Sum(f => Pcap.RecordBytes + f.Bytes.Length)];
        var big = capture.BigEndian;
        Put(file, 0, capture.Nanoseconds ? Pcap.NanosecondMagic : Pcap.MicrosecondMagic, big);
        Put16(file, 4, 2, big);
        Put16(file, 6, 4, big);
        Put(file, 16, capture.SnapBytes, big);
        Put(file, 20, capture.LinkType, big);
        var at = Pcap.HeaderBytes;
        foreach (var frame in capture.Frames)
        {
            Put(file, at, frame.Seconds, big);
            Put(file, at + 4, capture.Nanoseconds ? frame.Nanoseconds : frame.Nanoseconds / 1000, big);
            Put(file, at + 8, (uint)frame.Bytes.Length, big);
            Put(file, at + 12, frame.OriginalBytes, big);
            frame.Bytes.AsSpan().CopyTo(file.AsSpan(at + Pcap.RecordBytes));
            at += Pcap.RecordBytes + frame.Bytes.Length;
        }

        return file;
    }

    private static void Put(byte[] file, int at, uint value, bool big)
    {
        if (big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        }
    }

    private static void Put16(byte[] file, int at, ushort value, bool big)
    {
        if (big)
        {
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        }
    }
}
