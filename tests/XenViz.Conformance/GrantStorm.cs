using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>
/// Hostile guests: any operation with any argument, more often than not near the edge, and after every one of them the
/// properties that Xen must keep. The same seed gives the same storm.
/// </summary>
sealed class GrantStorm
{
    const int Domains = 4;
    const int PagesEach = 10;

    readonly Random _random;
    GrantWorld _world = new();
    int _sinceNew;

    public GrantStorm(int seed)
    {
        _random = new Random(seed);
        Begin();
    }

    /// <summary>Uses that were granted so far: a storm that never gets anywhere proves nothing.</summary>
    public long Granted { get; private set; }

    /// <summary>Does a number of operations.</summary>
    /// <returns>Null, or the first property that does not hold.</returns>
    public string? Run(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            if (++_sinceNew > 2000)
            {
                Begin();
            }

            Step();
            if (GrantProperties.Broken(_world) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    void Begin()
    {
        _sinceNew = 0;
        _world = new GrantWorld();
        for (ushort id = 0; id < Domains; id++)
        {
            var pv = _random.Next(2) == 0;
            var domain = _world.Add(new GrantDomainSetup(new DomId(id))
            {
                IsPv = pv, IsPrivileged = id == 0, Vcpus = _random.Next(1, 4), MaxPages = PagesEach + 2,
                MaxGrantFrames = _random.Next(1, 4), MaxMaptrackFrames = 1, MaxVersion = _random.Next(1, 3),
            });
            for (var page = 0; page < PagesEach; page++)
            {
                var mfn = (ulong)(64 + (id * 64) + page);
                _world.AddPage(domain, pv ? mfn : (ulong)(16 + page), mfn, pv && page == PagesEach - 1);
            }
        }
    }

    void Step()
    {
        var caller = _world.Domains[_random.Next(Domains)];
        if (caller.IsDying)
        {
            return;
        }

        switch (_random.Next(100))
        {
            case < 18:
                Publish(caller);
                break;
            case < 48:
                var (granter, reference) = Grant(caller);
                var map = MapOps.Map(_world, caller, _random.Next(caller.Setup.Vcpus), new MapRequest(
                    granter, reference, MapFlags(), (ulong)_random.Next(500, 560)));
                Granted += map.Status == GrantStatus.Okay ? 1 : 0;
                break;
            case < 70:
                Unmap(caller);
                break;
            case < 86:
                var length = _random.Next(8) == 0 ? 5000 : _random.Next(600);
                var copied = CopyOps.Copy(_world, caller, Side(caller), Side(caller), length);
                Granted += copied == GrantStatus.Okay ? 1 : 0;
                break;
            default:
                Rare(caller);
                break;
        }
    }

    void Publish(GrantDomain caller)
    {
        var reference = Ref();
        var gfn = Gfn(caller);
        var flags = (ushort)(_random.Next(6) == 0 ? _random.Next(0x200) : 1 | (_random.Next(3) == 0 ? 4 : 0));
        switch (_random.Next(8))
        {
            case 0:
                GuestGrants.SubPage(
                    caller, reference, Domain(), gfn, (ushort)_random.Next(4096), (ushort)_random.Next(4096),
                    (ushort)(0x100 | flags));
                break;
            case 1:
                GuestGrants.Transitive(caller, reference, Domain(), Domain(), Ref(), 3);
                break;
            case 2:
                GuestGrants.ChangeFlags(caller, reference, (ushort)_random.Next(32), (ushort)_random.Next(32));
                break;
            case 3:
                GuestGrants.EndAccess(caller, reference);
                break;
            default:
                GuestGrants.Access(caller, reference, Domain(), gfn, flags);
                break;
        }
    }

    void Unmap(GrantDomain caller)
    {
        Span<UnmapRequest> asks = stackalloc UnmapRequest[_random.Next(1, 40)];
        Span<GrantStatus> statuses = stackalloc GrantStatus[asks.Length];
        foreach (ref var ask in asks)
        {
            var handle = (uint)_random.Next(_random.Next(4) == 0 ? 300 : 24);
            var host = caller.Places.Keys.ElementAtOrDefault(_random.Next(caller.Places.Count + 1));
            var frame = 64 + (_random.Next(Domains) * 64) + _random.Next(PagesEach);
            var device = _random.Next(3) == 0 ? (ulong)frame : 0;
            ask = new UnmapRequest(handle, _random.Next(5) == 0 ? 0 : host, device);
        }

        UnmapOps.Unmap(_world, caller, asks, statuses);
    }

    void Rare(GrantDomain caller)
    {
        switch (_random.Next(9))
        {
            case 0:
                TableOps.SetupTable(_world, caller, Domain(), (uint)_random.Next(5));
                break;
            case 1:
                // Rarely: it wipes the table.
                TableOps.SetVersion(caller, _random.Next(30) == 0 ? (uint)_random.Next(4) : 0);
                break;
            case 2:
                // A reserved entry may carry use bits that its guest made up, and a swap would take them elsewhere.
                TableOps.Swap(caller, GrantTable.ReservedEntries + Ref(), GrantTable.ReservedEntries + Ref());
                break;
            case 3 or 4:
                GuestGrants.Access(caller, Ref(), Domain(), Gfn(caller), GrantTable.Gtf.AcceptTransfer);
                break;
            case 5 or 6:
                TransferOps.Transfer(_world, caller, Gfn(caller), Domain(), Ref());
                break;
            case 7:
                UnmapOps.UnmapAndReplace(
                    _world, caller, (uint)_random.Next(24), (ulong)_random.Next(500, 560),
                    (ulong)_random.Next(2) * 510);
                break;
            default:
                if (_random.Next(40) == 0)
                {
                    _world.Kill(_world.Domains[0], Domain());
                }

                break;
        }
    }

    // A hostile guest knows what it was granted: it looks for an entry that names it, most of the time.
    (ushort Granter, uint Ref) Grant(GrantDomain caller)
    {
        for (var tries = _random.Next(3) == 0 ? 0 : 40; tries > 0; tries--)
        {
            var granter = _world.Domains[_random.Next(Domains)];
            var reference = (uint)_random.Next(20);
            if (!granter.IsGone && granter.DomIdOf(reference) == caller.Id.Value && granter.FlagsOf(reference) != 0)
            {
                return (granter.Id.Value, reference);
            }
        }

        return (Domain(), Ref());
    }

    CopySide Side(GrantDomain caller)
    {
        if (_random.Next(3) == 0)
        {
            return new CopySide(Xen.Domain.Self, false, Gfn(caller), Offset());
        }

        var (granter, reference) = Grant(caller);
        return new CopySide(_random.Next(12) == 0 ? Xen.Domain.Self : granter, true, reference, Offset());
    }

    int Offset() => _random.Next(3) == 0 ? 4000 + _random.Next(100) : _random.Next(2000);

    ushort Domain() => (ushort)(_random.Next(12) == 0 ? 77 : _random.Next(Domains));

    uint Ref() => _random.Next(12) == 0 ? (uint)_random.Next(3000) : (uint)_random.Next(20);

    ulong Gfn(GrantDomain domain) => _random.Next(10) == 0 ? (ulong)_random.Next(600)
        : domain.IsPv ? (ulong)(64 + (domain.Id.Value * 64) + _random.Next(PagesEach))
        : (ulong)(16 + _random.Next(PagesEach));

    uint MapFlags() => _random.Next(8) switch
    {
        0 => (uint)_random.Next(32),
        1 => 1,
        2 => 3,
        3 or 4 => 6,
        5 => 7,
        _ => 2,
    };
}
