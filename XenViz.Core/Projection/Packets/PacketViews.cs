using System.Collections.Immutable;

namespace XenViz.Core.Projection.Packets;

/// <summary>The Packets tab: every frame that has left or arrived, or is on its way.</summary>
public sealed record PacketsView
{
    /// <summary>True in a run of the network; other runs have no frames.</summary>
    public bool IsNetwork { get; init; }

    /// <summary>The frames, in the order in which they came into being.</summary>
    public ImmutableArray<PacketRowView> Rows { get; init; } = [];

    /// <summary>The interfaces of the driver domain.</summary>
    public ImmutableArray<VifView> Vifs { get; init; } = [];

    /// <summary>The card and the wire behind it; null in other runs.</summary>
    public CardView? Card { get; init; }
}

/// <summary>A frame in the list.</summary>
/// <param name="Number">Counts the frames of the run, from 1; its details have the id <c>packet.NUMBER</c>.</param>
/// <param name="Direction"><c>out</c> (a guest sends it), <c>in</c> (it comes from the wire), <c>copy</c> (the bridge
/// made it of another one), <c>segment</c> (the card cut it off another one).</param>
/// <param name="From">Who sends it, by its Ethernet address: <c>guest 5</c>, <c>wire</c>, or the address.</param>
/// <param name="To">Whom it is for.</param>
/// <param name="Bytes">Bytes, from the Ethernet header on, without the checksum that the wire adds.</param>
/// <param name="Protocol">Its innermost protocol: <c>UDP</c>.</param>
/// <param name="Info">What it says, in Wireshark's words.</param>
/// <param name="Place">Where it is: a word of <see cref="PacketPlace"/>.</param>
/// <param name="Where">Where it is, in words.</param>
/// <param name="Reason">Why it was dropped, else empty.</param>
/// <param name="Moved">The position after the row that brought it there.</param>
public sealed record PacketRowView(
    int Number, string Direction, string From, string To, int Bytes, string Protocol, string Info, string Place,
    string Where, string Reason, int Moved);

/// <summary>The network card, and the wire behind it.</summary>
/// <param name="Queued">Frames that it is to send, the one at work with them.</param>
/// <param name="Sent">Frames on the wire that it has sent.</param>
/// <param name="Coming">Frames that will come from the wire.</param>
/// <param name="FreePages">Empty pages that it has for these.</param>
/// <param name="Arrived">Frames that it brought and that the bridge has not looked at.</param>
/// <param name="WireMac">The Ethernet address of the one on the wire.</param>
public sealed record CardView(int Queued, int Sent, int Coming, int FreePages, int Arrived, string WireMac);

/// <summary>An interface of the driver domain: one guest's two rings and its queue.</summary>
/// <param name="Name">As Linux names it: <c>vif5.0</c>.</param>
/// <param name="Domain">The guest.</param>
/// <param name="Mac">The guest's Ethernet address, which the bridge knows.</param>
/// <param name="State"><c>up</c>, <c>down</c> or <c>disabled</c> (the guest broke the protocol).</param>
/// <param name="Transmit">The indices of its transmit ring.</param>
/// <param name="Receive">The indices of its receive ring.</param>
/// <param name="Queued">Frames that wait for empty pages of the guest.</param>
/// <param name="Dropped">Frames that were dropped in the bridge.</param>
public sealed record VifView(
    string Name, ushort Domain, string Mac, string State, NetRingView Transmit, NetRingView Receive, int Queued,
    int Dropped);

/// <summary>The indices of one ring, and its slots in use.</summary>
/// <param name="ReqProd">Requests that the guest has published (shared).</param>
/// <param name="RspProd">Responses that the backend has published (shared).</param>
/// <param name="ReqCons">Requests that the backend has taken (its own).</param>
/// <param name="RspCons">Responses that the guest has taken (its own).</param>
/// <param name="Slots">The slots between what is taken and what is put, oldest first.</param>
public sealed record NetRingView(
    uint ReqProd, uint RspProd, uint ReqCons, uint RspCons, ImmutableArray<SlotView> Slots);

/// <summary>One frame in full.</summary>
/// <param name="Row">As in the list.</param>
/// <param name="Bytes">Its bytes as they are now, hexadecimal; bytes that nobody can read any more are zero.</param>
/// <param name="Layers">Its layers, outermost first.</param>
/// <param name="Pieces">Where its bytes lie; none when it is on the wire or gone.</param>
/// <param name="GsoBytes">Payload of a segment when the card is to cut it, else 0.</param>
/// <param name="Answered">For frames of a guest: true when its slots are given back.</param>
public sealed record PacketView(
    PacketRowView Row, string Bytes, ImmutableArray<PacketLayerView> Layers, ImmutableArray<PacketPieceView> Pieces,
    int GsoBytes, bool Answered);

/// <summary>A layer of a frame.</summary>
/// <param name="Name">The protocol.</param>
/// <param name="Info">What it says in one line.</param>
/// <param name="Offset">Its first byte in the frame.</param>
/// <param name="Length">Its bytes, without what it carries.</param>
/// <param name="Fields">Its fields, in their order.</param>
public sealed record PacketLayerView(
    string Name, string Info, int Offset, int Length, ImmutableArray<PacketFieldView> Fields);

/// <summary>A field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Meaning">What the value means, or empty.</param>
/// <param name="Offset">Its first byte in the frame.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="State">Empty, or <c>right</c>, <c>wrong</c> or <c>partial</c> for a checksum, or <c>cut</c> for what
/// the frame is too short for.</param>
public sealed record PacketFieldView(
    string Name, string Value, string Meaning, int Offset, int Length, string State = "");

/// <summary>Bytes of a frame in one page.</summary>
/// <param name="From">The first of them in the frame.</param>
/// <param name="Mfn">The page.</param>
/// <param name="Offset">The first of them in the page.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Owner">The domain that owns the page.</param>
/// <param name="Slot">The slot that describes them, or null.</param>
/// <param name="Index">The slot's ring index, or null.</param>
/// <param name="Ref">The grant of the page, or null.</param>
public sealed record PacketPieceView(
    int From, ulong Mfn, int Offset, int Bytes, ushort Owner, int? Slot, uint? Index, uint? Ref);

/// <summary>Where a frame is.</summary>
public enum PacketPlace : byte
{
    /// <summary>In pages of the application.</summary>
    Application,

    /// <summary>In slots of the transmit ring that are not published.</summary>
    Filled,

    /// <summary>In published slots of the transmit ring.</summary>
    Transmit,

    /// <summary>The backend took its slots.</summary>
    Backend,

    /// <summary>In the driver domain, before or behind the bridge.</summary>
    Bridge,

    /// <summary>With the network card.</summary>
    Card,

    /// <summary>On the wire.</summary>
    Wire,

    /// <summary>In slots of the receive ring.</summary>
    Receive,

    /// <summary>In pages of the guest, which has not looked at it.</summary>
    Inbox,

    /// <summary>The application has it.</summary>
    Delivered,

    /// <summary>Nobody gets it.</summary>
    Dropped,
}
