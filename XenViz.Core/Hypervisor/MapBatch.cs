using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>One element of a map batch (<c>struct gnttab_map_grant_ref</c>, the input).</summary>
/// <param name="HostAddress">Virtual address of a page in the caller's address space.</param>
/// <param name="Flags">GNTMAP flags.</param>
/// <param name="Ref">The reference.</param>
/// <param name="Granter">Whose table.</param>
public readonly record struct MapOp(ulong HostAddress, uint Flags, GrantRef Ref, DomId Granter)
{
    /// <summary>True when the mapping shall only be read through.</summary>
    public bool ReadOnly => (Flags & GrantTable.Gntmap.ReadOnly) != 0;
}

/// <summary>One element of a map batch, the output.</summary>
/// <param name="Status">GNTST_*.</param>
/// <param name="Handle">The receipt, when okay.</param>
/// <param name="BusAddress">The frame's machine address, when okay.</param>
public readonly record struct MapResult(GrantStatus Status, GrantHandle Handle, ulong BusAddress);

/// <summary>What a map batch returns.</summary>
/// <param name="All">One result an element.</param>
public sealed record MapResults(ImmutableArray<MapResult> All) : PrivateState
{
    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var one in All)
        {
            hasher.Add((int)one.Status);
            hasher.Add(one.Handle.Value);
            hasher.Add(one.BusAddress);
        }
    }
}

/// <summary>The locals of a map batch.</summary>
public struct MapLocals : ILocals
{
    /// <summary>Who maps.</summary>
    public DomId Caller;

    /// <summary>The batch.</summary>
    public ImmutableArray<MapOp> Ops;

    /// <summary>The results so far; its length is the element at work.</summary>
    public ImmutableArray<MapResult> Results;

    /// <summary>The handle taken for the element at work.</summary>
    public GrantHandle Handle;

    /// <summary>Flags and domid as last read from the entry.</summary>
    public uint Word;

    /// <summary>Attempts to mark the entry so far.</summary>
    public int Tries;

    /// <summary>The refusal on its way to the answer.</summary>
    public GrantStatus Status;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <summary>The element at work.</summary>
    public readonly MapOp Op => Ops[Results.Length];

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        foreach (var op in Ops)
        {
            hasher.Add(op.Ref.Value);
            hasher.Add(op.Flags);
            hasher.Add(op.HostAddress);
        }

        new MapResults(Results).AddTo(ref hasher);
        hasher.Add(Handle.Value);
        hasher.Add(Word);
        hasher.Add(Tries);
        hasher.Add((int)Status);
        hasher.Add((int)Part);
    }
}
