namespace XenViz.Core.Abi;

/// <summary>The numbers of virtual interrupts (<c>VIRQ_*</c>): what Xen itself rings for.</summary>
[Cites("xen.h NR_VIRQS")]
public static class Virq
{
    /// <summary>How many there are; 5, 14 and 15 have no meaning, 16 to 23 belong to the architecture.</summary>
    [Cites("xen.h NR_VIRQS")]
    public const int Count = 24;

    /// <summary>The timer of a vCPU.</summary>
    [Cites("xen.h VIRQ_TIMER")]
    public const int Timer = 0;

    /// <summary>Asks a vCPU to print its state.</summary>
    [Cites("xen.h VIRQ_DEBUG")]
    public const int Debug = 1;

    /// <summary>Input for the console of Xen.</summary>
    [Cites("xen.h VIRQ_CONSOLE")]
    public const int Console = 2;

    /// <summary>A domain ended or wants attention.</summary>
    [Cites("xen.h VIRQ_DOM_EXC")]
    public const int DomainException = 3;

    /// <summary>The trace buffers have records.</summary>
    [Cites("xen.h VIRQ_TBUF")]
    public const int TraceBuffer = 4;

    /// <summary>A domain has paused for debugging.</summary>
    [Cites("xen.h VIRQ_DEBUGGER")]
    public const int Debugger = 6;

    /// <summary>Samples of the profiler.</summary>
    [Cites("xen.h VIRQ_XENOPROF")]
    public const int Xenoprof = 7;

    /// <summary>Bytes in the console ring of Xen.</summary>
    [Cites("xen.h VIRQ_CON_RING")]
    public const int ConsoleRing = 8;

    /// <summary>A physical CPU came or went.</summary>
    [Cites("xen.h VIRQ_PCPU_STATE")]
    public const int CpuState = 9;

    /// <summary>A memory event.</summary>
    [Cites("xen.h VIRQ_MEM_EVENT")]
    public const int MemoryEvent = 10;

    /// <summary>A message of Argo.</summary>
    [Cites("xen.h VIRQ_ARGO")]
    public const int Argo = 11;

    /// <summary>Memory is short.</summary>
    [Cites("xen.h VIRQ_ENOMEM")]
    public const int NoMemory = 12;

    /// <summary>A performance counter.</summary>
    [Cites("xen.h VIRQ_XENPMU")]
    public const int PerformanceUnit = 13;
}
