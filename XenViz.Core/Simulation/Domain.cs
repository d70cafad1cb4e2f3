using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>Xen's private record of a grant in use (<c>struct active_grant_entry</c>).</summary>
/// <param name="Mapper">The one domain that may add pins.</param>
/// <param name="Mfn">The frame, remembered from the first use.</param>
/// <param name="Pins">Four 8-bit counters: host write (bits 0-7), host read, device write, device read.</param>
public sealed record ActiveEntry(DomId Mapper, Mfn Mfn, uint Pins);

/// <summary>A record of the mapper's maptrack (<c>struct grant_mapping</c>).</summary>
/// <param name="Granter">Whose page it is.</param>
/// <param name="Ref">The reference that was mapped.</param>
/// <param name="Flags">GNTMAP flags in force.</param>
/// <param name="HostAddress">Where it was mapped; Xen itself does not keep this, the model does for the screen.</param>
/// <param name="Mfn">The frame behind it, likewise.</param>
public sealed record MaptrackRecord(DomId Granter, GrantRef Ref, uint Flags, ulong HostAddress, Mfn Mfn);

/// <summary>Uses of a frame in a domain's IOMMU context.</summary>
/// <param name="Readers">Read-only grants mapped.</param>
/// <param name="Writers">Writable grants mapped.</param>
public readonly record struct IommuUse(int Readers, int Writers);

/// <summary>A translation that a CPU may still hold although its page-table entry is gone.</summary>
/// <param name="Address">Virtual address of the page.</param>
/// <param name="Mfn">The frame it leads to.</param>
/// <param name="Writable">True when the old entry allowed writing.</param>
public sealed record StaleTranslation(ulong Address, Mfn Mfn, bool Writable);

/// <summary>A domain as Xen knows it (<c>struct domain</c>), one vCPU.</summary>
public sealed record Domain
{
    /// <summary>Its id.</summary>
    public required DomId Id { get; init; }

    /// <summary>True for PV, false for HVM and PVH.</summary>
    public bool IsPv { get; init; } = true;

    /// <summary>Its shared info page.</summary>
    public Mfn SharedInfo { get; init; }

    /// <summary>The one frame of its version-1 grant table; null when it has none in this world.</summary>
    public Mfn? GrantTable { get; init; }

    /// <summary>References in use, by reference.</summary>
    public ImmutableSortedDictionary<uint, ActiveEntry> Active { get; init; } =
        ImmutableSortedDictionary<uint, ActiveEntry>.Empty;

    /// <summary>Its maptrack.</summary>
    public Maptrack Maptrack { get; init; } = Maptrack.Empty;

    /// <summary>Its event channels; index = port.</summary>
    public ImmutableArray<Channel> Channels { get; init; } = [];

    /// <summary>What else Xen keeps of its event channels.</summary>
    public EventTables Events { get; init; } = EventTables.Default;

    /// <summary>
    /// Level-1 page tables: the first covers <see cref="TableBase"/> and 2 MiB from there, and so on.
    /// </summary>
    public ImmutableArray<Mfn> PageTables { get; init; } = [];

    /// <summary>The virtual address at which the first page table begins.</summary>
    public ulong TableBase { get; init; }

    /// <summary>Translations that its CPU may still hold.</summary>
    public ImmutableArray<StaleTranslation> Stale { get; init; } = [];

    /// <summary>The IOMMU context of its devices beyond its own pages: device frame = machine frame.</summary>
    public ImmutableSortedDictionary<ulong, IommuUse> Iommu { get; init; } =
        ImmutableSortedDictionary<ulong, IommuUse>.Empty;

    /// <summary>True when the IOMMU is kept in step with grant maps (a PV driver domain with its own device).</summary>
    public bool IommuSync { get; init; }

    /// <summary>True while its vCPU is blocked (SCHEDOP_block).</summary>
    public bool Blocked { get; init; }

    internal void AddTo(ref Hasher h)
    {
        h.Add(Id.Value);
        h.Add(IsPv);
        h.Add(SharedInfo.Value);
        h.Add(GrantTable is { } table ? (long)table.Value : -1);
        h.Add(TableBase);
        h.Add(IommuSync);
        h.Add(Blocked);
        h.Add(PageTables.Length);
        foreach (var level1 in PageTables)
        {
            h.Add(level1.Value);
        }

        h.Add(Active.Count);
        foreach (var (reference, entry) in Active)
        {
            h.Add(reference);
            h.Add(entry.Mapper.Value);
            h.Add(entry.Mfn.Value);
            h.Add(entry.Pins);
        }

        Maptrack.AddTo(ref h);
        h.Add(Channels.Length);
        foreach (var channel in Channels)
        {
            channel.AddTo(ref h);
        }

        Events.AddTo(ref h);

        h.Add(Stale.Length);
        foreach (var stale in Stale)
        {
            h.Add(stale.Address);
            h.Add(stale.Mfn.Value);
            h.Add(stale.Writable);
        }

        h.Add(Iommu.Count);
        foreach (var (dfn, use) in Iommu)
        {
            h.Add(dfn);
            h.Add(use.Readers);
            h.Add(use.Writers);
        }
    }
}
