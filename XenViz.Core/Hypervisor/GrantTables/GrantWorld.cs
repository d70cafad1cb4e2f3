using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// All domains with their grant tables, their frames and who reaches them: the flat, mutable form. One operation
/// completes before the next begins. Not thread-safe.
/// </summary>
public sealed class GrantWorld
{
    // Frames with small numbers are found by index too: every first use of a grant looks one up.
    private const int LowFrames = 1 << 16;

    private readonly Dictionary<ulong, PageInfo> _pages = [];
    private PageInfo?[] _lowPages = [];
    private GrantDomain?[] _domains = [];
    private readonly List<GrantDomain> _inOrder = [];
    private readonly List<DomId> _crashed = [];

    /// <summary>The domains, gone ones too, in the order in which they came.</summary>
    public IReadOnlyList<GrantDomain> Domains => _inOrder;

    /// <summary>All frames.</summary>
    public IReadOnlyDictionary<ulong, PageInfo> Pages => _pages;

    /// <summary>Domains that Xen has crashed.</summary>
    public IReadOnlyList<DomId> Crashed => _crashed;

    /// <summary>Adds a domain.</summary>
    /// <exception cref="ArgumentException">There is one with this id.</exception>
    public GrantDomain Add(GrantDomainSetup setup)
    {
        var domain = new GrantDomain(setup);
        Put(ref _domains, setup.Id.Value, domain);
        _inOrder.Add(domain);
        return domain;
    }

    /// <summary>Gives a domain a new frame of zeros.</summary>
    /// <param name="domain">The owner.</param>
    /// <param name="gfn">The owner's own number of it: for PV the frame number itself.</param>
    /// <param name="mfn">The frame, new to the world.</param>
    /// <param name="pageTable">True for one that is in use as a page table.</param>
    public PageInfo AddPage(GrantDomain domain, ulong gfn, ulong mfn, bool pageTable = false)
    {
        var page = new PageInfo(mfn, domain, pageTable);
        _pages.Add(mfn, page);
        if (mfn < LowFrames)
        {
            Put(ref _lowPages, (int)mfn, page);
        }

        domain.Win(page);
        if (!domain.IsPv)
        {
            domain.SetPlace(gfn, new Place(page, PlaceKind.Ram));
        }

        return page;
    }

    /// <summary>The domain of an id, or null when there is none (any more). DOMID_SELF is not looked up here.</summary>
    public GrantDomain? Find(ushort id) =>
        id < _domains.Length && _domains[id] is { IsGone: false } domain ? domain : null;

    /// <summary>The domain of an id, with DOMID_SELF for the caller.</summary>
    public GrantDomain? FindOrSelf(ushort id, GrantDomain caller) => id == Xen.Domain.Self ? caller : Find(id);

    /// <summary>
    /// The frame behind a number that a domain gave (<c>get_paged_frame</c>): its own memory only, never something that
    /// it holds by a grant itself.
    /// </summary>
    /// <returns>The frame, or null (GNTST_bad_page).</returns>
    public PageInfo? FrameOf(GrantDomain domain, ulong gfn)
    {
        if (domain.IsPv)
        {
            return PageAt(gfn) is { } own && own.Owner == domain ? own : null;
        }

        return domain.TryFindPlace(gfn, out var place) && place is { Kind: PlaceKind.Ram, Page: { } page }
            && page.Owner == domain ? page : null;
    }

    internal PageInfo? PageAt(ulong mfn) =>
        mfn < (ulong)_lowPages.Length ? _lowPages[mfn] : mfn < LowFrames ? null : _pages.GetValueOrDefault(mfn);

    internal void Crash(GrantDomain domain) => _crashed.Add(domain.Id);

    private static void Put<T>(ref T?[] all, int at, T item)
        where T : class
    {
        if (at >= all.Length)
        {
            Array.Resize(ref all, Math.Max(at + 1, all.Length * 2));
        }

        all[at] = all[at] is null ? item : throw new ArgumentException($"{at} is taken.", nameof(at));
    }

    /// <summary>
    /// Destroys a domain (FACTS b.15): first its own mappings of others are released, then its references on its own
    /// pages; a page that somebody else still maps stays until the last unmap.
    /// </summary>
    /// <returns>0 or a negative errno.</returns>
    public int Kill(GrantDomain caller, ushort id)
    {
        if (id == caller.Id.Value)
        {
            return -Errno.Inval;
        }

        if (Find(id) is not { } domain)
        {
            return -Errno.Srch;
        }

        if (domain.IsDying)
        {
            return 0;
        }

        domain.IsDying = true;
        UnmapOps.ReleaseAll(this, domain);
        domain.Handles.Clear();
        domain.ClearPlaces();
        foreach (var page in _pages.Values)
        {
            if (page.Owner == domain)
            {
                if (page.IsPageTable)
                {
                    page.PutType();
                    page.Put();
                }

                page.Put();
            }
        }

        domain.CheckGone();
        return 0;
    }
}
