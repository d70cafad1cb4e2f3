using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Virtual and physical interrupts: who handles them, and raising them.</summary>
public static class EventVirqs
{
    /// <summary>The domain that handles global interrupts where no other was chosen (<c>hardware_domain</c>).</summary>
    public static readonly DomId HardwareDomain = new(0);

    /// <summary>Who gets a virtual interrupt (<c>event_channel.c get_virq_type</c>); unassigned numbers count as
    /// global.</summary>
    /// <param name="virq">0 to 23.</param>
    public static VirqKind KindOf(int virq) => virq switch
    {
        Virq.Timer or Virq.Debug or Virq.Xenoprof or Virq.PerformanceUnit => VirqKind.Vcpu,
        Virq.Argo => VirqKind.Domain,
        _ => VirqKind.Global,
    };

    /// <summary>The domain that handles a global interrupt, or -1 when even the hardware domain is missing.</summary>
    public static int HandlerOf<T>(ref T world, int virq)
        where T : struct, IEventWorld, allows ref struct
    {
        var chosen = world.ChosenHandler(virq);
        return chosen >= 0 ? chosen : world.Find(HardwareDomain);
    }

    /// <summary>Makes a domain the handler of a global interrupt (<c>set_global_virq_handler</c>).</summary>
    /// <returns>0; -ESRCH, -EINVAL or -EBUSY in this order.</returns>
    public static int SetHandler<T>(ref T world, DomId id, uint virq)
        where T : struct, IEventWorld, allows ref struct
    {
        var domain = world.Find(id);
        if (domain < 0)
        {
            return -Errno.Srch;
        }

        if (virq >= Virq.Count || KindOf((int)virq) != VirqKind.Global)
        {
            return -Errno.Inval;
        }

        var present = HandlerOf(ref world, (int)virq);
        if (present == domain)
        {
            return 0;
        }

        if (present >= 0 && world.VirqPort(present, 0, (int)virq) != 0)
        {
            return -Errno.Busy;
        }

        world.ChooseHandler((int)virq, domain);
        return 0;
    }

    /// <summary>Takes all roles of a handler from a domain (<c>clear_global_virq_handlers</c>).</summary>
    public static void ForgetHandler<T>(ref T world, int domain)
        where T : struct, IEventWorld, allows ref struct
    {
        for (var virq = 0; virq < Virq.Count; virq++)
        {
            if (world.ChosenHandler(virq) == domain)
            {
                world.ChooseHandler(virq, -1);
            }
        }
    }

    /// <summary>
    /// Raises a virtual interrupt (<c>send_guest_vcpu_virq</c>, <c>send_guest_domain_virq</c>,
    /// <c>send_global_virq</c>): lost when nothing is bound.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="domain">Whose; not looked at for a global one; -1 for none.</param>
    /// <param name="vcpu">Of which vCPU; looked at for one that each vCPU has.</param>
    /// <param name="virq">Which.</param>
    public static void Send<T>(ref T world, int domain, uint vcpu, uint virq)
        where T : struct, IEventWorld, allows ref struct
    {
        if (virq >= Virq.Count)
        {
            return;
        }

        var kind = KindOf((int)virq);
        var target = kind == VirqKind.Global ? HandlerOf(ref world, (int)virq) : domain;
        var at = kind == VirqKind.Vcpu ? vcpu : 0;
        if (target < 0 || at >= world.LimitsOf(target).Vcpus)
        {
            return;
        }

        Arrive(ref world, target, world.VirqPort(target, (int)at, (int)virq));
    }

    /// <summary>A physical interrupt arrives (<c>send_guest_pirq</c>): lost when it is not bound.</summary>
    public static void SendPhysical<T>(ref T world, int domain, uint pirq)
        where T : struct, IEventWorld, allows ref struct
    {
        if (pirq < world.LimitsOf(domain).Pirqs)
        {
            Arrive(ref world, domain, world.PirqPort(domain, pirq));
        }
    }

    private static void Arrive<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        if (port != 0)
        {
            EventRaise.Raise(ref world, domain, port);
        }
    }
}
