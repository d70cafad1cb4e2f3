using XenViz.Core.Projection.Packets;

namespace XenViz.Client.Packets;

/// <summary>How bytes of a frame are named in the document (js/details.js lights them by these names).</summary>
internal static class PacketKeys
{
    /// <summary>Bytes of a frame.</summary>
    /// <param name="packet">The frame.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="bytes">How many.</param>
    public static string Of(PacketView packet, int from, int bytes) =>
        FormattableString.Invariant($"p{packet.Row.Number}:{from}:{bytes}");

    /// <summary>One byte of a frame.</summary>
    public static string Of(PacketView packet, int at) => FormattableString.Invariant($"p{packet.Row.Number}:{at}");
}
