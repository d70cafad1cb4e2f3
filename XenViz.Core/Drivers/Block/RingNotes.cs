using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>Says what a push computed, for captions and for the picture of "did this push jump the flag?".</summary>
internal static class RingNotes
{
    /// <summary>The two sides of notify = (new - event) &lt; (new - old).</summary>
    public static void Push(Draft draft, bool byFront, RingIndex old, RingIndex now, RingIndex armed, bool notify)
    {
        if (!draft.Observed)
        {
            return;
        }

        draft.Say(new MachineEvent.Pushed(byFront, old.Value, now.Value, armed.Value, notify));
        draft.Say(new MachineEvent.Outcome(notify ? "yes" : "no"));
    }
}
