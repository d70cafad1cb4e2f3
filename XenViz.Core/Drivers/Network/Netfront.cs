using XenViz.Core.Abi;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>Where the variables of each guest's netfront and application are.</summary>
public static class Netfront
{
    /// <summary>The guest that the stage shows; any other one is its peer.</summary>
    public static readonly DomId First = new(5);

    /// <summary>A guest's netfront.</summary>
    public static NetfrontState State(Draft draft, DomId domain) =>
        (NetfrontState)(domain == First ? draft.Front : draft.PeerFront)!;

    /// <summary>A guest's netfront.</summary>
    public static NetfrontState State(Machine machine, DomId domain) =>
        (NetfrontState)(domain == First ? machine.Front : machine.PeerFront)!;

    /// <summary>Puts a changed netfront in its place.</summary>
    public static void Put(Draft draft, DomId domain, NetfrontState state)
    {
        if (domain == First)
        {
            draft.Front = state;
        }
        else
        {
            draft.PeerFront = state;
        }
    }

    /// <summary>A guest's application.</summary>
    public static NetApplicationState Application(Draft draft, DomId domain) =>
        (NetApplicationState)(domain == First ? draft.Application : draft.PeerApplication)!;

    /// <summary>A guest's application.</summary>
    public static NetApplicationState Application(Machine machine, DomId domain) =>
        (NetApplicationState)(domain == First ? machine.Application : machine.PeerApplication)!;

    /// <summary>Puts a changed application in its place.</summary>
    public static void Put(Draft draft, DomId domain, NetApplicationState state)
    {
        if (domain == First)
        {
            draft.Application = state;
        }
        else
        {
            draft.PeerApplication = state;
        }
    }

    /// <summary>The number under which events name a ring: twice the guest's place, and 1 for the receive ring.
    /// </summary>
    public static int RingOf(DomId domain, bool receives) => (domain == First ? 0 : 2) + (receives ? 1 : 0);
}
