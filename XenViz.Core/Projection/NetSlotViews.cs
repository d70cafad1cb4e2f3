using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;

namespace XenViz.Core.Projection;

/// <summary>The slots of the network's rings, decoded from their bytes.</summary>
internal static class NetSlotViews
{
    /// <summary>The id of a response.</summary>
    public static ulong IdOf(RingReader ring, int slot) => ring.Net == NetRing.No
        ? BlkifSlot.Response(ring.AnswerBytes(slot)).Id
        : Netif.TxResponse.Id.Read(ring.Bytes(slot));

    /// <summary>A slot.</summary>
    public static SlotView Of(RingReader ring, int slot, string kind, string state)
    {
        var bytes = ring.Bytes(slot);
        var index = ring.IndexIn(slot).Value;
        var receives = ring.Net == NetRing.Receive;
        switch (kind)
        {
            case "request" when receives:
                var offer = RxRequest.Decode(bytes);
                return new SlotView(slot, index, kind, state, "RX", offer.Id, offer.Ref.Value, null, false);
            case "request" when IsExtra(ring, slot):
                return new SlotView(slot, index, kind, state, "EXTRA", 0, null, null, false);
            case "request":
                var request = TxRequest.Decode(bytes);
                return new SlotView(slot, index, kind, state, "TX", request.Id, request.Ref.Value, null, false);
            case "response" when receives:
                var response = RxResponse.Decode(bytes);
                return new SlotView(slot, index, kind, state, "RX", response.Id, null, response.Status, false);
            case "response":
                int? status = ring.IsAnswering(slot) ? null : (short)Netif.TxResponse.Status.Read(bytes);
                return new SlotView(
                    slot, index, kind, state, "TX", Netif.TxResponse.Id.Read(bytes), null, status, false);
            default:
                return new SlotView(
                    slot, index, kind, state, "", 0, null, null, bytes.ContainsAnyExcept((byte)0));
        }
    }

    // Nothing in an extra info says that it is one: the slot before it does.
    private static bool IsExtra(RingReader ring, int slot)
    {
        var before = (slot + ring.Size - 1) % ring.Size;
        return RingReader.KindOf(ring.StateOf(before)) == "request"
            && (TxRequest.Decode(ring.Bytes(before)).Flags & NetTxFlags.ExtraInfo) != NetTxFlags.None
            && ring.StateOf(before) != "free";
    }
}
