using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>How a row came out where its own word does not say it: what it found, and what had gone before.</summary>
internal static class RowOutcomes
{
    /// <summary>What the application finds in a page that it looks at: <c>zeros</c>, <c>bytes</c> that are no text, or
    /// null for text.</summary>
    public static string? OfLook(PlayedRow row) => PageOf(row) is not { } page ? null
        : NarrationTokens.TextOf(page).Length >= LeastText ? null
        : page.LengthToLastByte == 0 ? "zeros"
        : "bytes";

    /// <summary>The page that the application looks at, or null.</summary>
    public static Page? PageOf(PlayedRow row) =>
        row.Events.OfType<MachineEvent.Accessed>().FirstOrDefault() is { } access
            ? row.After.Frames.Find(access.Mfn)?.Page
            : null;

    /// <summary>True while no request was ever put into the ring: it is as new as its indices.</summary>
    public static bool IsFresh(PlayedRow row)
    {
        var sides = RingSides.Of(row.Before, RingTouches.Touched(row.Events, row.Before, row.After) ?? 0);
        return sides is { RspProdPvt.Value: 0, ReqCons.Value: 0, ReqProdPvt.Value: 0 }
            && row.Before.Frames[sides.Ring].Page.ToArray().AsSpan(Ring.HeaderBytes).IndexOfAnyExcept((byte)0) < 0;
    }

    /// <summary>Whether the fence before the last look has its partner in this run: <c>alone</c> when the ring is new,
    /// or when the frontend calls its backend and waits instead of notifying it; null as usual.</summary>
    public static string? OfFence(PlayedRow row) => IsFresh(row)
        || (row.After.Guest().Blocked && row.After.Agents[0].Top.Find<QueueLocals>() is not null)
            ? "alone"
            : null;

    /// <summary>What an answer that is begun will say: <c>error</c>, or null.</summary>
    public static string? OfAnswer(PlayedRow row) =>
        row.Locals<AnswerLocals>() is { Response.Status: not BlkifStatus.Okay } ? "error" : null;

    /// <summary>True when the two ends lay out the slots of one ring differently.</summary>
    public static bool LayoutsDiffer(PlayedRow row) =>
        row.After.Front is BlkfrontState { Options: var o } && o.FrontLayout != o.BackLayout;

    /// <summary>Why the backend sleeps: <c>idle</c> when the device has nothing to do, <c>apart</c> when it serves no
    /// ring; null while the device works for it.</summary>
    public static string? OfSleep(PlayedRow row) => row.Before switch
    {
        { Back: BlkbackState { Connected: false } } => "apart",
        { Back: NetbackState net } when net.Vifs.All(v => v.Port.Value == 0) => "apart",
        { Back: NetbackState net } when net.Vifs.All(v => v.Disabled) => "down",
        { Back: NetbackState net } when net.Vifs.Any(v => v.Starved) => "starved",
        { Back: BlkbackState block, Disk: Disk disk } =>
            disk.Queue.IsEmpty && block.Completions.IsEmpty && block.Pending.IsEmpty ? "idle" : null,
        { Back: NetbackState net, Disk: Nic nic } => nic.Queue.IsEmpty && net.Pending.IsEmpty ? "idle" : null,
        _ => null,
    };

    /// <summary>True when the toolstack has removed the directories of both ends of the device.</summary>
    public static bool IsGone(PlayedRow row) => !Store(row).Nodes.Keys.Any(path =>
        path.EndsWith("/state", StringComparison.Ordinal)
        && (path.Contains("/backend/v", StringComparison.Ordinal)
            || path.Contains("/device/v", StringComparison.Ordinal)));

    /// <summary>How a frontend lets go of a device: <c>unplugged</c> when the toolstack took it away, <c>none</c> when
    /// its backend died and no packet was in flight.</summary>
    public static string? OfEnd(PlayedRow row) =>
        Store(row).Nodes.Any(n => n.Key.EndsWith("/online", StringComparison.Ordinal) && n.Value.Value == "0")
            ? "unplugged"
        : row.Events.Any(e => e is MachineEvent.Noted { Name: "frames", Value: 0 }) ? "none"
        : null;

    /// <summary>How the bytes of a block request came: <c>copied</c> by Xen, or <c>kept</c> pages, from and into which
    /// the frontend copied; null for pages that were mapped.</summary>
    public static string? OfPath(PlayedRow row) => row.Before.Back is not BlkbackState { Options.Path: var path } ? null
        : path == DataPath.Copy ? "copied"
        : path == DataPath.Persistent ? "kept"
        : BusFrames.Bounces(row) ? "bounced"
        : null;

    /// <summary>What an event handler serves: <c>disk</c> for the device's own port, null for the port of a
    /// ring.</summary>
    public static string? OfPort(PlayedRow row) => row.Record.Phase == Phase.Device ? "disk" : null;

    /// <summary>How a device ends a command: <c>fault</c> when it was stopped, <c>bounced</c> when what it wrote is
    /// copied up from a low page; null as usual.</summary>
    public static string? OfInterrupt(PlayedRow row) =>
        row.Events.OfType<MachineEvent.InterruptRaised>().Any(i => !i.Ok) ? "fault"
        : row.Events.Any(e => e is MachineEvent.BytesCopied) ? "bounced"
        : null;

    // Fewer printable bytes than that are chance.
    private const int LeastText = 3;

    private static XenStore Store(PlayedRow row) => (XenStore)row.Before.Store!;
}
