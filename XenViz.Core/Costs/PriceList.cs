using System.Collections.Immutable;
using System.Text.Json;

namespace XenViz.Core.Costs;

/// <summary>The prices of the model: those of <c>costs.json</c>, each adjustable within its range.</summary>
public sealed record PriceList
{
    private const int PageBytes = 4096;

    private PriceList(ImmutableArray<Price> all) => All = all;

    /// <summary>The prices as they come.</summary>
    public static PriceList Default { get; } = Load();

    /// <summary>All prices, in the order of the file.</summary>
    public ImmutableArray<Price> All { get; }

    /// <summary>The value of a price.</summary>
    /// <exception cref="KeyNotFoundException">There is no price of that name.</exception>
    public long this[string key] => Find(key)?.Value ?? throw new KeyNotFoundException(key);

    /// <summary>The price of that name, or null.</summary>
    public Price? Find(string key) => All.FirstOrDefault(p => p.Key == key);

    /// <summary>The list with another value of a price.</summary>
    /// <returns>Null when there is no such price, or the value is outside its range.</returns>
    public PriceList? With(string key, long value)
    {
        var price = Find(key);
        return price is null || value < price.Low || value > price.High
            ? null
            : new PriceList(All.Replace(price, price with { Value = value }));
    }

    /// <summary>Cycles of a TLB flush on every CPU that may hold the mappings.</summary>
    /// <param name="cpus">How many CPUs, at least 1.</param>
    public long TlbFlush(int cpus) =>
        cpus <= 1 ? this["tlb-local"] : this["tlb-local"] + this["tlb-remote"] + (this["tlb-further"] * (cpus - 2));

    /// <summary>What a grant copy costs besides its bytes: its price for a warm page less that page's bytes.</summary>
    public long FixedPartOfCopy => this["grant-copy"] - Find("memcpy")!.Typical;

    /// <summary>What everything in a list of counts costs, in cycles.</summary>
    public long Cycles(in Counts counts) =>
        (counts.Hypercalls * this["hypercall-pv"]) + (counts.HvmHypercalls * this["hypercall-hvm"])
        + (counts.Notifications * this["send"]) + (counts.Wakes * this["wake"])
        + (counts.Switches * this["switch"]) + (counts.Upcalls * this["upcall"])
        + (counts.Maps * this["map"]) + (counts.Unmaps * this["unmap"]) + (counts.TlbFlushes * this["tlb-local"])
        + (counts.TlbRemoteFlushes * this["tlb-remote"]) + (counts.TlbFurtherCpus * this["tlb-further"])
        + (counts.IommuUpdates * this["iommu"]) + (counts.XenCopies * FixedPartOfCopy)
        + (counts.CopiedBytes * this["memcpy"] / PageBytes) + (counts.StoreWrites * this["xenstore"])
        + (counts.Accesses * this["access"]);

    /// <summary>The same by what it is paid for, in a fixed order.</summary>
    public ImmutableArray<(string Key, long Cycles)> Parts(in Counts counts) =>
    [
        ("call", Cycles(new Counts { Hypercalls = counts.Hypercalls, HvmHypercalls = counts.HvmHypercalls })),
        ("send", Cycles(new Counts { Notifications = counts.Notifications })),
        ("wake", Cycles(new Counts { Wakes = counts.Wakes })),
        ("switch", Cycles(new Counts { Switches = counts.Switches })),
        ("upcall", Cycles(new Counts { Upcalls = counts.Upcalls })),
        ("map", Cycles(new Counts { Maps = counts.Maps })),
        ("unmap", Cycles(new Counts { Unmaps = counts.Unmaps })),
        ("tlb", Cycles(new Counts
        {
            TlbFlushes = counts.TlbFlushes, TlbRemoteFlushes = counts.TlbRemoteFlushes,
            TlbFurtherCpus = counts.TlbFurtherCpus,
        })),
        ("iommu", Cycles(new Counts { IommuUpdates = counts.IommuUpdates })),
        ("copy", Cycles(new Counts
        {
            CpuBytes = counts.CpuBytes, XenCopies = counts.XenCopies, XenCopyBytes = counts.XenCopyBytes,
        })),
        ("xenstore", Cycles(new Counts { StoreWrites = counts.StoreWrites })),
        ("access", Cycles(new Counts { Accesses = counts.Accesses })),
    ];

    private static PriceList Load()
    {
        using var stream = typeof(PriceList).Assembly.GetManifestResourceStream("XenViz.Core.Costs.costs.json")
            ?? throw new InvalidOperationException("costs.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        return new PriceList(
            [.. document.RootElement.GetProperty("prices").EnumerateArray().Select(Read)]);
    }

    private static Price Read(JsonElement json)
    {
        string Text(string name) => json.GetProperty(name).GetString()!;
        long Number(string name) => json.GetProperty(name).GetInt64();
        var status = Text("status") switch
        {
            "estimate" => PriceStatus.Estimate,
            "verified" => PriceStatus.Verified,
            var other => throw new InvalidOperationException($"costs.json: status {other}."),
        };
        return new Price(
            Text("key"), Number("low"), Number("typical"), Number("high"), Text("unit"), Text("source"),
            (int)Number("year"), status, Number("typical"));
    }
}
