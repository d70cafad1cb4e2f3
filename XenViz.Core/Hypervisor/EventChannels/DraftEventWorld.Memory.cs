using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>The words that Xen shares with guests.</summary>
public ref partial struct DraftEventWorld
{
    /// <inheritdoc/>
    public bool TestAndSetPending(int domain, uint port) => Set(Info(domain), PendingByte(port), (int)port % 8);

    /// <inheritdoc/>
    public bool TestPending(int domain, uint port) => Test(Info(domain), PendingByte(port), (int)port % 8);

    /// <inheritdoc/>
    public void ClearPending(int domain, uint port) => Clear(Info(domain), PendingByte(port), (int)port % 8);

    /// <inheritdoc/>
    public bool TestMask(int domain, uint port) => Test(Info(domain), MaskByte(domain, port), (int)port % 8);

    /// <inheritdoc/>
    public bool TestAndClearMask(int domain, uint port) =>
        Clear(Info(domain), MaskByte(domain, port), (int)port % 8);

    /// <inheritdoc/>
    public bool TestAndSetSelector(int domain, int vcpu, uint word)
    {
        var at = Of(domain).WordBits == 64
            ? Xen.VcpuInfo.PendingSel.OffsetBytes
            : EventChannel.SelectorBytes32;
        return Set(Info(domain), (vcpu * Xen.VcpuInfo.SizeBytes) + at + (int)(word / 8), (int)word % 8);
    }

    /// <inheritdoc/>
    public bool TestAndSetUpcall(int domain, int vcpu) => Set(Info(domain), UpcallByte(vcpu), 0);

    /// <inheritdoc/>
    public bool TestUpcall(int domain, int vcpu) => Load(Info(domain), UpcallByte(vcpu), 1) != 0;

    /// <inheritdoc/>
    public bool TestUpcallMask(int domain, int vcpu) => Load(Info(domain), UpcallMaskByte(vcpu), 1) != 0;

    /// <inheritdoc/>
    public void ClearUpcallMask(int domain, int vcpu) => Store(Info(domain), UpcallMaskByte(vcpu), 0, 1);

    /// <inheritdoc/>
    public readonly bool IsFifo(int domain) => Of(domain).IsFifo;

    /// <inheritdoc/>
    public readonly void BeginFifo(int domain) => Put(domain, Of(domain) with { IsFifo = true });

    /// <inheritdoc/>
    public readonly void EndFifo(int domain)
    {
        foreach (var frame in Of(domain).WordFrames)
        {
            Use(frame, -1);
        }

        foreach (var block in Of(domain).ControlBlocks.Where(b => b != 0))
        {
            Use(new Mfn(block >> PageSize.Shift), -1);
        }

        Put(domain, Of(domain) with { IsFifo = false, WordFrames = [], ControlBlocks = [], Tails = [] });
    }

    /// <inheritdoc/>
    public readonly uint WordsOf(int domain) =>
        (uint)(Of(domain).WordFrames.Length * EventChannel.Fifo.WordsPerPage);

    /// <inheritdoc/>
    public readonly bool CanMap(int domain, Gfn gfn) =>
        Draft.Frames.Find(new Mfn(gfn.Value)) is { Use: not FrameUse.PageTable } frame
        && frame.Owner == IdOf(domain);

    /// <inheritdoc/>
    public readonly void AddWords(int domain, Gfn gfn)
    {
        Use(new Mfn(gfn.Value), 1);
        Put(domain, Of(domain) with { WordFrames = Of(domain).WordFrames.Add(new Mfn(gfn.Value)) });
    }

    /// <inheritdoc/>
    public readonly bool HasControl(int domain, int vcpu) => At(Of(domain).ControlBlocks, vcpu) != 0;

    /// <inheritdoc/>
    public readonly void MapControl(int domain, int vcpu, Gfn gfn, uint offset)
    {
        var t = Of(domain);
        Use(new Mfn(gfn.Value), 1);
        Put(domain, t with
        {
            ControlBlocks = With(t.ControlBlocks, vcpu, new Mfn(gfn.Value).Address((int)offset)),
        });
    }

    /// <inheritdoc/>
    public readonly uint TailOf(int domain, int vcpu, int queue) =>
        At(Of(domain).Tails, (vcpu * EventChannel.Fifo.Queues) + queue);

    /// <inheritdoc/>
    public readonly void SetTail(int domain, int vcpu, int queue, uint port)
    {
        var t = Of(domain);
        Put(domain, t with { Tails = With(t.Tails, (vcpu * EventChannel.Fifo.Queues) + queue, port) });
    }

    /// <inheritdoc/>
    public uint LoadWord(int domain, uint port) => (uint)Load(WordFrame(domain, port), WordByte(port), 4);

    /// <inheritdoc/>
    public bool TestAndSetWord(int domain, uint port, int bit) =>
        Set(WordFrame(domain, port), WordByte(port) + (bit / 8), bit % 8);

    /// <inheritdoc/>
    public void ClearWord(int domain, uint port, int bit) =>
        Clear(WordFrame(domain, port), WordByte(port) + (bit / 8), bit % 8);

    /// <inheritdoc/>
    public bool ExchangeWord(int domain, uint port, uint expected, uint value)
    {
        var mfn = WordFrame(domain, port);
        if (_stepped)
        {
            return _cpu.CompareExchange(mfn, WordByte(port), expected, value, 4) == expected;
        }

        var same = Draft.Peek(mfn, WordByte(port), 4) == expected;
        if (same)
        {
            Draft.Poke(mfn, WordByte(port), value, 4);
        }

        return same;
    }

    /// <inheritdoc/>
    public void StoreHead(int domain, int vcpu, int queue, uint port)
    {
        var (mfn, at) = Block(domain, vcpu);
        Store(mfn, at + EventChannel.ControlBlock.HeadBytes(queue), port, 4);
    }

    /// <inheritdoc/>
    public bool TestAndSetReady(int domain, int vcpu, int queue)
    {
        var (mfn, at) = Block(domain, vcpu);
        return Set(mfn, at + (queue / 8), queue % 8);
    }

    private static int PendingByte(uint port) => Xen.SharedInfo.EvtchnPending.OffsetBytes + (int)(port / 8);

    private static int UpcallByte(int vcpu) =>
        (vcpu * Xen.VcpuInfo.SizeBytes) + Xen.VcpuInfo.UpcallPending.OffsetBytes;

    private static int UpcallMaskByte(int vcpu) =>
        (vcpu * Xen.VcpuInfo.SizeBytes) + Xen.VcpuInfo.UpcallMask.OffsetBytes;

    private static int WordByte(uint port) => (int)(port % EventChannel.Fifo.WordsPerPage) * 4;

    private readonly int MaskByte(int domain, uint port) => (int)(port / 8) + (Of(domain).WordBits == 64
        ? Xen.SharedInfo.EvtchnMask.OffsetBytes
        : EventChannel.MaskBytes32);

    private readonly Mfn Info(int domain) => Draft.Domains[domain].SharedInfo;

    private readonly Mfn WordFrame(int domain, uint port) =>
        Of(domain).WordFrames[(int)(port / EventChannel.Fifo.WordsPerPage)];

    private readonly (Mfn Mfn, int Offset) Block(int domain, int vcpu)
    {
        var block = Of(domain).ControlBlocks[vcpu];
        return (new Mfn(block >> PageSize.Shift), (int)(block % PageSize.Bytes));
    }

    // Xen holds a reference and a writable type on frames that it has mapped for itself (event_fifo.c map_guest_page).
    private readonly void Use(Mfn mfn, int count)
    {
        var frame = Draft.Frames[mfn];
        Draft.Put(frame with { References = frame.References + count, WritableUses = frame.WritableUses + count });
    }

    private ulong Load(Mfn mfn, int offset, int width) =>
        _stepped ? _cpu.Load(mfn, offset, width) : Draft.Peek(mfn, offset, width);

    private bool Test(Mfn mfn, int offset, int bit) => ((Load(mfn, offset, 1) >> bit) & 1) != 0;

    private void Store(Mfn mfn, int offset, ulong value, int width)
    {
        if (_stepped)
        {
            _cpu.Store(mfn, offset, value, width);
        }
        else
        {
            Draft.Poke(mfn, offset, value, width);
        }
    }

    private bool Set(Mfn mfn, int offset, int bit)
    {
        if (_stepped)
        {
            return _cpu.TestAndSetBit(mfn, offset, bit);
        }

        var found = Draft.Peek(mfn, offset, 1);
        Draft.Poke(mfn, offset, found | (1UL << bit), 1);
        return ((found >> bit) & 1) != 0;
    }

    private bool Clear(Mfn mfn, int offset, int bit)
    {
        var found = Draft.Peek(mfn, offset, 1);
        if (_stepped)
        {
            _cpu.ClearBits(mfn, offset, (byte)(1 << bit));
        }
        else
        {
            Draft.Poke(mfn, offset, found & ~(1UL << bit), 1);
        }

        return ((found >> bit) & 1) != 0;
    }
}
