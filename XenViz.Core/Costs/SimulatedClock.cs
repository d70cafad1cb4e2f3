using System.Collections.Immutable;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Costs;

/// <summary>A request on the simulated clock.</summary>
/// <param name="Begun">Cycles at which the frontend took it.</param>
/// <param name="Finished">Cycles at which the application was told.</param>
/// <param name="Bytes">Payload.</param>
public readonly record struct TimedRequest(long Begun, long Finished, long Bytes)
{
    /// <summary>Its response time in cycles.</summary>
    public long Latency => Finished - Begun;
}

/// <summary>What a run on the simulated clock came to. All of it follows from prices: nothing is measured.</summary>
/// <param name="Requests">The requests in the order in which they finished.</param>
/// <param name="Cycles">From the first request's begin to the last one's end.</param>
/// <param name="Counts">What was done.</param>
/// <param name="Busy">Cycles that each agent was at work.</param>
/// <param name="Hertz">Cycles a second.</param>
public sealed record ClockReport(
    ImmutableArray<TimedRequest> Requests, long Cycles, Counts Counts, ImmutableArray<long> Busy, long Hertz)
{
    /// <summary>Requests a second.</summary>
    public double Throughput => Requests.Length * (double)Hertz / Cycles;

    /// <summary>Payload bytes a second.</summary>
    public double BytesPerSecond => Requests.Sum(r => r.Bytes) * (double)Hertz / Cycles;

    /// <summary>Mean response time in cycles.</summary>
    public double Latency => Requests.Average(r => (double)r.Latency);

    /// <summary>Mean number of requests in flight: the area under that curve, divided by the time.</summary>
    public double InFlight
    {
        get
        {
            var changes = Requests.Select(r => (At: r.Begun, By: 1))
                .Concat(Requests.Select(r => (At: r.Finished, By: -1))).OrderBy(c => c.At).ToList();
            double area = 0;
            var level = 0;
            for (var i = 0; i < changes.Count; i++)
            {
                area += i > 0 ? level * (double)(changes[i].At - changes[i - 1].At) : 0;
                level += changes[i].By;
            }

            return area / Cycles;
        }
    }

    /// <summary>Notifications a request.</summary>
    public double NotificationsPerRequest => Counts.Notifications / (double)Requests.Length;
}

/// <summary>
/// Plays a run on a clock: each agent is a CPU (or a device) of its own that works at the same time as the others; its
/// rows take as long as they cost; a woken vCPU starts after the price of waking; the disk answers a command after its
/// own time and works on many at once. Always the agent goes on that is earliest.
/// </summary>
public sealed class SimulatedClock
{
    private readonly PriceList _prices;
    private readonly int _cpus;
    private readonly long[] _ready;
    private readonly long[] _busy;
    private readonly Queue<long> _commands = new();
    private readonly Dictionary<ulong, long> _begun = [];
    private readonly ImmutableArray<TimedRequest>.Builder _finished = ImmutableArray.CreateBuilder<TimedRequest>();
    private Machine _machine;
    private Counts _counts;

    private SimulatedClock(Machine start, PriceList prices, int cpus)
    {
        (_machine, _prices, _cpus) = (start, prices, cpus);
        _ready = new long[start.Agents.Length];
        _busy = new long[start.Agents.Length];
    }

    /// <summary>Plays a run to its end.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="prices">What things cost.</param>
    /// <param name="cpus">CPUs that may hold mappings of the driver domain, at least 1.</param>
    /// <param name="maxRows">Rows after which it stops, finished or not.</param>
    public static ClockReport Play(Machine start, PriceList prices, int cpus = 1, int maxRows = 1_000_000)
    {
        var clock = new SimulatedClock(start, prices, cpus);
        for (var row = 0; row < maxRows && clock.Earliest() is { } agent; row++)
        {
            clock.Step(agent);
        }

        return clock.Report();
    }

    private int? Earliest()
    {
        int? best = null;
        for (var i = 0; i < _ready.Length; i++)
        {
            if ((best is not { } b || TimeOf(i) < TimeOf(b)) && Stepper.CanStep(_machine, i))
            {
                best = i;
            }
        }

        return best;
    }

    // A device that begins a command waits until the disk's own time for it is over.
    private long TimeOf(int agent) =>
        _machine.Agents[agent].Kind.Domain is null && _commands.TryPeek(out var done)
            ? Math.Max(_ready[agent], done)
            : _ready[agent];

    private void Step(int agent)
    {
        var before = _machine;
        var could = new bool[_ready.Length];
        for (var i = 0; i < could.Length; i++)
        {
            could[i] = Stepper.CanStep(before, i);
        }

        var events = new List<MachineEvent>();
        var began = TimeOf(agent);
        _machine = Stepper.Step(before, new Choice((byte)agent), events, out var record);
        var counts = Bookkeeper.Of(record, before, events, _cpus);
        _counts += counts;

        // Waking is paid in time by the one who is woken.
        var wake = counts.Wakes * _prices["wake"];
        var cost = _prices.Cycles(counts) - wake;
        _busy[agent] += cost;
        _ready[agent] = began + cost;
        for (var i = 0; i < could.Length; i++)
        {
            if (i != agent && !could[i])
            {
                _ready[i] = Math.Max(_ready[i], began + cost + wake);
            }
        }

        foreach (var happened in events)
        {
            Note(happened, began + cost);
        }
    }

    private void Note(MachineEvent happened, long now)
    {
        switch (happened)
        {
            case MachineEvent.CommandQueued:
                _commands.Enqueue(now + _prices["disk"]);
                break;
            case MachineEvent.InterruptRaised:
                _commands.TryDequeue(out _);
                break;
            case MachineEvent.RequestTouched request:
                _begun.TryAdd(request.Id, now);
                break;
            case MachineEvent.RequestFinished done:
                _begun.Remove(done.Id, out var begun);
                _finished.Add(new TimedRequest(begun, now, (long)done.Sectors * Abi.Sector.SizeBytes));
                break;
        }
    }

    private ClockReport Report()
    {
        var cycles = _finished.Count == 0 ? 0 : _finished.Max(f => f.Finished) - _finished.Min(f => f.Begun);
        return new ClockReport(_finished.ToImmutable(), cycles, _counts, [.. _busy], _prices["hertz"]);
    }
}
