using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Where the indices of a ring stand on the circle and on the strip. Pure arithmetic on the view.</summary>
public static class RingGeometry
{
    /// <summary>An index with its name.</summary>
    /// <param name="Name">Xen's name: <c>req_prod</c>.</param>
    /// <param name="Value">Its free-running value.</param>
    /// <param name="Owner">The class of the side that writes it.</param>
    /// <param name="Hook">The name that tests find it by, or null.</param>
    public sealed record Index(string Name, uint Value, string Owner, string? Hook);

    /// <summary>The four indices in the shared page.</summary>
    public static ImmutableArray<Index> Shared(RingView ring) =>
    [
        new("rsp_prod", ring.RspProd, Palette.Driver, "rsp-prod"),
        new("req_prod", ring.ReqProd, Palette.Guest, "req-prod"),
        new("rsp_event", ring.RspEvent, Palette.Guest, "rsp-event"),
        new("req_event", ring.ReqEvent, Palette.Driver, "req-event"),
    ];

    /// <summary>The four indices that only one side knows; of a dead backend none is left.</summary>
    public static ImmutableArray<Index> Private(RingView ring) => ring.BackGone
        ?
        [
            new("req_prod_pvt", ring.ReqProdPvt, Palette.Guest, null),
            new("rsp_cons", ring.RspCons, Palette.Guest, null),
        ]
        :
        [
            new("req_prod_pvt", ring.ReqProdPvt, Palette.Guest, null),
            new("req_cons", ring.ReqCons, Palette.Driver, null),
            new("rsp_cons", ring.RspCons, Palette.Guest, null),
            new("rsp_prod_pvt", ring.RspProdPvt, Palette.Driver, null),
        ];

    /// <summary>
    /// The first index on the strip: the oldest one that is not consumed. From here on a whole turn of the ring fits,
    /// so that each slot stands on the strip once.
    /// </summary>
    public static uint First(RingView ring) => ring.RspCons;

    /// <summary>The cells of the strip: the whole ring, or of a long one the first 32 indices.</summary>
    /// <param name="ring">The ring.</param>
    public static int Cells(RingView ring) => Math.Min(ring.Size, 32);

    /// <summary>
    /// Where an index stands on the strip, in cells from its left edge; what lies behind is at -0.5, what lies
    /// further on than a turn at the size.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="value">A free-running index.</param>
    public static double OnStrip(RingView ring, uint value)
    {
        var distance = unchecked((int)(value - First(ring)));
        return distance < 0 ? -0.5 : Math.Min(distance, Cells(ring));
    }

    /// <summary>The boundary of an index on the circle, in turns.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="value">A free-running index.</param>
    public static double OnCircle(RingView ring, uint value) => (value & (uint)(ring.Size - 1)) / (double)ring.Size;

    /// <summary>Labels of one side of the circle, pushed apart so that none covers another.</summary>
    /// <param name="wanted">Where each wants to be.</param>
    /// <param name="pitch">The least distance.</param>
    /// <param name="low">The least place.</param>
    /// <param name="high">The greatest place.</param>
    public static ImmutableArray<double> Spread(ImmutableArray<double> wanted, double pitch, double low, double high)
    {
        var order = Enumerable.Range(0, wanted.Length).OrderBy(i => wanted[i]).ToArray();
        var placed = new double[wanted.Length];
        var next = low;
        foreach (var i in order)
        {
            placed[i] = Math.Max(wanted[i], next);
            next = placed[i] + pitch;
        }

        var limit = high;
        foreach (var i in order.Reverse())
        {
            placed[i] = Math.Min(placed[i], limit);
            limit = placed[i] - pitch;
        }

        return [.. placed];
    }
}
