namespace XenViz.Core.Simulation;

/// <summary>The state of an event channel inside Xen (<c>struct evtchn</c>, states ECS_*).</summary>
public enum ChannelState : byte
{
    /// <summary>Not in use (ECS_FREE).</summary>
    Free,

    /// <summary>Allocated, not yet bound (ECS_RESERVED).</summary>
    Reserved,

    /// <summary>Waits for a domain (ECS_UNBOUND).</summary>
    Unbound,

    /// <summary>Bound to a port of another domain (ECS_INTERDOMAIN).</summary>
    Interdomain,

    /// <summary>Bound to a device's interrupt (ECS_PIRQ).</summary>
    Pirq,

    /// <summary>Bound to a virtual interrupt (ECS_VIRQ).</summary>
    Virq,

    /// <summary>Bound between vCPUs of one domain (ECS_IPI).</summary>
    Ipi,
}
