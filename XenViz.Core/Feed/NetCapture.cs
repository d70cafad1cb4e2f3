using XenViz.Core.Devices.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Feed;

/// <summary>The frames on the wire as a capture file.</summary>
public static class NetCapture
{
    private const uint NanosecondsApart = 1000;

    /// <summary>The file. The model has no clock, so the frames stand a microsecond apart from the start of 1970.
    /// </summary>
    /// <param name="machine">A machine with a network card.</param>
    public static byte[] Of(Machine machine) => PcapWriter.Write(Pcap.Empty with
    {
        Frames =
        [
            .. ((Nic)machine.Disk!).Sent.Select((frame, i) =>
                new PcapFrame(0, (uint)i * NanosecondsApart, frame, (uint)frame.Length)),
        ],
    });
}
