namespace XenViz.Core.Abi;

/// <summary>The FIFO ABI, and the arguments of the rarer operations.</summary>
public static partial class EventChannel
{
    /// <summary>The numbers of the FIFO ABI: bit positions in an event word, and priorities.</summary>
    public static class Fifo
    {
        /// <summary>The bit of a pending event.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_PENDING")]
        public const int PendingBit = 31;

        /// <summary>The bit of a masked event.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_MASKED")]
        public const int MaskedBit = 30;

        /// <summary>The bit of an event that is in a queue.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_LINKED")]
        public const int LinkedBit = 29;

        /// <summary>The bit that Xen holds while it changes the link.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_BUSY")]
        public const int BusyBit = 28;

        /// <summary>The width of the link, which is the next port.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_LINK_BITS")]
        public const int LinkBits = 17;

        /// <summary>The bits of the link.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_LINK_MASK")]
        public const int LinkMask = 131071;

        /// <summary>Ports of a domain.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_NR_CHANNELS")]
        public const int Channels = 131072;

        /// <summary>Queues of a vCPU, one for each priority.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_MAX_QUEUES")]
        public const int Queues = 16;

        /// <summary>Served first.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_PRIORITY_MAX")]
        public const int PriorityHighest = 0;

        /// <summary>What a new port gets.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_PRIORITY_DEFAULT")]
        public const int PriorityDefault = 7;

        /// <summary>Served last.</summary>
        [Cites("event_channel.h EVTCHN_FIFO_PRIORITY_MIN")]
        public const int PriorityLowest = 15;

        /// <summary>Event words in one page of the event array.</summary>
        public const int WordsPerPage = 1024;

        /// <summary>Pages of the event array at most.</summary>
        public const int MostPages = 128;

        /// <summary>How often Xen tries to change a tail's link once it has marked it busy.</summary>
        public const int LinkTries = 4;
    }

    /// <summary>The control block of a vCPU with the FIFO ABI.</summary>
    [Cites("event_channel.h evtchn_fifo_control_block")]
    public static class ControlBlock
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_fifo_control_block")]
        public const int SizeBytes = 72;

        /// <summary>Bit q = queue q is not empty. Set by Xen, taken by the guest.</summary>
        public static readonly Field Ready =
            new(0, 4, "ready", Writer.Both, "event_channel.h evtchn_fifo_control_block.ready");

        /// <summary>The first port of each queue, 4 bytes each, where the guest has none of its own.</summary>
        public static readonly Field Head =
            new(8, 64, "head", Writer.Xen, "event_channel.h evtchn_fifo_control_block.head");

        /// <summary>Where the head of a queue lies in the block, in bytes.</summary>
        /// <param name="queue">0 to 15.</param>
        public static int HeadBytes(int queue) => Head.OffsetBytes + (queue * 4);
    }

    /// <summary>The argument of <see cref="Op.BindIpi"/>.</summary>
    [Cites("event_channel.h evtchn_bind_ipi")]
    public static class BindIpi
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_bind_ipi")]
        public const int SizeBytes = 8;

        /// <summary>In: which vCPU.</summary>
        public static readonly Field Vcpu =
            new(0, 4, "vcpu", Writer.Both, "event_channel.h evtchn_bind_ipi.vcpu");

        /// <summary>Out: the new port.</summary>
        public static readonly Field Port =
            new(4, 4, "port", Writer.Xen, "event_channel.h evtchn_bind_ipi.port");
    }

    /// <summary>The argument of <see cref="Op.BindVcpu"/>.</summary>
    [Cites("event_channel.h evtchn_bind_vcpu")]
    public static class BindVcpu
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_bind_vcpu")]
        public const int SizeBytes = 8;

        /// <summary>In: which port.</summary>
        public static readonly Field Port =
            new(0, 4, "port", Writer.Both, "event_channel.h evtchn_bind_vcpu.port");

        /// <summary>In: the vCPU to notify.</summary>
        public static readonly Field Vcpu =
            new(4, 4, "vcpu", Writer.Both, "event_channel.h evtchn_bind_vcpu.vcpu");
    }

    /// <summary>The argument of <see cref="Op.Reset"/>.</summary>
    [Cites("event_channel.h evtchn_reset")]
    public static class Reset
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_reset")]
        public const int SizeBytes = 2;

        /// <summary>In: whose ports.</summary>
        public static readonly Field Dom =
            new(0, 2, "dom", Writer.Both, "event_channel.h evtchn_reset.dom");
    }

    /// <summary>The argument of <see cref="Op.InitControl"/>.</summary>
    [Cites("event_channel.h evtchn_init_control")]
    public static class InitControl
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_init_control")]
        public const int SizeBytes = 24;

        /// <summary>In: the frame of the control block.</summary>
        public static readonly Field ControlGfn =
            new(0, 8, "control_gfn", Writer.Both, "event_channel.h evtchn_init_control.control_gfn");

        /// <summary>In: where the block begins in the frame, in bytes.</summary>
        public static readonly Field Offset =
            new(8, 4, "offset", Writer.Both, "event_channel.h evtchn_init_control.offset");

        /// <summary>In: whose block.</summary>
        public static readonly Field Vcpu =
            new(12, 4, "vcpu", Writer.Both, "event_channel.h evtchn_init_control.vcpu");

        /// <summary>Out: the width of links.</summary>
        public static readonly Field LinkBits =
            new(16, 1, "link_bits", Writer.Xen, "event_channel.h evtchn_init_control.link_bits");
    }

    /// <summary>The argument of <see cref="Op.ExpandArray"/>.</summary>
    [Cites("event_channel.h evtchn_expand_array")]
    public static class ExpandArray
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_expand_array")]
        public const int SizeBytes = 8;

        /// <summary>In: the frame that holds 1024 more event words.</summary>
        public static readonly Field ArrayGfn =
            new(0, 8, "array_gfn", Writer.Both, "event_channel.h evtchn_expand_array.array_gfn");
    }

    /// <summary>The argument of <see cref="Op.SetPriority"/>.</summary>
    [Cites("event_channel.h evtchn_set_priority")]
    public static class SetPriority
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("event_channel.h evtchn_set_priority")]
        public const int SizeBytes = 8;

        /// <summary>In: which port.</summary>
        public static readonly Field Port =
            new(0, 4, "port", Writer.Both, "event_channel.h evtchn_set_priority.port");

        /// <summary>In: 0, served first, to 15.</summary>
        public static readonly Field Priority =
            new(4, 4, "priority", Writer.Both, "event_channel.h evtchn_set_priority.priority");
    }
}
