namespace XenViz.Core.Devices.Network;

/// <summary>How much of a capture is read at most: a file comes from anywhere.</summary>
/// <param name="FileBytes">Bytes of the file.</param>
/// <param name="Frames">Frames.</param>
/// <param name="FrameBytes">Captured bytes of one frame.</param>
public readonly record struct PcapLimits(int FileBytes, int Frames, int FrameBytes)
{
    /// <summary>1 MiB, 1,000 frames, 65,535 bytes a frame: what one packet of the network protocol can carry.</summary>
    public static PcapLimits Default => new(1 << 20, 1000, 65535);
}
