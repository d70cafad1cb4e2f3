namespace XenViz.Core.Abi.Io;

/// <summary>The network protocol: two rings a queue, one for packets that the guest sends, one for those it gets.
/// </summary>
public static class Netif
{
    /// <summary>Bytes of a slot of the transmit ring: a request, an extra info or a response.</summary>
    [Cites("io/netif.h netif_tx_sring_entry")]
    public const int TxSlotBytes = 12;

    /// <summary>Bytes of a slot of the receive ring.</summary>
    [Cites("io/netif.h netif_rx_sring_entry")]
    public const int RxSlotBytes = 8;

    /// <summary>The number of fragments of one packet that every backend must accept.</summary>
    [Cites("io/netif.h XEN_NETIF_NR_SLOTS_MIN")]
    public const int MinFragments = 18;

    /// <summary>Bytes of the largest packet: the size field has 16 bits.</summary>
    [Cites("io/netif.h XEN_NETIF_MAX_TX_SIZE")]
    public const int MaxTxBytes = 65535;

    /// <summary>A fragment that the guest sends. The first one of a packet carries the size of the whole packet.
    /// </summary>
    [Cites("io/netif.h netif_tx_request")]
    public static class TxRequest
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/netif.h netif_tx_request")]
        public const int SizeBytes = 12;

        /// <summary>The grant of the page that the bytes are in.</summary>
        public static readonly Field Gref = new(0, 4, "gref", Writer.Guest, "io/netif.h netif_tx_request.gref");

        /// <summary>The first byte in that page.</summary>
        public static readonly Field Offset = new(4, 2, "offset", Writer.Guest, "io/netif.h netif_tx_request.offset");

        /// <summary><see cref="NetTxFlags"/>.</summary>
        public static readonly Field Flags = new(6, 2, "flags", Writer.Guest, "io/netif.h netif_tx_request.flags");

        /// <summary>A number of the frontend, sent back in the response.</summary>
        public static readonly Field Id = new(8, 2, "id", Writer.Guest, "io/netif.h netif_tx_request.id");

        /// <summary>Bytes: of the whole packet in its first slot, of the fragment in the others.</summary>
        public static readonly Field Size = new(10, 2, "size", Writer.Guest, "io/netif.h netif_tx_request.size");
    }

    /// <summary>The answer to a slot of the transmit ring.</summary>
    [Cites("io/netif.h netif_tx_response")]
    public static class TxResponse
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/netif.h netif_tx_response")]
        public const int SizeBytes = 4;

        /// <summary>The id of the request.</summary>
        public static readonly Field Id = new(0, 2, "id", Writer.Driver, "io/netif.h netif_tx_response.id");

        /// <summary>A <see cref="NetifStatus"/>.</summary>
        public static readonly Field Status =
            new(2, 2, "status", Writer.Driver, "io/netif.h netif_tx_response.status");
    }

    /// <summary>An empty page that the guest offers for packets to come. Bytes 2 and 3 are padding.</summary>
    [Cites("io/netif.h netif_rx_request")]
    public static class RxRequest
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/netif.h netif_rx_request")]
        public const int SizeBytes = 8;

        /// <summary>A number of the frontend, sent back in the response.</summary>
        public static readonly Field Id = new(0, 2, "id", Writer.Guest, "io/netif.h netif_rx_request.id");

        /// <summary>The grant of the page, writable.</summary>
        public static readonly Field Gref = new(4, 4, "gref", Writer.Guest, "io/netif.h netif_rx_request.gref");
    }

    /// <summary>What the backend put into a page; it lies in the slot of the request that offered the page.</summary>
    [Cites("io/netif.h netif_rx_response")]
    public static class RxResponse
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/netif.h netif_rx_response")]
        public const int SizeBytes = 8;

        /// <summary>The id of the request.</summary>
        public static readonly Field Id = new(0, 2, "id", Writer.Driver, "io/netif.h netif_rx_response.id");

        /// <summary>The first byte in the page.</summary>
        public static readonly Field Offset =
            new(2, 2, "offset", Writer.Driver, "io/netif.h netif_rx_response.offset");

        /// <summary><see cref="NetRxFlags"/>.</summary>
        public static readonly Field Flags = new(4, 2, "flags", Writer.Driver, "io/netif.h netif_rx_response.flags");

        /// <summary>Bytes when it is positive, else a <see cref="NetifStatus"/>; signed.</summary>
        public static readonly Field Status =
            new(6, 2, "status", Writer.Driver, "io/netif.h netif_rx_response.status");
    }

    /// <summary>A slot that says more about the packet whose first slot announced it.</summary>
    [Cites("io/netif.h netif_extra_info")]
    public static class Extra
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("io/netif.h netif_extra_info")]
        public const int SizeBytes = 8;

        /// <summary>Bit of the flags: one more extra info follows.</summary>
        [Cites("io/netif.h XEN_NETIF_EXTRA_FLAG_MORE")]
        public const int More = 1;

        /// <summary>Number of types that the header knows; a type must be smaller.</summary>
        [Cites("io/netif.h XEN_NETIF_EXTRA_TYPE_MAX")]
        public const int TypeMax = 5;

        /// <summary>A <see cref="NetExtraType"/>.</summary>
        public static readonly Field Type = new(0, 1, "type", Writer.Guest, "io/netif.h netif_extra_info.type");

        /// <summary>0 or <see cref="More"/>.</summary>
        public static readonly Field Flags = new(1, 1, "flags", Writer.Guest, "io/netif.h netif_extra_info.flags");

        /// <summary>GSO: bytes of payload of each segment that the packet is to be cut into.</summary>
        public static readonly Field GsoSize =
            new(2, 2, "size", Writer.Guest, "io/netif.h netif_extra_info.u.gso.size");

        /// <summary>GSO: a <see cref="NetGsoType"/>.</summary>
        public static readonly Field GsoType =
            new(4, 1, "type", Writer.Guest, "io/netif.h netif_extra_info.u.gso.type");

        /// <summary>GSO: features of the kind; none is defined.</summary>
        public static readonly Field GsoFeatures =
            new(6, 2, "features", Writer.Guest, "io/netif.h netif_extra_info.u.gso.features");

        /// <summary>Multicast: the Ethernet address to add or delete.</summary>
        public static readonly Field McastAddr =
            new(2, 6, "addr", Writer.Guest, "io/netif.h netif_extra_info.u.mcast.addr");

        /// <summary>Hash: the kind of packet that was hashed.</summary>
        public static readonly Field HashType =
            new(2, 1, "type", Writer.Guest, "io/netif.h netif_extra_info.u.hash.type");

        /// <summary>Hash: the algorithm.</summary>
        public static readonly Field HashAlgorithm =
            new(3, 1, "algorithm", Writer.Guest, "io/netif.h netif_extra_info.u.hash.algorithm");

        /// <summary>Hash: its value.</summary>
        public static readonly Field HashValue =
            new(4, 4, "value", Writer.Guest, "io/netif.h netif_extra_info.u.hash.value");
    }
}
