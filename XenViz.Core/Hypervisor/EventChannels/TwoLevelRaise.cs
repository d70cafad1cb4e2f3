namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>
/// How Xen raises a port with the 2-level ABI (<c>event_2l.c evtchn_2l_set_pending</c>), one shared access a step:
/// whole
/// operations run it to the end, a listing shows its steps as rows.
/// </summary>
public static class TwoLevelRaise
{
    /// <summary>All steps.</summary>
    public static void Run<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        var step = TwoLevelStep.SetPending;
        while (step != TwoLevelStep.Done)
        {
            step = Step(ref world, domain, port, vcpu, step);
        }
    }

    /// <summary>One step.</summary>
    /// <returns>The next one. A port that was pending already ends at once; every other end wakes pollers.</returns>
    public static TwoLevelStep Step<T>(ref T world, int domain, uint port, int vcpu, TwoLevelStep step)
        where T : struct, IEventWorld, allows ref struct
    {
        bool goesOn;
        switch (step)
        {
            case TwoLevelStep.SetPending:
                return world.TestAndSetPending(domain, port) ? TwoLevelStep.Done : TwoLevelStep.TestMask;
            case TwoLevelStep.TestMask:
                goesOn = !world.TestMask(domain, port);
                break;
            case TwoLevelStep.SetSelector:
                goesOn = !world.TestAndSetSelector(domain, vcpu, port / (uint)world.LimitsOf(domain).WordBits);
                break;
            case TwoLevelStep.SetUpcall:
                goesOn = !world.TestAndSetUpcall(domain, vcpu);
                break;
            default:
                EventWaits.Kick(ref world, domain, vcpu);
                goesOn = false;
                break;
        }

        if (goesOn)
        {
            return step + 1;
        }

        EventWaits.WakePollers(ref world, domain, port);
        return TwoLevelStep.Done;
    }
}
