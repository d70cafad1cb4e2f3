using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Events;

/// <summary>A vCPU's FIFO words as the row of a listing reaches them: by its <see cref="GuestCpu"/>.</summary>
internal ref struct CpuFifoGuest : IFifoGuest
{
    private readonly DomId _domain;
    private readonly int _vcpu;
    private GuestCpu _cpu;

    public CpuFifoGuest(GuestCpu cpu, DomId domain, int vcpu)
    {
        _cpu = cpu;
        _domain = domain;
        _vcpu = vcpu;
    }

    /// <summary>The row's door, to be put back.</summary>
    public readonly GuestCpu Cpu => _cpu;

    public void LowerUpcall()
    {
        var field = Xen.SharedInfo.OfVcpu(Xen.VcpuInfo.UpcallPending, _vcpu);
        _cpu.Store(_cpu.Draft.Domain(_domain).SharedInfo, field.OffsetBytes, 0, 1);
    }

    public uint TakeReady()
    {
        var (mfn, at) = Block();
        return (uint)_cpu.Exchange(mfn, at + EventChannel.ControlBlock.Ready.OffsetBytes, 0, 4);
    }

    public uint LoadHead(int queue)
    {
        var (mfn, at) = Block();
        return (uint)_cpu.Load(mfn, at + EventChannel.ControlBlock.HeadBytes(queue), 4);
    }

    public uint Unlink(uint port) =>
        Word(port) is var (mfn, at)
            ? _cpu.ClearBits32(mfn, at, (1u << EventChannel.Fifo.LinkedBit) | EventChannel.Fifo.LinkMask)
            : 0;

    public uint LoadWord(uint port) => Word(port) is var (mfn, at) ? (uint)_cpu.Load(mfn, at, 4) : 0;

    public void ClearPending(uint port)
    {
        if (Word(port) is var (mfn, at))
        {
            _cpu.ClearBits32(mfn, at, 1u << EventChannel.Fifo.PendingBit);
        }
    }

    private readonly (Mfn Mfn, int Offset) Block() => FifoWord.BlockOf(_cpu.Draft.Domain(_domain), _vcpu)!.Value;

    private readonly (Mfn Mfn, int Offset)? Word(uint port) =>
        FifoWord.PlaceOf(_cpu.Draft.Domain(_domain), new Port(port));
}
