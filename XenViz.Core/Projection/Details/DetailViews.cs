using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Projection.Details;

/// <summary>
/// One object of the screen, explained: what it is, whose it is, where its bytes are, what it holds now, and the rows
/// that led to that. The answer to a question about an id: those of <see cref="StageView.Lights"/>, and
/// <c>slot.K</c>, <c>ring.FIELD</c>, <c>front.INDEX</c>, <c>back.INDEX</c>, <c>grant.REF</c>, <c>mapping.HANDLE</c>,
/// <c>port.DOM.N</c>, <c>events.DOM</c>, <c>frame.MFN</c>, <c>packet.N</c>, and <c>field.MFN.OFFSET.LENGTH</c> for a
/// field of <see cref="HexView"/>, with decimal numbers; <c>xenstore.PATH</c>.
/// </summary>
public sealed record DetailView
{
    /// <summary>The id that was asked for.</summary>
    public required string Id { get; init; }

    /// <summary>The branch that it was looked at in.</summary>
    public int Branch { get; init; }

    /// <summary>The position that it was looked at.</summary>
    public int Position { get; init; }

    /// <summary>The stop before: what changed after it is new on screen.</summary>
    public int Since { get; init; }

    /// <summary>Its name for people: <c>Grant entry 9</c>.</summary>
    public required string Title { get; init; }

    /// <summary>What it is, in plain words.</summary>
    public required string About { get; init; }

    /// <summary>Whose it is, for the owner's colour.</summary>
    public Writer Mark { get; init; }

    /// <summary>Who owns it, in words.</summary>
    public required string Owner { get; init; }

    /// <summary>Who may write it, in words.</summary>
    public required string Writes { get; init; }

    /// <summary>What Xen calls it: <c>struct grant_entry_v1</c>; empty for what Xen has no name for.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it holds, or how it is.</summary>
    public required string Value { get; init; }

    /// <summary>True when it is reached by messages and no memory of it is shared.</summary>
    public bool ByMessage { get; init; }

    /// <summary>The frame that its bytes are in; null when no other party can see its bytes.</summary>
    public ulong? Mfn { get; init; }

    /// <summary>Offset in the frame of its first byte.</summary>
    public int Offset { get; init; }

    /// <summary>How many bytes it has there.</summary>
    public int Length { get; init; }

    /// <summary>Its parts, in the order of the header that names them.</summary>
    public ImmutableArray<DetailPartView> Parts { get; init; } = [];

    /// <summary>The steps that the parts' chains of causes are made of, ascending by position.</summary>
    public ImmutableArray<WhyStepView> Steps { get; init; } = [];

    /// <summary>For a page: everybody who reaches it, and by which address.</summary>
    public PageMapView? Page { get; init; }

    /// <summary>For a frame of the network: its bytes, taken apart.</summary>
    public Packets.PacketView? Packet { get; init; }
}

/// <summary>A part of an object: a field with bytes, a bit, or something that only its owner knows.</summary>
/// <param name="Name">The header's name.</param>
/// <param name="Value">Decoded, for people.</param>
/// <param name="Writer">Who may write it.</param>
public sealed record DetailPartView(string Name, string Value, Writer Writer)
{
    /// <summary>Where Xen says what it is; may be empty.</summary>
    public string Cites { get; init; } = "";

    /// <summary>The frame of its bytes, or null when it has none that another party can see.</summary>
    public ulong? Mfn { get; init; }

    /// <summary>Offset in the frame.</summary>
    public int Offset { get; init; }

    /// <summary>Its bytes.</summary>
    public int Length { get; init; }

    /// <summary>True when the bytes mean nothing any more.</summary>
    public bool Stale { get; init; }

    /// <summary>The position after the last row that changed it; 0 when it is as it was at the start.</summary>
    public int Changed { get; init; }
}
