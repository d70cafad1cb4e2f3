namespace XenViz.Core.Abi.Io;

/// <summary>Flags of a transmit request (<c>NETTXF_*</c>).</summary>
[Flags]
public enum NetTxFlags : ushort
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The protocol checksum is left for the receiver or its device to fill in.</summary>
    [Cites("io/netif.h NETTXF_csum_blank")]
    ChecksumBlank = 1,

    /// <summary>The data was checked on this machine already.</summary>
    [Cites("io/netif.h NETTXF_data_validated")]
    DataValidated = 2,

    /// <summary>The packet goes on in the next request.</summary>
    [Cites("io/netif.h NETTXF_more_data")]
    MoreData = 4,

    /// <summary>The next slot is an extra info.</summary>
    [Cites("io/netif.h NETTXF_extra_info")]
    ExtraInfo = 8,
}

/// <summary>Flags of a receive response (<c>NETRXF_*</c>). The first two stand the other way round than in
/// <see cref="NetTxFlags"/>.</summary>
[Flags]
public enum NetRxFlags : ushort
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The data was checked already.</summary>
    [Cites("io/netif.h NETRXF_data_validated")]
    DataValidated = 1,

    /// <summary>The protocol checksum is blank: the packet never left the machine.</summary>
    [Cites("io/netif.h NETRXF_csum_blank")]
    ChecksumBlank = 2,

    /// <summary>The packet goes on in the next response.</summary>
    [Cites("io/netif.h NETRXF_more_data")]
    MoreData = 4,

    /// <summary>The next slot is an extra info.</summary>
    [Cites("io/netif.h NETRXF_extra_info")]
    ExtraInfo = 8,

    /// <summary>The response is a GSO prefix without data of its own.</summary>
    [Cites("io/netif.h NETRXF_gso_prefix")]
    GsoPrefix = 16,
}

/// <summary>What became of a slot (<c>NETIF_RSP_*</c>, signed 16 bits).</summary>
public enum NetifStatus : short
{
    /// <summary>Dropped, through no fault of the frontend.</summary>
    [Cites("io/netif.h NETIF_RSP_DROPPED")]
    Dropped = -2,

    /// <summary>Refused.</summary>
    [Cites("io/netif.h NETIF_RSP_ERROR")]
    Error = -1,

    /// <summary>Done.</summary>
    [Cites("io/netif.h NETIF_RSP_OKAY")]
    Okay = 0,

    /// <summary>No answer: the slot was an extra info.</summary>
    [Cites("io/netif.h NETIF_RSP_NULL")]
    Null = 1,
}

/// <summary>What an extra info is about (<c>XEN_NETIF_EXTRA_TYPE_*</c>).</summary>
public enum NetExtraType : byte
{
    /// <summary>Nothing; invalid in a ring.</summary>
    [Cites("io/netif.h XEN_NETIF_EXTRA_TYPE_NONE")]
    None = 0,

    /// <summary>The packet is to be cut into segments.</summary>
    [Cites("io/netif.h XEN_NETIF_EXTRA_TYPE_GSO")]
    Gso = 1,

    /// <summary>Deliver a multicast address from now on.</summary>
    [Cites("io/netif.h XEN_NETIF_EXTRA_TYPE_MCAST_ADD")]
    McastAdd = 2,

    /// <summary>No longer deliver a multicast address.</summary>
    [Cites("io/netif.h XEN_NETIF_EXTRA_TYPE_MCAST_DEL")]
    McastDel = 3,

    /// <summary>The hash that was computed over the packet.</summary>
    [Cites("io/netif.h XEN_NETIF_EXTRA_TYPE_HASH")]
    Hash = 4,
}

/// <summary>How a packet is to be cut into segments (<c>XEN_NETIF_GSO_TYPE_*</c>).</summary>
public enum NetGsoType : byte
{
    /// <summary>Not at all.</summary>
    [Cites("io/netif.h XEN_NETIF_GSO_TYPE_NONE")]
    None = 0,

    /// <summary>TCP over IPv4.</summary>
    [Cites("io/netif.h XEN_NETIF_GSO_TYPE_TCPV4")]
    TcpV4 = 1,

    /// <summary>TCP over IPv6.</summary>
    [Cites("io/netif.h XEN_NETIF_GSO_TYPE_TCPV6")]
    TcpV6 = 2,
}
