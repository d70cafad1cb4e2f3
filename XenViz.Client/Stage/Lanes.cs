using System.Collections.Frozen;
using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>The lanes that are kept free for carriers, so that no arrow ever crosses a label.</summary>
internal static class Lanes
{
    private sealed record Lane(
        SceneOwner Owner, string Line, string Way, string Head, LetterPlaces Letters,
        CarrierToken Token = CarrierToken.Dot, CarrierStyle Style = CarrierStyle.Travel, bool Bridge = false,
        double RestX = double.NaN, double RestY = double.NaN);

    // Where the first, the second and the third letter of an arrow stand: along it, and off what is written.
    private sealed record LetterPlaces(
        (double X, double Y) First, (double X, double Y) Second, (double X, double Y) Third);

    // The event channel's wire, with gaps where the upcall flags and the ports stand on it.
    private const string WireToDriver =
        "M56 318 V544 M56 606 V640 H92 M528 640 H964 M1400 640 H1546 V606 M1546 544 V282";

    private const string WireToGuest =
        "M1546 262 V544 M1546 606 V640 H1400 M964 640 H528 M92 640 H56 V606 M56 544 V338";

    private static readonly LetterPlaces check = At(1112, 716, 1112, 766, 1146, 694);

    private static readonly Lane grantLane = new(
        SceneOwner.Guest, "M472 290 H484 V498", "M472 290 H484 V518", Big(484, 518, 'D'), Down(484, 335));

    private static readonly Lane slotLane = new(
        SceneOwner.Guest, "M472 244 H545", "M472 244 H556", Glyphs.Head(556, 244, 'R', false),
        At(470, 216, 470, 182, 504, 182));

    private static readonly Lane mapLane = new(
        SceneOwner.Driver, "M1124 409 H1010", "M1124 409 H990", Big(990, 409, 'L'), At(1124, 352, 1158, 350, 1192, 350),
            Token: CarrierToken.None);

    // While the ends meet or part, the window leads to the ring page.
    private static readonly Lane mapRing = new(
        SceneOwner.Driver, "M1124 366 H1084 V282 H1068", "M1124 366 H1084 V282 H1044", Big(1044, 282, 'L'),
        At(1084, 345, 1084, 379, 1084, 311), Token: CarrierToken.None);

    private static readonly LetterPlaces copied = At(1090, 481, 1056, 481, 1022, 481);

    private static readonly LetterPlaces stand = At(1416, 420, 1416, 454, 1416, 488);

    private static readonly LetterPlaces own = At(1439, 500, 1439, 533, 1439, 566);

    private static readonly Lane sendByBack = new(
        SceneOwner.Xen, "M1546 262 V544 M1546 606 V640 H1420", "M1546 262 V640 H1400", Big(1400, 640, 'L'),
            Down(1546, 300),
            Token: CarrierToken.Bell);

    // Where there is no maptrack to go to, a hypercall goes into Xen and no further.
    private static readonly Lane intoXen = new(
        SceneOwner.Xen, "M1468 262 V526", "M1468 262 V546", Big(1468, 546, 'D'), Down(1468, 284),
        Token: CarrierToken.Ticket, RestX: 1468, RestY: 400);

    private static readonly FrozenDictionary<string, Lane> wide = new Dictionary<string, Lane>
    {
        ["handover"] = new(SceneOwner.Guest, "M128 156 V202", "M128 156 V221", Big(128, 221, 'D'),
            At(128, 168, 128, 202, 162, 163),
            Token: CarrierToken.Page),
        ["done"] = new(SceneOwner.Guest, "M384 222 V176", "M384 222 V157", Big(384, 157, 'U'),
            At(384, 210, 384, 176, 350, 163)),
        ["put"] = slotLane with { Token = CarrierToken.Ticket },
        ["publish"] = slotLane with { Token = CarrierToken.None },
        ["consume"] = new(
            SceneOwner.Guest, "M556 244 H483", "M556 244 H472", Glyphs.Head(472, 244, 'L', false), Up(556, 216)),
        ["grant-write"] = grantLane with { Token = CarrierToken.Ticket },
        ["end-access"] = grantLane,
        ["check-grant"] = new(SceneOwner.Xen, "M212 560 H280", "M212 560 H300", Big(300, 560, 'R'),
            At(300, 518, 266, 518, 232, 518),
            Token: CarrierToken.None),
        ["event-to-driver"] = new(
            SceneOwner.Xen, WireToDriver, "M56 318 V640 H1546 V262", Big(1546, 262, 'U'), Right(56, 335),
            Token: CarrierToken.Bell, RestX: 746, RestY: 640),
        ["event-to-guest"] = new(
            SceneOwner.Xen, WireToGuest, "M1546 262 V640 H56 V318", Big(56, 318, 'U'), Down(1546, 300),
            Token: CarrierToken.Bell, RestX: 746, RestY: 640),
        ["hypercall-front"] = new(
            SceneOwner.Xen, "M56 318 V544 M56 606 V640 H72", "M56 318 V640 H92", Big(92, 640, 'R'), Right(56, 335)),
        ["hypercall-back"] = new(
            SceneOwner.Xen, "M1468 262 V560 H1424", "M1468 262 V560 H1403", Big(1403, 560, 'L'), Down(1468, 284),
            Token: CarrierToken.Ticket, RestX: 1468, RestY: 400),
        ["fetch"] = new(SceneOwner.Driver, "M1044 244 H1104", "M1044 244 H1124", Big(1124, 244, 'R'), Up(1068, 218),
            Token: CarrierToken.Ticket),
        ["respond"] = new(SceneOwner.Driver, "M1124 244 H1064", "M1124 244 H1044", Big(1044, 244, 'L'), Up(1068, 218)),
        ["map"] = mapLane with { Style = CarrierStyle.Grow },
        ["copy"] = new(SceneOwner.Xen, "M990 452 H1100", "M990 452 H1124", Big(1124, 452, 'R'), copied,
            Token: CarrierToken.Page, RestX: 1040, RestY: 452),
        ["copy-back"] = new(SceneOwner.Xen, "M1124 452 H1014", "M1124 452 H990", Big(990, 452, 'L'), copied,
            Token: CarrierToken.Page, RestX: 1074, RestY: 452),
        ["bounce"] = new(SceneOwner.Driver, "M1404 380 H1424 V444 H1412", "M1404 380 H1424 V444 H1388",
            Big(1388, 444, 'L'), stand, Token: CarrierToken.None),
        ["bounce-back"] = new(SceneOwner.Driver, "M1388 444 H1424 V380 H1419", "M1388 444 H1424 V380 H1404",
            Glyphs.Head(1404, 380, 'L', false), stand, Token: CarrierToken.None),
        ["unmap"] = mapLane with { Style = CarrierStyle.Retract },
        ["iommu"] = new(SceneOwner.Hardware, "", "", "", At(1020, 704, 986, 704, 952, 704),
            Style: CarrierStyle.None, Token: CarrierToken.None),
        ["command"] = new(
            SceneOwner.Driver, "M1404 303 H1434 V690", "M1404 303 H1434 V710", Big(1434, 710, 'D'), Down(1434, 336),
            Bridge: true, Token: CarrierToken.Page),
        ["iommu-check"] = new(
            SceneOwner.Hardware, "M1124 741 H1040", "M1124 741 H1026", Glyphs.Head(1026, 741, 'L', false), check),
        ["iommu-refused"] = new(
            SceneOwner.Hardware, "M1124 741 H1026", "M1124 741 H1026",
            "M987 715 l5 -5 l24 24 l-5 5z M1016 715 l-5 -5 l-24 24 l5 5z", check),
        ["dma-out"] = new(
            SceneOwner.Hardware, "M936 478 V700 M1026 741 H1112", "M936 478 V741 H1124",
            Big(936, 700, 'D') + " " + Glyphs.Head(1124, 741, 'R', false), Down(936, 496),
            Bridge: true, Token: CarrierToken.Page, RestX: 936, RestY: 616),
        ["dma-in"] = new(
            SceneOwner.Hardware, "M1124 741 H1026 M936 700 V500", "M1124 741 H936 V478", Big(936, 480, 'U'),
            Up(936, 686),
            Bridge: true, Token: CarrierToken.Page, RestX: 936, RestY: 616),
        ["own-dma-out"] = new(
            SceneOwner.Hardware, "M1388 466 H1417 V686", "M1388 466 H1417 V710", Big(1417, 710, 'D'), own,
            Bridge: true, Token: CarrierToken.Page, RestX: 1417, RestY: 590),
        ["own-dma-in"] = new(
            SceneOwner.Hardware, "M1417 710 V466 H1412", "M1417 710 V466 H1388", Big(1388, 466, 'L'), own,
            Bridge: true, Token: CarrierToken.Page, RestX: 1417, RestY: 590),
        ["irq"] = new(SceneOwner.Hardware, "M1290 710 V684", "M1290 710 V664", Big(1290, 664, 'U'), Right(1322, 690),
            Token: CarrierToken.Bell),
        ["xenstore"] = new(SceneOwner.None, "M472 308 H496 V321 H1112 V250 H1124", "", "",
            At(690, 321, 724, 321, 880, 321),
            Style: CarrierStyle.Line, Token: CarrierToken.None, RestX: 800, RestY: 321),
    }.ToFrozenDictionary();

    /// <summary>The carriers of a step on the wide stage.</summary>
    public static ImmutableArray<SceneCarrier> Carriers(SceneContext c)
    {
        var carriers = c.Stage.Carriers;
        var letters = LettersOf(c);
        var builder = ImmutableArray.CreateBuilder<SceneCarrier>(carriers.Length);
        for (var i = 0; i < carriers.Length; i++)
        {
            if (Find(c, carriers[i]) is not { } lane)
            {
                continue;
            }

            var (start, duration) = c.Clock.Of(i);
            var (letter, at) = letters.GetValueOrDefault(i, ("", lane.Letters.First));
            var token = lane.Token != CarrierToken.Ticket || IsReference(c, carriers[i].Label) ? lane.Token
                : carriers[i].Label.Length is > 0 and <= 12 ? CarrierToken.Tag : CarrierToken.Dot;
            builder.Add(new SceneCarrier(
                carriers[i].Kind + "-" + i, carriers[i].Kind, lane.Owner, lane.Line, lane.Way, lane.Head, lane.Style,
                lane.Bridge, token, carriers[i].Label, lane.RestX, lane.RestY, letter, at.X, at.Y, start, duration));
        }

        return builder.ToImmutable();
    }

    /// <summary>True for a kind that has a lane.</summary>
    public static bool Knows(string kind) => wide.ContainsKey(kind);

    /// <summary>Where the first letter of a kind stands: two kinds of one way share the place.</summary>
    public static (double X, double Y) LetterAt(string kind) => wide[kind].Letters.First;

    private static string Big(double x, double y, char way) => Glyphs.Head(x, y, way, true);

    // A ticket is a grant reference and nothing else; other numbers travel as plain tags.
    private static bool IsReference(SceneContext c, string label) =>
        uint.TryParse(label, out var number)
        && (c.Stage.Grant?.Ref == number || (c.Stage.Focus is { } focus && focus.Refs.Contains(number)));

    // A hypercall of the backend goes to the maptrack when it is about a grant, to its port when it rings.
    private static Lane? Find(SceneContext c, CarrierView carrier)
    {
        if (carrier.Kind == "hypercall-back" && c.Stage.DriverPort is { } port
            && (carrier.Label == SceneContext.Dec(port.Number) || c.Lit("driver-port")) && !c.Lit("maptrack"))
        {
            return sendByBack;
        }

        if (carrier.Kind == "hypercall-back" && c.Stage.Maptrack is null && !c.Changed("maptrack"))
        {
            return intoXen;
        }

        if (carrier.Kind is "map" or "unmap" && c.Stage.Data is null)
        {
            return mapRing with { Style = carrier.Kind == "map" ? CarrierStyle.Grow : CarrierStyle.Retract };
        }

        return wide.GetValueOrDefault(carrier.Kind);
    }

    // The letters by their carriers; behind the last one stands how many arrows more there are.
    private static Dictionary<int, (string Letter, (double X, double Y) At)> LettersOf(SceneContext c)
    {
        var found = new Dictionary<int, (string, (double, double))>();
        var taken = new Dictionary<LetterPlaces, int>();
        var beats = Beats.Of(c.Stage);
        var lettered = beats.TakeWhile(beat => beat.Letter.Length > 0).Count();
        for (var i = 0; i <= Math.Min(lettered, beats.Length - 1); i++)
        {
            var places = Find(c, c.Stage.Carriers[beats[i].First])!.Letters;
            var before = taken.GetValueOrDefault(places);
            taken[places] = before + 1;
            found[beats[i].First] = (
                i < lettered ? beats[i].Letter : "+" + SceneContext.Dec((ulong)(beats.Length - lettered)),
                before switch { 0 => places.First, 1 => places.Second, _ => places.Third });
        }

        return found;
    }

    private static LetterPlaces At(double x1, double y1, double x2, double y2, double x3, double y3) =>
        new((x1, y1), (x2, y2), (x3, y3));

    private static LetterPlaces Right(double x, double y) => At(x, y, x + 34, y, x + 68, y);

    private static LetterPlaces Down(double x, double y) => At(x, y, x, y + 33, x, y + 66);

    private static LetterPlaces Up(double x, double y) => At(x, y, x, y - 34, x, y - 68);
}
