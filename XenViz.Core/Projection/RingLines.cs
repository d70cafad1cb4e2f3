using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>A line about each ring of a run that has several.</summary>
internal static class RingLines
{
    /// <summary>The rings; none where there is one.</summary>
    /// <param name="machine">The machine, seen from nobody in particular.</param>
    /// <param name="shown">The number of the ring on stage.</param>
    /// <param name="ran">The number of the ring that the last row was about.</param>
    public static ImmutableArray<RingLineView> Of(Machine machine, int shown, int ran) =>
        [.. Enumerable.Range(0, Count(machine)).Select(ring => Of(machine, ring, shown, ran))];

    /// <summary>How many rings there are to choose from: none where there is one.</summary>
    public static int Count(Machine machine) => RingSides.Count(machine) is > 1 and var count ? count : 0;

    /// <summary>The number of the ring that an id of a line names (<c>queue-1</c>), or null.</summary>
    public static int? NumberOf(string id) => id.StartsWith("queue-", StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var ring) ? ring : null;

    private static RingLineView Of(Machine machine, int ring, int shown, int ran)
    {
        var sides = RingSides.Of(machine, ring);
        var page = machine.Frames[sides.Ring].Page;
        var (asked, answered) = (Index(Ring.ReqProd), Index(Ring.RspProd));
        var receives = machine.Front is NetfrontState && ring % 2 != 0;

        // The empty pages that a guest offers wait for as long as nothing comes: they are no work.
        var busy = answered != sides.RspCons.Value || sides.ReqCons.Value != answered
            || (!receives && asked != sides.ReqCons.Value);
        return new RingLineView(
            ring, sides.Guest.Value, machine.Front is not NetfrontState ? "" : receives ? "rx" : "tx", sides.Size,
            RingReader.Of(machine, ring).Exists, asked, sides.ReqCons.Value, answered, sides.RspCons.Value, busy,
            ring == shown, ring == ran);

        uint Index(Abi.Field word) => (uint)page.Load(word.OffsetBytes, 4);
    }
}
