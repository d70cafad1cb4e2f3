using System.Diagnostics;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Benchmarks;

/// <summary>Event channels in bulk mode: how many operations a second.</summary>
internal static class EventFigures
{
    private const int Times = 1_000_000;

    /// <summary>Measures and prints.</summary>
    public static void Print()
    {
        Both("2-level", fifo: false);
        Both("FIFO", fifo: true);
    }

    private static void Both(string abi, bool fifo)
    {
        var events = new FlatEvents();
        var limits = new EventLimits(1, 64, 1023, 0, IsPrivileged: false, IsPv: true);
        events.Add(new DomId(0), limits, null, [1, 2]);
        events.Add(new DomId(1), limits);
        var world = events.World;
        if (fifo)
        {
            EventAbis.InitControl(ref world, 0, 0, new Gfn(1), 0);
            EventAbis.ExpandArray(ref world, 0, new Gfn(2));
        }

        var waiting = EventBinds.AllocUnbound(ref world, 0, new DomId(Xen.Domain.Self), new DomId(1));
        var port = (uint)EventBinds.BindInterdomain(ref world, 1, new DomId(0), (uint)waiting);
        var guest = new FlatGuest(events.Domains[0]);
        long handled = 0;
        Action<uint> handle = _ => handled++;
        Line($"sends that coalesce ({abi})", Best(() => EventUses.Send(ref world, 1, port)));
        Line($"send and handle ({abi})", Best(() =>
        {
            EventUses.Send(ref world, 1, port);
            if (fifo)
            {
                guest.HandleQueues(0, int.MaxValue, forget: false, handle);
            }
            else
            {
                guest.Upcall(0, handle);
            }
        }));
        if (handled < Times)
        {
            throw new InvalidOperationException($"Only {handled} events were handled.");
        }
    }

    private static double Best(Action action)
    {
        var best = 0.0;
        for (var round = 0; round < 4; round++)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Times; i++)
            {
                action();
            }

            best = Math.Max(best, Times / watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static void Line(string name, double perSecond) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{name}: {perSecond / 1e6:0.##} million hypercalls/s"));
}
