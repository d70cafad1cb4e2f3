using System.Collections.Frozen;
using System.Collections.Immutable;

namespace XenViz.Client.Stage;

/// <summary>The lanes of the phone's arrangement: short straight ways between neighbours.</summary>
internal static class PhoneLanes
{
    private sealed record Lane(SceneOwner Owner, string Line, string Head, CarrierToken Token);

    private static readonly FrozenDictionary<string, Lane> lanes =
        new Dictionary<string, Lane>
        {
            ["put"] = new(SceneOwner.Guest, "M120 96 H132", Glyphs.Head(144, 96, 'R', false), CarrierToken.Dot),
            ["publish"] = new(SceneOwner.Guest, "M120 96 H132", Glyphs.Head(144, 96, 'R', false), CarrierToken.None),
            ["consume"] = new(SceneOwner.Guest, "M144 96 H132", Glyphs.Head(120, 96, 'L', false), CarrierToken.Dot),
            ["fetch"] = new(SceneOwner.Driver, "M248 96 H258", Glyphs.Head(270, 96, 'R', false), CarrierToken.Dot),
            ["respond"] = new(SceneOwner.Driver, "M270 96 H260", Glyphs.Head(248, 96, 'L', false), CarrierToken.Dot),
            ["grant-write"] = new(
                SceneOwner.Guest, "M110 130 V250", Glyphs.Head(110, 262, 'D', false), CarrierToken.Dot),
            ["end-access"] = new(
                SceneOwner.Guest, "M110 130 V250", Glyphs.Head(110, 262, 'D', false), CarrierToken.Dot),
            ["hypercall-front"] = new(
                SceneOwner.Xen, "M22 112 H18 V392", Glyphs.Head(26, 392, 'R', false), CarrierToken.Dot),
            ["hypercall-back"] = new(
                SceneOwner.Xen, "M368 112 H374 V218", Glyphs.Head(374, 232, 'D', false), CarrierToken.Dot),
            ["event-to-driver"] = new(
                SceneOwner.Xen, "M18 130 V422 H374 V142", Glyphs.Head(374, 130, 'U', false), CarrierToken.Bell),
            ["event-to-guest"] = new(
                SceneOwner.Xen, "M374 130 V422 H18 V142", Glyphs.Head(18, 130, 'U', false), CarrierToken.Bell),
            ["dma-out"] = new(
                SceneOwner.Hardware, "M195 212 V428", Glyphs.Head(195, 442, 'D', false), CarrierToken.Page),
            ["dma-in"] = new(
                SceneOwner.Hardware, "M195 442 V228", Glyphs.Head(195, 212, 'U', false), CarrierToken.Page),
            ["copy"] = new(SceneOwner.Xen, "M246 196 H256", Glyphs.Head(268, 196, 'R', false), CarrierToken.Page),
            ["copy-back"] = new(SceneOwner.Xen, "M268 196 H258", Glyphs.Head(246, 196, 'L', false), CarrierToken.Page),
            ["own-dma-out"] = new(
                SceneOwner.Hardware, "M362 210 V428", Glyphs.Head(362, 442, 'D', false), CarrierToken.Page),
            ["own-dma-in"] = new(
                SceneOwner.Hardware, "M362 442 V224", Glyphs.Head(362, 210, 'U', false), CarrierToken.Page),
            ["command"] = new(
                SceneOwner.Driver, "M374 196 V428", Glyphs.Head(374, 442, 'D', false), CarrierToken.Dot),
            ["irq"] = new(
                SceneOwner.Hardware, "M283 443 V430", Glyphs.Head(283, 418, 'U', false), CarrierToken.Bell),
        }.ToFrozenDictionary();

    /// <summary>The carriers of a step on the phone; those without a lane show by their effect alone.</summary>
    public static ImmutableArray<SceneCarrier> Carriers(SceneContext c)
    {
        var builder = ImmutableArray.CreateBuilder<SceneCarrier>();
        for (var i = 0; i < c.Stage.Carriers.Length; i++)
        {
            var carrier = c.Stage.Carriers[i];
            if (lanes.TryGetValue(carrier.Kind, out var lane))
            {
                var (start, duration) = c.Clock.Of(i);
                builder.Add(new SceneCarrier(
                    carrier.Kind + "-" + i, carrier.Kind, lane.Owner, lane.Line, lane.Line, lane.Head,
                    CarrierStyle.Travel, Crosses(carrier.Kind), lane.Token, "", double.NaN, double.NaN,
                    "", 0, 0, start, duration));
            }
        }

        return builder.ToImmutable();
    }

    // What goes over Xen on a bridge.
    private static bool Crosses(string kind) =>
        kind is "dma-out" or "dma-in" or "own-dma-out" or "own-dma-in" or "command";
}
