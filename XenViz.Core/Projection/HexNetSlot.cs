using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The fields of a slot of the network's rings.</summary>
internal static class HexNetSlot
{
    private static readonly Field[] TxRequest =
    [
        Netif.TxRequest.Gref, Netif.TxRequest.Offset, Netif.TxRequest.Flags, Netif.TxRequest.Id, Netif.TxRequest.Size,
    ];

    private static readonly Field[] TxResponse = [Netif.TxResponse.Id, Netif.TxResponse.Status];

    private static readonly Field[] RxRequest = [Netif.RxRequest.Id, Netif.RxRequest.Gref];

    private static readonly Field[] RxResponse =
        [Netif.RxResponse.Id, Netif.RxResponse.Offset, Netif.RxResponse.Flags, Netif.RxResponse.Status];

    private static readonly Field[] Extra =
    [
        Netif.Extra.Type, Netif.Extra.Flags, Netif.Extra.GsoSize, Netif.Extra.GsoType, Netif.Extra.GsoFeatures,
    ];

    /// <summary>The fields over the slot's bytes.</summary>
    /// <param name="page">The ring page.</param>
    /// <param name="at">The slot's offset.</param>
    /// <param name="slot">What the slot holds.</param>
    /// <param name="answered">True for a free slot that was answered: what lies there is the last response.</param>
    /// <param name="receives">True for a slot of the receive ring.</param>
    public static ImmutableArray<HexFieldView> Fields(
        Page page, int at, SlotView slot, bool answered, bool receives)
    {
        var fields = (answered ? "response" : slot.Kind, slot.Operation) switch
        {
            ("response", _) => receives ? RxResponse : TxResponse,
            ("free", _) when receives => RxRequest,
            (_, "RX") => RxRequest,
            (_, "EXTRA") => Extra,
            _ => TxRequest,
        };
        return [.. fields.Select(f => View(page, at, f, slot.Kind == "free"))];
    }

    private static HexFieldView View(Page page, int at, Field field, bool stale)
    {
        var value = page.Load(at + field.OffsetBytes, field.WidthBytes);
        var text = field == Netif.TxResponse.Status || field == Netif.RxResponse.Status
            ? ((short)value).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : Words.Decimal(value);
        return new HexFieldView(
            at + field.OffsetBytes, field.WidthBytes, field.Name, text, field.Writer, stale && value != 0)
        {
            Cites = field.Citation,
        };
    }
}
