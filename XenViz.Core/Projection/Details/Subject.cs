using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>An object that somebody asks about, before its causes are known.</summary>
internal sealed record Subject
{
    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>What it is.</summary>
    public required string About { get; init; }

    /// <summary>Whose it is.</summary>
    public required Writer Mark { get; init; }

    /// <summary>Who owns it.</summary>
    public required string Owner { get; init; }

    /// <summary>Who may write it.</summary>
    public required string Writes { get; init; }

    /// <summary>What Xen calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it holds.</summary>
    public required string Value { get; init; }

    /// <summary>True when it is reached by messages and no memory of it is shared.</summary>
    public bool ByMessage { get; init; }

    /// <summary>Its bytes as a whole, or null.</summary>
    public Place? At { get; init; }

    /// <summary>Its parts.</summary>
    public ImmutableArray<Part> Parts { get; init; } = [];

    /// <summary>The frame to look at through all its addresses, or null.</summary>
    public Mfn? Page { get; init; }
}

/// <summary>Bytes of a frame.</summary>
/// <param name="Mfn">The frame.</param>
/// <param name="Offset">The first one.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Place(Mfn Mfn, int Offset, int Length);

/// <summary>
/// A part of an object. When it changed is found from its bytes where it has some, else by asking every state for the
/// fact; so the screen can never tell of a change that was none.
/// </summary>
/// <param name="Name">The header's name.</param>
/// <param name="Value">Decoded.</param>
/// <param name="Writer">Who may write it.</param>
internal sealed record Part(string Name, string Value, Writer Writer)
{
    /// <summary>Where Xen says what it is.</summary>
    public string Cites { get; init; } = "";

    /// <summary>Its bytes, or null.</summary>
    public Place? At { get; init; }

    /// <summary>The bits of a single byte that are meant.</summary>
    public byte Bits { get; init; } = byte.MaxValue;

    /// <summary>True when the bytes mean nothing any more.</summary>
    public bool Stale { get; init; }

    /// <summary>What the fact is read from, or null: where that is the same, so is the fact.</summary>
    public Func<Machine, object?>? Source { get; init; }

    /// <summary>What is compared from state to state where there are no bytes.</summary>
    public Func<Machine, object?>? Fact { get; init; }

    /// <summary>The position after the row that changed it last, where that is known already; else null.</summary>
    public int? ChangedAt { get; init; }

    /// <summary>The part as a view.</summary>
    /// <param name="changed">The position after the last row that changed it, or 0.</param>
    public DetailPartView With(int changed) => new(Name, Value, Writer)
    {
        Cites = Cites, Mfn = At?.Mfn.Value, Offset = At?.Offset ?? 0, Length = At?.Length ?? 0, Stale = Stale,
        Changed = changed,
    };

    /// <summary>A part with bytes that are named in a header.</summary>
    public static Part Of(Mfn mfn, HexFieldView field) => new(field.Name, field.Value, field.Writer)
    {
        Cites = field.Cites, At = new Place(mfn, field.Offset, field.Length), Stale = field.Stale,
    };
}
