namespace XenViz.Core.Abi;

/// <summary>Event channels: one-bit doorbells between domains. Bytes and numbers only.</summary>
public static partial class EventChannel
{
    /// <summary>Ports of a 64-bit domain with the 2-level ABI; 0 is never valid.</summary>
    [Cites("event_channel.h EVTCHN_2L_NR_CHANNELS")]
    public const int TwoLevelChannels = 4096;

    /// <summary>Ports of a 32-bit domain with the 2-level ABI: 32 words of 32 bits.</summary>
    public const int TwoLevelChannels32 = 1024;

    /// <summary>Where the mask bitmap of a 32-bit domain begins in its shared info page, in bytes.</summary>
    public const int MaskBytes32 = 2176;

    /// <summary>Where the selector of a 32-bit domain lies in its vCPU's info, in bytes.</summary>
    public const int SelectorBytes32 = 4;

    /// <summary>Port records come into being in blocks of so many and stay (<c>EVTCHNS_PER_BUCKET</c>).</summary>
    public const int PortsPerBucket = 64;

    /// <summary>Bits in one word of the 2-level bitmaps, and words in each bitmap (64-bit domains).</summary>
    public const int WordBits = 64;

    /// <summary>The port of bit <paramref name="bit"/> of 2-level word <paramref name="word"/>.</summary>
    public static Port PortOf(int word, int bit) => new((uint)((word * WordBits) + bit));

    /// <summary>The commands of hypercall <see cref="Xen.Hypercall.EventChannelOp"/> (<c>EVTCHNOP_*</c>).</summary>
    public static class Op
    {
        /// <summary>Connect to a port that waits for the caller.</summary>
        [Cites("event_channel.h EVTCHNOP_bind_interdomain")]
        public const uint BindInterdomain = 0;

        /// <summary>Bind a virtual interrupt.</summary>
        [Cites("event_channel.h EVTCHNOP_bind_virq")]
        public const uint BindVirq = 1;

        /// <summary>Bind a physical interrupt.</summary>
        [Cites("event_channel.h EVTCHNOP_bind_pirq")]
        public const uint BindPirq = 2;

        /// <summary>Free a port; the other end waits again.</summary>
        [Cites("event_channel.h EVTCHNOP_close")]
        public const uint Close = 3;

        /// <summary>Ring the other end.</summary>
        [Cites("event_channel.h EVTCHNOP_send")]
        public const uint Send = 4;

        /// <summary>Ask for the state of a port.</summary>
        [Cites("event_channel.h EVTCHNOP_status")]
        public const uint Status = 5;

        /// <summary>Make a port that waits for a domain.</summary>
        [Cites("event_channel.h EVTCHNOP_alloc_unbound")]
        public const uint AllocUnbound = 6;

        /// <summary>Make a port between vCPUs of the caller.</summary>
        [Cites("event_channel.h EVTCHNOP_bind_ipi")]
        public const uint BindIpi = 7;

        /// <summary>Choose the vCPU that is notified.</summary>
        [Cites("event_channel.h EVTCHNOP_bind_vcpu")]
        public const uint BindVcpu = 8;

        /// <summary>Clear the mask bit and raise what is pending.</summary>
        [Cites("event_channel.h EVTCHNOP_unmask")]
        public const uint Unmask = 9;

        /// <summary>Close every port.</summary>
        [Cites("event_channel.h EVTCHNOP_reset")]
        public const uint Reset = 10;

        /// <summary>Change over to the FIFO ABI.</summary>
        [Cites("event_channel.h EVTCHNOP_init_control")]
        public const uint InitControl = 11;

        /// <summary>Add a page of FIFO event words.</summary>
        [Cites("event_channel.h EVTCHNOP_expand_array")]
        public const uint ExpandArray = 12;

        /// <summary>Choose the FIFO queue of a port.</summary>
        [Cites("event_channel.h EVTCHNOP_set_priority")]
        public const uint SetPriority = 13;

        /// <summary>Go on with a reset that was interrupted. Private to Xen: guests have no use for it.</summary>
        [Cites("event_channel.c EVTCHNOP_reset_cont")]
        public const uint ResetContinue = 14;
    }

    /// <summary>The argument of <see cref="Op.BindInterdomain"/>.</summary>
    [Cites("event_channel.h evtchn_bind_interdomain")]
    public static class BindInterdomain
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_bind_interdomain")]
        public const int SizeBytes = 12;

        /// <summary>In: the domain of the other end.</summary>
        public static readonly Field RemoteDom =
            new(0, 2, "remote_dom", Writer.Driver, "event_channel.h evtchn_bind_interdomain.remote_dom");

        /// <summary>In: the port of the other end.</summary>
        public static readonly Field RemotePort =
            new(4, 4, "remote_port", Writer.Driver, "event_channel.h evtchn_bind_interdomain.remote_port");

        /// <summary>Out: the new port of the caller.</summary>
        public static readonly Field LocalPort =
            new(8, 4, "local_port", Writer.Xen, "event_channel.h evtchn_bind_interdomain.local_port");
    }

    /// <summary>The argument of <see cref="Op.BindVirq"/>.</summary>
    [Cites("event_channel.h evtchn_bind_virq")]
    public static class BindVirq
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_bind_virq")]
        public const int SizeBytes = 12;

        /// <summary>In: which virtual interrupt.</summary>
        public static readonly Field Virq = new(0, 4, "virq", Writer.Both, "event_channel.h evtchn_bind_virq.virq");

        /// <summary>In: which vCPU.</summary>
        public static readonly Field Vcpu = new(4, 4, "vcpu", Writer.Both, "event_channel.h evtchn_bind_virq.vcpu");

        /// <summary>Out: the new port.</summary>
        public static readonly Field Port = new(8, 4, "port", Writer.Xen, "event_channel.h evtchn_bind_virq.port");
    }

    /// <summary>The argument of <see cref="Op.BindPirq"/>.</summary>
    [Cites("event_channel.h evtchn_bind_pirq")]
    public static class BindPirq
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_bind_pirq")]
        public const int SizeBytes = 12;

        /// <summary>In: which physical interrupt.</summary>
        public static readonly Field Pirq = new(0, 4, "pirq", Writer.Driver, "event_channel.h evtchn_bind_pirq.pirq");

        /// <summary>In: 1 if it may be shared.</summary>
        public static readonly Field Flags =
            new(4, 4, "flags", Writer.Driver, "event_channel.h evtchn_bind_pirq.flags");

        /// <summary>Out: the new port.</summary>
        public static readonly Field Port = new(8, 4, "port", Writer.Xen, "event_channel.h evtchn_bind_pirq.port");
    }

    /// <summary>The argument of <see cref="Op.AllocUnbound"/>.</summary>
    [Cites("event_channel.h evtchn_alloc_unbound")]
    public static class AllocUnbound
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_alloc_unbound")]
        public const int SizeBytes = 8;

        /// <summary>In: the domain that gets the port.</summary>
        public static readonly Field Dom = new(0, 2, "dom", Writer.Guest, "event_channel.h evtchn_alloc_unbound.dom");

        /// <summary>In: the domain that may bind to it.</summary>
        public static readonly Field RemoteDom =
            new(2, 2, "remote_dom", Writer.Guest, "event_channel.h evtchn_alloc_unbound.remote_dom");

        /// <summary>Out: the new port.</summary>
        public static readonly Field Port = new(4, 4, "port", Writer.Xen, "event_channel.h evtchn_alloc_unbound.port");
    }

    /// <summary>The argument of <see cref="Op.Close"/>.</summary>
    [Cites("event_channel.h evtchn_close")]
    public static class Close
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_close")]
        public const int SizeBytes = 4;

        /// <summary>In: the port to free.</summary>
        public static readonly Field Port = new(0, 4, "port", Writer.Both, "event_channel.h evtchn_close.port");
    }

    /// <summary>The argument of <see cref="Op.Send"/>: a port of the caller and nothing else.</summary>
    [Cites("event_channel.h evtchn_send")]
    public static class Send
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_send")]
        public const int SizeBytes = 4;

        /// <summary>In: the own end of the channel.</summary>
        public static readonly Field Port = new(0, 4, "port", Writer.Both, "event_channel.h evtchn_send.port");
    }

    /// <summary>The argument of <see cref="Op.Unmask"/>.</summary>
    [Cites("event_channel.h evtchn_unmask")]
    public static class Unmask
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_unmask")]
        public const int SizeBytes = 4;

        /// <summary>In: the port to unmask.</summary>
        public static readonly Field Port = new(0, 4, "port", Writer.Both, "event_channel.h evtchn_unmask.port");
    }

    /// <summary>The argument of <see cref="Op.Status"/>.</summary>
    [Cites("event_channel.h evtchn_status")]
    public static class StatusOf
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_status")]
        public const int SizeBytes = 24;

        /// <summary>In: whose port.</summary>
        public static readonly Field Dom = new(0, 2, "dom", Writer.Both, "event_channel.h evtchn_status.dom");

        /// <summary>In: which port.</summary>
        public static readonly Field Port = new(4, 4, "port", Writer.Both, "event_channel.h evtchn_status.port");

        /// <summary>Out: an <see cref="EventChannelStatus"/>.</summary>
        public static readonly Field Status = new(8, 4, "status", Writer.Xen, "event_channel.h evtchn_status.status");

        /// <summary>Out: the vCPU that is notified.</summary>
        public static readonly Field Vcpu = new(12, 4, "vcpu", Writer.Xen, "event_channel.h evtchn_status.vcpu");

        /// <summary>Out, unbound: the domain it waits for.</summary>
        public static readonly Field UnboundDom =
            new(16, 2, "dom", Writer.Xen, "event_channel.h evtchn_status.u.unbound.dom");

        /// <summary>Out, interdomain: the domain of the other end.</summary>
        public static readonly Field InterdomainDom =
            new(16, 2, "dom", Writer.Xen, "event_channel.h evtchn_status.u.interdomain.dom");

        /// <summary>Out, interdomain: the port of the other end.</summary>
        public static readonly Field InterdomainPort =
            new(20, 4, "port", Writer.Xen, "event_channel.h evtchn_status.u.interdomain.port");

        /// <summary>Out, PIRQ: the physical interrupt.</summary>
        public static readonly Field Pirq = new(16, 4, "pirq", Writer.Xen, "event_channel.h evtchn_status.u.pirq");

        /// <summary>Out, VIRQ: the virtual interrupt.</summary>
        public static readonly Field Virq = new(16, 4, "virq", Writer.Xen, "event_channel.h evtchn_status.u.virq");
    }
}

/// <summary>The state of a port as Xen reports it (<c>EVTCHNSTAT_*</c>).</summary>
public enum EventChannelStatus : uint
{
    /// <summary>Not in use.</summary>
    [Cites("event_channel.h EVTCHNSTAT_closed")]
    Closed = 0,

    /// <summary>Waits for a remote domain to bind.</summary>
    [Cites("event_channel.h EVTCHNSTAT_unbound")]
    Unbound = 1,

    /// <summary>Connected to a port of another domain.</summary>
    [Cites("event_channel.h EVTCHNSTAT_interdomain")]
    Interdomain = 2,

    /// <summary>Bound to a physical interrupt.</summary>
    [Cites("event_channel.h EVTCHNSTAT_pirq")]
    Pirq = 3,

    /// <summary>Bound to a virtual interrupt.</summary>
    [Cites("event_channel.h EVTCHNSTAT_virq")]
    Virq = 4,

    /// <summary>Between vCPUs of one domain.</summary>
    [Cites("event_channel.h EVTCHNSTAT_ipi")]
    Ipi = 5,
}
