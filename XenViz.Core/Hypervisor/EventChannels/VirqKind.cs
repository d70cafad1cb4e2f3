namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Who gets a virtual interrupt.</summary>
public enum VirqKind
{
    /// <summary>Each vCPU has its own.</summary>
    Vcpu,

    /// <summary>Each domain has one, which starts at vCPU 0.</summary>
    Domain,

    /// <summary>One domain handles it for the whole machine, the hardware domain unless another was chosen.</summary>
    Global,
}
