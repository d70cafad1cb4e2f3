namespace XenViz.Core.Drivers.Network;

/// <summary>What one end of a network interface can do and says so in xenstore (FACTS e.6; <c>io/netif.h</c>).
/// </summary>
public sealed record NetOffer
{
    /// <summary>A packet may take several slots (<c>feature-sg</c>).</summary>
    public bool ScatterGather { get; init; } = true;

    /// <summary>A TCP packet may be larger than the wire takes (<c>feature-gso-tcpv4</c>, <c>-tcpv6</c>).</summary>
    public bool Segmentation { get; init; } = true;

    /// <summary>A checksum may be left blank (no <c>feature-no-csum-offload</c>: the key is negative).</summary>
    public bool Checksums { get; init; } = true;

    /// <summary>The keys of these features with their values, without the directory.</summary>
    public IEnumerable<(string Key, string Value)> Keys()
    {
        yield return ("feature-sg", Text(ScatterGather));
        yield return ("feature-gso-tcpv4", Text(Segmentation));
        yield return ("feature-gso-tcpv6", Text(Segmentation));
        yield return ("feature-ipv6-csum-offload", Text(Checksums));
        if (!Checksums)
        {
            yield return ("feature-no-csum-offload", "1");
        }
    }

    /// <summary>What the other end's keys say: a key that is missing or no number counts as 0, as in Linux
    /// (<c>xenbus_read_unsigned</c>).</summary>
    /// <param name="read">Reads a key of the other end's directory.</param>
    public static NetOffer Read(Func<string, uint> read) => new()
    {
        ScatterGather = read("feature-sg") != 0, Segmentation = read("feature-gso-tcpv4") != 0,
        Checksums = read("feature-no-csum-offload") == 0,
    };

    private static string Text(bool on) => on ? "1" : "0";
}

/// <summary>What both ends can do, kept by each of them.</summary>
/// <param name="ScatterGather">Packets of several slots.</param>
/// <param name="Segmentation">Packets larger than the wire takes.</param>
/// <param name="Checksums">Blank checksums.</param>
public readonly record struct NetAgreed(bool ScatterGather, bool Segmentation, bool Checksums)
{
    /// <summary>What both can do. Cutting later needs the other two, as in Linux (<c>netdev_fix_features</c>).
    /// </summary>
    public static NetAgreed Of(NetOffer one, NetOffer other)
    {
        var (gather, sums) = (one.ScatterGather && other.ScatterGather, one.Checksums && other.Checksums);
        return new NetAgreed(gather, gather && sums && one.Segmentation && other.Segmentation, sums);
    }
}
