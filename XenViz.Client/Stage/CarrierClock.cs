using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>
/// The order of a step's motion: cause, then carrier, then effect, one carrier after the other with a beat between.
/// </summary>
internal sealed class CarrierClock
{
    /// <summary>The beat between two movements, in milliseconds.</summary>
    public const int BeatMs = 100;

    /// <summary>How long a value takes to change.</summary>
    public const int ValueMs = 180;

    private readonly ImmutableArray<(string Kind, int Start, int Duration)> times;

    public CarrierClock(ImmutableArray<CarrierView> carriers)
    {
        var builder = ImmutableArray.CreateBuilder<(string, int, int)>(carriers.Length);
        var at = 0;
        foreach (var carrier in carriers)
        {
            var duration = DurationMs(carrier.Kind);
            builder.Add((carrier.Kind, at, duration));
            at += duration + BeatMs;
        }

        times = builder.ToImmutable();
        TotalMs = at + ValueMs;
    }

    /// <summary>From the start to the last effect.</summary>
    public int TotalMs { get; }

    /// <summary>Start and duration of the carrier at a place in the list.</summary>
    public (int Start, int Duration) Of(int index) => (times[index].Start, times[index].Duration);

    /// <summary>When a change of the object shows: after the carrier that reaches it, else after the last.</summary>
    public int Effect(string objectId)
    {
        var end = 0;
        foreach (var (kind, start, duration) in times)
        {
            end = start + duration;
            if (Array.IndexOf(Targets(kind), objectId) >= 0)
            {
                return end;
            }
        }

        return end;
    }

    /// <summary>When the carrier of a kind starts, or null when the step has none.</summary>
    public int? StartOf(string kind)
    {
        foreach (var time in times)
        {
            if (time.Kind == kind)
            {
                return time.Start;
            }
        }

        return null;
    }

    private static int DurationMs(string kind) => kind switch
    {
        "publish" => 350,
        "map" or "copy" or "copy-back" => 920,
        "unmap" => 500,
        "iommu" or "check-grant" or "iommu-check" or "iommu-refused" => 300,
        "event-to-driver" or "event-to-guest" or "dma-out" or "dma-in" or "own-dma-out" or "own-dma-in" => 900,
        "xenstore" => 300,
        _ => 700,
    };

    private static string[] Targets(string kind) => kind switch
    {
        "handover" or "consume" => ["front"],
        "grant-write" or "end-access" or "check-grant" => ["grant"],
        "put" or "publish" or "respond" => ["ring"],
        "event-to-driver" => ["driver-port", "driver"],
        "event-to-guest" => ["guest-port", "guest"],
        "fetch" => ["back"],
        "hypercall-front" => ["guest-port"],
        "hypercall-back" => ["maptrack"],
        "map" or "unmap" => ["driver-window"],
        "copy" or "bounce" or "own-dma-in" => ["own-page"],
        "copy-back" or "bounce-back" => ["data"],
        "iommu" or "iommu-check" or "iommu-refused" => ["iommu"],
        "command" => ["dma"],
        "dma-out" or "own-dma-out" => ["disk"],
        "dma-in" => ["data"],
        "irq" => ["disk-port"],
        "done" => ["app"],
        _ => [],
    };
}
