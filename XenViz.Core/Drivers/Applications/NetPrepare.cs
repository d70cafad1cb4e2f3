using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Programs;

namespace XenViz.Core.Drivers.Applications;

/// <summary>
/// What the guest's network stack does itself when the two ends of the interface cannot (Linux
/// <c>validate_xmit_skb</c>): it cuts a large TCP packet and computes a checksum before netfront sees them.
/// </summary>
internal static class NetPrepare
{
    /// <summary>The row that a packet needs first, or null when it can go as it is.</summary>
    public static string? Need(NetJob job, NetAgreed agreed) =>
        job.SegmentBytes > 0 && !agreed.Segmentation ? "segment"
        : job.Flags.HasFlag(NetTxFlags.ChecksumBlank) && !agreed.Checksums ? "checksum"
        : null;

    /// <summary>netfront's refusal of a packet that takes more slots than both ends can do.</summary>
    public static Row<NetApplicationLocals> Drop() => new()
    {
        Label = "drop", Lane = Actor.Frontend, Kind = AccessKind.Private,
        Cites = "xen-netfront.c xennet_start_xmit",
        Text = "more than one slot without feature-sg: tx_dropped++, free the packet",
        Body = (ref NetApplicationLocals f, ref GuestCpu cpu) =>
        {
            var state = Netfront.Application(cpu.Draft, f.Domain);
            Netfront.Put(cpu.Draft, f.Domain, state with { Current = state.Current + 1 });
            var front = Netfront.State(cpu.Draft, f.Domain);
            Netfront.Put(cpu.Draft, f.Domain, front with { Dropped = front.Dropped + 1 });
            f.Filled = 0;
            return Flow.To("next");
        },
    };

    /// <summary>The rows.</summary>
    public static IEnumerable<Row<NetApplicationLocals>> Rows() =>
    [
        new()
        {
            Label = "segment", Lane = Actor.Application, Kind = AccessKind.Private,
            Cites = "net/core/gso.c skb_gso_segment",
            Text = "not both ends can cut later: cut the packet into frames of the wire",
            Body = (ref NetApplicationLocals f, ref GuestCpu cpu) =>
            {
                var state = Netfront.Application(cpu.Draft, f.Domain);
                var job = state.Job!;
                var page = job.FirstPage;
                var cut = new List<NetJob>();
                foreach (var frame in TcpSegments.Cut(job.Frame.AsSpan(), job.SegmentBytes))
                {
                    cut.Add(new NetJob(frame, job.Offset, page, NetTxFlags.None, 0));
                    page += cut[^1].Pages;
                }

                Netfront.Put(cpu.Draft, f.Domain, state with
                {
                    Jobs = state.Jobs.RemoveAt(state.Current).InsertRange(state.Current, cut),
                });
                cpu.Draft.Say(new MachineEvent.Noted("frames", cut.Count));
                return Flow.To("next");
            },
        },
        new()
        {
            Label = "checksum", Lane = Actor.Application, Kind = AccessKind.Private,
            Cites = "net/core/dev.c skb_checksum_help", Text = "no checksum may be left blank: compute it",
            Body = (ref NetApplicationLocals f, ref GuestCpu cpu) =>
            {
                var state = Netfront.Application(cpu.Draft, f.Domain);
                var job = state.Job!;
                byte[] frame = [.. job.Frame];
                EthernetFrames.FillChecksum(frame);
                const NetTxFlags known = NetTxFlags.ChecksumBlank | NetTxFlags.DataValidated;
                Netfront.Put(cpu.Draft, f.Domain, state with
                {
                    Jobs = state.Jobs.SetItem(
                        state.Current, job with { Frame = [.. frame], Flags = job.Flags & ~known }),
                });
                return Flow.To("next");
            },
        },
    ];
}
