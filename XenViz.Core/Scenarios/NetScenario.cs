using System.Collections.Immutable;
using System.Text;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>Makes the start of a network run: packets of the work items, or the frames of a capture.</summary>
internal static class NetScenario
{
    /// <summary>Most frames of a capture that a run takes.</summary>
    public const int MaxFrames = 64;

    /// <summary>Most bytes of all packets of a run together.</summary>
    public const int MaxBytes = 512 * 1024;

    // Two go into pages, two wait too long.
    private const int StallPackets = 4;

    private const ushort Port = 7;

    /// <summary>Makes the start of a run.</summary>
    public static (Machine? Start, CommandError? Error) Create(RunParameters run, byte[]? capture)
    {
        if (run.Work.FirstOrDefault(w => w is not (WorkItem.SendPacket or WorkItem.ReceivePacket)) is { } other)
        {
            return (null, Scenario.Bad($"work[{run.Work.IndexOf(other)}]", "NetWork"));
        }

        var (frames, error) = capture is null ? ([], null) : Frames(capture);
        if (error is not null)
        {
            return (null, error);
        }

        var sends = run.Work.OfType<WorkItem.SendPacket>().ToList();
        var receives = run.Work.OfType<WorkItem.ReceivePacket>().Select(Incoming).ToList();
        if (run.Scenario == "net-connect")
        {
            return (NetWorld.Create(Shape(run, [], []), run), null);
        }

        var receiving = run.Scenario is "net-rx" or "net-flip" or "net-stall";
        if (capture is not null && receiving)
        {
            receives.AddRange(frames);
        }

        var jobs = new List<NetJob>();
        foreach (var send in sends.Count == 0 && capture is null && !receiving ? [new(1500, "Hello, wire!")] : sends)
        {
            jobs.Add(Job(run, send, jobs));
        }

        foreach (var frame in receiving ? [] : frames)
        {
            jobs.Add(new NetJob(frame, RunLimits.UsualOffset, PagesOf(jobs), NetTxFlags.None, 0));
        }

        var usual = run.Scenario == "net-stall" ? StallPackets : 1;
        for (var i = 0; receives.Count < usual && receiving; i++)
        {
            var text = usual == 1 ? "Hello, guest!" : $"Packet {i}";
            receives.Add(Incoming(new WorkItem.ReceivePacket(1500, text)));
        }

        return Check(jobs, receives) is { } bad
            ? (null, bad)
            : (NetWorld.Create(Shape(run, jobs, receives), run), null);
    }

    private static NetShape Shape(
        RunParameters run, List<NetJob> jobs, List<ImmutableArray<byte>> receives)
    {
        var receiving = run.Scenario is "net-rx" or "net-flip";
        var stalls = run.Scenario == "net-stall";
        var crashes = run.Scenario == "net-reconnect";
        var peer = run.Scenario == "net-guests";
        return new NetShape
        {
            Sends = [.. jobs], Incoming = [.. receives],
            Expected = stalls || crashes || run.Scenario == "net-disconnect" ? 0
                : peer ? jobs.Sum(j => Arriving(j, AgreedOf(run))) : receives.Count(r => Fits(r, AgreedOf(run))),
            Depth = run.Depth, Pages = PagesOf(jobs), Start = run.StartIndex,
            Path = run.Path == "copy" ? TxPath.Copy : TxPath.Map, Flips = run.Scenario == "net-flip", HasPeer = peer,
            Endless = run.Scenario == "net-endless", Stalls = stalls,
            Unplugs = run.Scenario == "net-disconnect",
            CrashFrom = crashes ? new RingIndex(run.StartIndex).Plus((uint)run.CrashAfter) : null,
            Connecting = run.Scenario == "net-connect",
            FrontOffer = Offer(run, "front"), BackOffer = Offer(run, "back"), BeginsWithOffer = receiving,
            Buffers = stalls ? 2 : Buffers(receives.Concat(peer ? jobs.Select(j => j.Frame) : [])),
        };
    }

    private static NetOffer Offer(RunParameters run, string end) => new()
    {
        ScatterGather = run.ScatterGather == "both" || run.ScatterGather == end,
        Segmentation = run.Segmentation == "both" || run.Segmentation == end,
        Checksums = run.Checksums == "both" || run.Checksums == end,
    };

    // Enough for the largest of the packets, and two at least.
    private static int Buffers(IEnumerable<ImmutableArray<byte>> frames) =>
        Math.Clamp(frames.Select(Pages).Append(2).Max(), 2, NetParts.CardPages);

    private static NetAgreed AgreedOf(RunParameters run) => NetAgreed.Of(Offer(run, "front"), Offer(run, "back"));

    // Frames of a packet that reach another guest: netfront drops what takes more slots than it may.
    private static int Arriving(NetJob job, NetAgreed agreed) => Cut(job, agreed).Count(part =>
        agreed.ScatterGather || (part.Pages == 1 && Fits(part.Frame, agreed)));

    private static bool Fits(ImmutableArray<byte> frame, NetAgreed agreed) =>
        agreed.ScatterGather || frame.Length <= Bridge.LongestFrame;

    // The packets that the guest hands to netfront for one of the application's.
    private static IEnumerable<NetJob> Cut(NetJob job, NetAgreed agreed) =>
        job.SegmentBytes == 0 || agreed.Segmentation
            ? [job]
            : TcpSegments.Cut(job.Frame.AsSpan(), job.SegmentBytes)
                .Select(frame => new NetJob(frame, job.Offset, 0, NetTxFlags.None, 0));

    private static int PagesOf(List<NetJob> jobs) => jobs.Sum(j => j.Room);

    private static int Pages(ImmutableArray<byte> frame) => (frame.Length + PageSize.Bytes - 1) / PageSize.Bytes;

    private static CommandError? Check(List<NetJob> jobs, List<ImmutableArray<byte>> receives)
    {
        var bytes = jobs.Sum(j => j.Frame.Length) + receives.Sum(r => r.Length);
        if (jobs.Count + receives.Count > MaxFrames || bytes > MaxBytes)
        {
            return Scenario.Bad("work", "TooManyPackets", MaxFrames, MaxBytes);
        }

        return null;
    }

    private static NetJob Job(RunParameters run, WorkItem.SendPacket send, List<NetJob> before)
    {
        var to = run.Scenario == "net-guests" ? NetWorld.PeerAddress : NetWorld.WireAddress;
        var blank = send.Blank || send.Segment > 0;
        var head = EthernetFrames.EthernetBytes + EthernetFrames.IpBytes;
        var payload = Payload(
            send.Text,
            send.Bytes - head - (send.Segment > 0 ? EthernetFrames.TcpBytes : EthernetFrames.UdpBytes));
        var from = NetWorld.GuestAddress;
        var frame = send.Segment > 0
            ? EthernetFrames.TcpSegment(from, to, (Port, Port), 1, payload)
            : EthernetFrames.UdpDatagram(from, to, (Port, Port), payload, blank);
        var flags = (blank ? NetTxFlags.ChecksumBlank | NetTxFlags.DataValidated : NetTxFlags.None)
            | (send.Segment > 0 ? NetTxFlags.ExtraInfo : NetTxFlags.None);
        var job = new NetJob([.. frame], send.Offset, PagesOf(before), flags, send.Segment);
        return job with { Reserved = Cut(job, AgreedOf(run)).Sum(part => part.Pages) };
    }

    private static ImmutableArray<byte> Incoming(WorkItem.ReceivePacket receive)
    {
        const int head = EthernetFrames.EthernetBytes + EthernetFrames.IpBytes + EthernetFrames.UdpBytes;
        return
        [
            .. EthernetFrames.UdpDatagram(
                NetWorld.WireAddress, NetWorld.GuestAddress, (Port, Port),
                Payload(receive.Text, receive.Bytes - head)),
        ];
    }

    // The text, then bytes that count, so that a piece in the wrong place shows.
    private static byte[] Payload(string text, int bytes)
    {
        var words = Encoding.UTF8.GetBytes(text);
        var payload = new byte[Math.Max(0, bytes)];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = i < words.Length ? words[i] : (byte)i;
        }

        return payload;
    }

    private static (ImmutableArray<ImmutableArray<byte>> Frames, CommandError? Error) Frames(byte[] file)
    {
        var (capture, error) = PcapReader.Read(file, PcapLimits.Default);
        if (error is { } wrong)
        {
            return ([], Scenario.Bad("image", "Pcap" + wrong.Problem, wrong.Record, wrong.OffsetBytes, wrong.Value));
        }

        if (capture!.Frames.IsEmpty)
        {
            return ([], Scenario.Bad("image", "PcapEmpty"));
        }

        var small = capture.Frames.FirstOrDefault(f => f.Bytes.Length < EthernetFrames.EthernetBytes);
        return small is null
            ? ([.. capture.Frames.Select(f => f.Bytes)], null)
            : ([], Scenario.Bad("image", "PcapFrameTooShort", capture.Frames.IndexOf(small) + 1, small.Bytes.Length));
    }
}
