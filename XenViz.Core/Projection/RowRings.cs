using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which of a disk's rings each row is about: what the row touches says so, else what its agent was at.
/// </summary>
internal sealed class RowRings
{
    private readonly bool _one;
    private readonly int[] _ofAgent;
    private int _last;

    /// <summary>Begins at the start of a branch.</summary>
    public RowRings(Machine start)
    {
        _one = start.Front is not BlkfrontState { Queues.Length: > 1 };
        _ofAgent = new int[start.Agents.Length];
        Array.Fill(_ofAgent, -1);
    }

    /// <summary>The ring of the next row of the branch; 0 where there is one only.</summary>
    /// <param name="record">The row.</param>
    /// <param name="before">The machine before it.</param>
    /// <param name="after">The machine after it.</param>
    /// <param name="events">What happened in it.</param>
    /// <param name="request">The request that the row turned to, or null.</param>
    public int Next(
        StepRecord record, Machine before, Machine after, IReadOnlyList<MachineEvent> events, FocusRequest? request)
    {
        if (_one)
        {
            return 0;
        }

        var agent = record.Choice.Agent;
        var found = RingTouches.Touched(events, before, after) ?? Sent(before, agent, events) ?? request?.Queue;
        _last = found ?? (_ofAgent[agent] >= 0 ? _ofAgent[agent] : _last);
        _ofAgent[agent] = _last;
        return _last;
    }

    // A notification touches no ring; the port says whose it is.
    private static int? Sent(Machine machine, int agent, IReadOnlyList<MachineEvent> events)
    {
        if (events.OfType<MachineEvent.HypercallMade>().LastOrDefault(c => c.Symbol == "EVTCHNOP_send") is not { } send)
        {
            return null;
        }

        var (front, back, port) = (machine.Frontend(), machine.Backend(), new Port((uint)send.A));
        var ports = machine.Agents[agent].Kind.Domain == back.Peer
            ? front.Queues.Select(q => q.Port)
            : back.Queues.Select(q => q.Port);
        var found = ports.ToList().IndexOf(port);
        return found < 0 ? null : found;
    }
}
