using System.Collections.Immutable;
using System.Resources;
using XenViz.Core.Events;

namespace XenViz.Core.Projection;

/// <summary>Kinds of event that a person may look or wait for, as stable words with names for people.</summary>
public static class RowKinds
{
    private static readonly ResourceManager Texts = Words.Resource("KindText");

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "notification", "wake", "sleep", "interrupt", "hypercall", "map", "unmap", "flush", "iommu", "dma", "fault",
        "copy", "push", "barrier", "finished", "xenstore", "violation",
    ];

    /// <summary>The name for people: <c>TLB flush</c>.</summary>
    /// <param name="kind">One of <see cref="All"/>.</param>
    public static string Name(string kind) => Texts.Say(kind);

    /// <summary>The kinds among these events, each once.</summary>
    /// <param name="events">What happened.</param>
    public static ImmutableArray<string> Of(IEnumerable<MachineEvent> events) =>
        [.. events.SelectMany(Of).Distinct(StringComparer.Ordinal)];

    private static string[] Of(MachineEvent happened) => happened switch
    {
        MachineEvent.HypercallMade { Symbol: "EVTCHNOP_send" } => ["hypercall", "notification"],
        MachineEvent.HypercallMade => ["hypercall"],
        MachineEvent.Woken => ["wake"],
        MachineEvent.Slept { Blocked: true } => ["sleep"],
        MachineEvent.InterruptRaised => ["interrupt"],
        MachineEvent.MapAnswered => ["map"],
        MachineEvent.HandleFreed => ["unmap"],
        MachineEvent.TlbFlushed => ["flush"],
        MachineEvent.IommuChanged changed => changed.Before == changed.After ? [] : ["iommu"],
        MachineEvent.DmaMoved => ["dma"],
        MachineEvent.DmaFaulted => ["fault"],
        MachineEvent.BytesCopied => ["copy"],
        MachineEvent.Pushed => ["push"],
        MachineEvent.Fenced => ["barrier"],
        MachineEvent.RequestFinished => ["finished"],
        MachineEvent.StoreWritten => ["xenstore"],
        _ => [],
    };
}
