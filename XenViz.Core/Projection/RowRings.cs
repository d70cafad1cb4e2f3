using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which of a disk's rings each row is about: what the row touches says so, else what its agent was at.
/// </summary>
internal sealed class RowRings
{
    private readonly Dictionary<Mfn, int> _pages = [];
    private readonly int[] _ofAgent;
    private int _last;

    /// <summary>Begins at the start of a branch.</summary>
    public RowRings(Machine start)
    {
        _ofAgent = new int[start.Agents.Length];
        Array.Fill(_ofAgent, -1);
        if (start.Front is not BlkfrontState { Queues.Length: > 1 } front)
        {
            return;
        }

        for (var queue = 0; queue < front.Queues.Length; queue++)
        {
            foreach (var page in front.Queues[queue].Pages)
            {
                _pages[page] = queue;
            }
        }
    }

    /// <summary>The ring of the next row of the branch; 0 where there is one only.</summary>
    /// <param name="record">The row.</param>
    /// <param name="before">The machine before it.</param>
    /// <param name="events">What happened in it.</param>
    /// <param name="request">The request that the row turned to, or null.</param>
    public int Next(
        StepRecord record, Machine before, IReadOnlyList<MachineEvent> events, FocusRequest? request)
    {
        if (_pages.Count == 0)
        {
            return 0;
        }

        var agent = record.Choice.Agent;
        var found = request?.Queue ?? -1;
        foreach (var happened in events)
        {
            found = happened switch
            {
                MachineEvent.RequestTouched touched => touched.Queue,
                MachineEvent.Accessed access when _pages.TryGetValue(access.Mfn, out var queue) => queue,
                MachineEvent.HypercallMade { Symbol: "EVTCHNOP_send" } send =>
                    OfPort(before, before.Agents[agent].Kind.Domain, new Port((uint)send.A)) ?? found,
                _ => found,
            };
        }

        _last = found >= 0 ? found : _ofAgent[agent] >= 0 ? _ofAgent[agent] : _last;
        _ofAgent[agent] = _last;
        return _last;
    }

    private static int? OfPort(Machine machine, DomId? domain, Port port)
    {
        var (front, back) = (machine.Frontend(), machine.Backend());
        var ports = domain == back.Peer ? front.Queues.Select(q => q.Port) : back.Queues.Select(q => q.Port);
        var found = ports.ToList().IndexOf(port);
        return found < 0 ? null : found;
    }
}
