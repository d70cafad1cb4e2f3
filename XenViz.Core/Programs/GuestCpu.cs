using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Programs;

/// <summary>
/// The only door from a listing to shared state. It lets one shared access through for each row and throws at the
/// second: that would be a bug in XenViz, not in the drivers it tells. A domain reaches a frame that it owns, or one
/// that its own page tables lead to; Xen reaches all.
/// </summary>
public ref partial struct GuestCpu
{
    private readonly RowInfo _row;
    private int _accesses;

    internal GuestCpu(Draft draft, int agent, RowInfo row, Activation self)
    {
        Draft = draft;
        AgentIndex = agent;
        _row = row;
        Self = self;
    }

    /// <summary>The machine under change: for private state. Shared state goes through the methods below.</summary>
    public Draft Draft { get; }

    /// <summary>The agent that runs the row.</summary>
    public int AgentIndex { get; }

    /// <summary>The activation that runs the row, as it was before.</summary>
    public Activation Self { get; }

    /// <summary>What the last call returned.</summary>
    public readonly PrivateState? Result => Draft.Agents[AgentIndex].Result;

    /// <summary>The domain on whose vCPU the row runs.</summary>
    public readonly DomId Domain => Draft.Agents[AgentIndex].Kind.Domain
        ?? throw new InvalidOperationException($"{_row.Key} needs a domain and runs on a device.");

    /// <summary>Loads a number.</summary>
    /// <param name="mfn">The frame.</param>
    /// <param name="offset">Aligned to the width.</param>
    /// <param name="width">1, 2, 4 or 8 bytes.</param>
    public ulong Load(Mfn mfn, int offset, int width)
    {
        Access(mfn, false);
        var value = Draft.Peek(mfn, offset, width);
        if (Draft.Observed)
        {
            var bytes = Draft.PeekBytes(mfn, offset, width);
            Draft.Say(new MachineEvent.Accessed(AccessKind.Load, mfn, offset, bytes, bytes));
        }

        return value;
    }

    /// <summary>Loads bytes: a copy of a slot or a page.</summary>
    public byte[] LoadBytes(Mfn mfn, int offset, int length)
    {
        Access(mfn, false);
        var bytes = Draft.PeekBytes(mfn, offset, length);
        if (Draft.Observed)
        {
            Draft.Say(new MachineEvent.Accessed(AccessKind.Load, mfn, offset, bytes, bytes));
        }

        return bytes;
    }

    /// <summary>Loads bytes that nobody needs but who watches.</summary>
    public void LookAt(Mfn mfn, int offset, int length)
    {
        if (Draft.Observed)
        {
            LoadBytes(mfn, offset, length);
        }
        else
        {
            Access(mfn, false);
        }
    }

    /// <summary>Stores a number.</summary>
    public void Store(Mfn mfn, int offset, ulong value, int width)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        StoreBytes(mfn, offset, bytes[..width]);
    }

    /// <summary>Stores bytes that lie together.</summary>
    public void StoreBytes(Mfn mfn, int offset, scoped ReadOnlySpan<byte> bytes) =>
        Change(AccessKind.Store, mfn, offset, bytes);

    /// <summary>Compare and exchange: stores when the place holds what is expected.</summary>
    /// <returns>What the place held.</returns>
    public ulong CompareExchange(Mfn mfn, int offset, ulong expected, ulong value, int width)
    {
        var found = Draft.Peek(mfn, offset, width);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, found == expected ? value : found);
        Change(AccessKind.Atomic, mfn, offset, bytes[..width]);
        return found;
    }

    /// <summary>Exchange in one atomic step.</summary>
    /// <returns>What the place held.</returns>
    public ulong Exchange(Mfn mfn, int offset, ulong value, int width)
    {
        var found = Draft.Peek(mfn, offset, width);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Change(AccessKind.Atomic, mfn, offset, bytes[..width]);
        return found;
    }

    /// <summary>Sets one bit of a byte in one atomic step.</summary>
    /// <returns>True when it was set already.</returns>
    public bool TestAndSetBit(Mfn mfn, int offset, int bit)
    {
        var found = (byte)Draft.Peek(mfn, offset, 1);
        Change(AccessKind.Atomic, mfn, offset, [(byte)(found | (1 << bit))]);
        return (found & (1 << bit)) != 0;
    }

    /// <summary>Clears bits of a byte in one atomic step.</summary>
    public void ClearBits(Mfn mfn, int offset, byte bits)
    {
        var found = (byte)Draft.Peek(mfn, offset, 1);
        Change(AccessKind.Atomic, mfn, offset, [(byte)(found & ~bits)]);
    }

    /// <summary>Clears bits of a 32-bit word in one atomic step.</summary>
    /// <returns>What the word was.</returns>
    public uint ClearBits32(Mfn mfn, int offset, uint bits)
    {
        var found = (uint)Draft.Peek(mfn, offset, 4);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, found & ~bits);
        Change(AccessKind.Atomic, mfn, offset, bytes);
        return found;
    }

    /// <summary>A barrier.</summary>
    public void Fence(FenceKind fence)
    {
        Count();
        Draft.Watched?.Say(new MachineEvent.Fenced(fence));
    }

    /// <summary>A hypercall: what Xen does then are rows of its own, or is done by the caller on the draft.</summary>
    public void Hypercall(int number, string symbol, ulong a, ulong b = 0, ulong c = 0, int count = 1)
    {
        Count();
        if (Draft.Observed)
        {
            Draft.Say(new MachineEvent.HypercallMade((uint)number, symbol, a, b, c, count));
        }
    }

    /// <summary>An access to something that is shared but not memory: a device's registers, xenstore.</summary>
    public void Acknowledge() => Count();

    /// <summary>Where a virtual address of this domain leads, by its own page tables.</summary>
    /// <exception cref="InvalidOperationException">It leads nowhere: a bug in a listing.</exception>
    public readonly Mfn Translate(ulong address)
    {
        var domain = Draft.Domain(Domain);
        var table = domain.PageTables[(int)((address - domain.TableBase) >> 21)];
        var entry = Draft.Peek(table, PageTableEntry.OffsetBytes(address), 8);
        return (entry & PageTableEntry.Present) != 0
            ? PageTableEntry.FrameOf(entry)
            : throw new InvalidOperationException($"{_row.Key}: 0x{address:X} is not mapped in domain {Domain}.");
    }

    private void Change(AccessKind kind, Mfn mfn, int offset, scoped ReadOnlySpan<byte> bytes, bool counts = true)
    {
        Access(mfn, true, counts);
        if (Draft.Observed)
        {
            var before = Draft.PeekBytes(mfn, offset, bytes.Length);
            Draft.Say(new MachineEvent.Accessed(kind, mfn, offset, before, bytes.ToArray()));
        }

        Draft.Poke(mfn, offset, bytes);
    }

    private void Access(Mfn mfn, bool write, bool counts = true)
    {
        if (counts)
        {
            Count();
        }

        if (_row.Lane is Actor.Xen || Draft.Frames[mfn].Owner == Domain || MapsByGrant(mfn, write))
        {
            return;
        }

        throw new InvalidOperationException($"{_row.Key}: domain {Domain} has no way to frame {mfn}.");
    }

    private readonly bool MapsByGrant(Mfn mfn, bool write)
    {
        foreach (var (_, record) in Draft.Domain(Domain).Maptrack.Records)
        {
            if (record.Mfn == mfn && (!write || (record.Flags & GrantTable.Gntmap.ReadOnly) == 0))
            {
                return true;
            }
        }

        return false;
    }

    private void Count()
    {
        if (++_accesses > 1)
        {
            throw new InvalidOperationException($"{_row.Key} makes a second shared access; a row makes at most one.");
        }
    }
}
