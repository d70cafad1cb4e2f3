using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>Plays a <see cref="GrantStory"/>, and checks after every act what Xen must keep.</summary>
sealed class GrantPlay
{
    readonly GrantWorld _world;
    readonly GrantAccess _access;

    GrantPlay(GrantStory story)
    {
        _world = story.Begin();
        _access = new GrantAccess(_world);
    }

    /// <summary>Acts that were done; those of a domain that is dying are not.</summary>
    public int Done { get; private set; }

    /// <summary>Uses that were granted: a story that never gets anywhere proves nothing.</summary>
    public int Granted { get; private set; }

    /// <summary>Plays a story.</summary>
    /// <returns>How far it came, and the first property that does not hold, or null.</returns>
    public static (GrantPlay Play, string? Broken) Of(GrantStory story)
    {
        var play = new GrantPlay(story);
        foreach (var act in story.Acts)
        {
            if ((play.Do(act) ?? GrantProperties.Broken(play._world)) is { } broken)
            {
                return (play, $"{act}: {broken}");
            }
        }

        return (play, null);
    }

    string? Do(GrantAct act)
    {
        var caller = _world.Domains[act.Caller];
        if (caller.IsDying)
        {
            return null;
        }

        Done++;
        switch (act)
        {
            case GrantAct.Map map:
                return Map(caller, map);
            case GrantAct.Copy copy:
                return Copy(caller, copy);
            case GrantAct.Unmap unmap:
                Unmap(caller, unmap);
                return null;
            default:
                Publish(caller, act);
                return null;
        }
    }

    void Publish(GrantDomain caller, GrantAct act)
    {
        switch (act)
        {
            case GrantAct.Access a:
                GuestGrants.Access(caller, a.Ref, a.To, GrantStory.NumberOf(caller, a.Page), a.Flags);
                break;
            case GrantAct.SubPage s:
                GuestGrants.SubPage(
                    caller, s.Ref, s.To, GrantStory.NumberOf(caller, s.Page), s.Offset, s.Length, s.Flags);
                break;
            case GrantAct.Transitive t:
                GuestGrants.Transitive(caller, t.Ref, t.To, t.From, t.Other, GrantTable.Gtf.Transitive);
                break;
            case GrantAct.ChangeFlags f:
                GuestGrants.ChangeFlags(caller, f.Ref, f.Set, f.Clear);
                break;
            case GrantAct.EndAccess e:
                GuestGrants.EndAccess(caller, e.Ref);
                break;
            case GrantAct.SetupTable s:
                TableOps.SetupTable(_world, caller, s.Domain, s.Frames);
                break;
            case GrantAct.SetVersion v:
                TableOps.SetVersion(caller, v.Version);
                break;
            case GrantAct.Swap s:
                TableOps.Swap(caller, s.One, s.Other);
                break;
            case GrantAct.Transfer t:
                TransferOps.Transfer(_world, caller, GrantStory.NumberOf(caller, t.Page), t.To, t.Ref);
                break;
            case GrantAct.UnmapAndReplace u:
                UnmapOps.UnmapAndReplace(_world, caller, u.Handle, u.HostPage, u.NewPage);
                break;
            case GrantAct.Kill k:
                _world.Kill(caller, k.Domain);
                break;
            default:
                throw new InvalidOperationException($"{act} is not known");
        }
    }

    string? Map(GrantDomain caller, GrantAct.Map act)
    {
        var (granter, reference) = Find(caller, act.Grant);
        var allowed = _access.OfMap(caller, granter, reference, (act.Flags & GrantTable.Gntmap.ReadOnly) == 0);
        var reply = MapOps.Map(
            _world, caller, act.Vcpu % caller.Setup.Vcpus, new MapRequest(granter, reference, act.Flags, act.HostPage));
        if (reply.Status != GrantStatus.Okay)
        {
            return null;
        }

        Granted++;
        return allowed is { } page && page.Mfn == reply.DeviceFrame ? null : "a page was mapped that no grant gives";
    }

    string? Copy(GrantDomain caller, GrantAct.Copy act)
    {
        var (source, target) = (Side(caller, act.Source), Side(caller, act.Target));
        var watch = _access.OfCopy(caller, source, target, act.Length);
        var status = CopyOps.Copy(_world, caller, source, target, act.Length);
        Granted += status == GrantStatus.Okay ? 1 : 0;
        return _access.AfterCopy(watch, status);
    }

    void Unmap(GrantDomain caller, GrantAct.Unmap act)
    {
        Span<UnmapRequest> asks = stackalloc UnmapRequest[act.Picks.Length];
        Span<GrantStatus> statuses = stackalloc GrantStatus[asks.Length];
        for (var i = 0; i < asks.Length; i++)
        {
            var pick = act.Picks[i];
            var host = pick.Place < 0 ? 0
                : caller.Places.Keys.ElementAtOrDefault(pick.Place % (caller.Places.Count + 1));
            asks[i] = new UnmapRequest(pick.Handle, host, pick.DeviceFrame);
        }

        UnmapOps.Unmap(_world, caller, asks, statuses);
    }

    CopySide Side(GrantDomain caller, SidePick pick)
    {
        if (pick.Grant is not { } grant)
        {
            return new CopySide(Xen.Domain.Self, false, GrantStory.NumberOf(caller, pick.Page), pick.Offset);
        }

        var (granter, reference) = Find(caller, grant);
        return new CopySide(pick.OfSelf ? Xen.Domain.Self : granter, true, reference, pick.Offset);
    }

    (ushort Granter, uint Ref) Find(GrantDomain caller, GrantPick pick)
    {
        const int Refs = 20;
        for (var tried = 0; pick.Looks && tried < GrantStory.Domains * Refs; tried++)
        {
            var reference = (uint)((pick.Ref + tried) % Refs);
            var granter = _world.Domains[(pick.Granter + ((int)(pick.Ref + tried) / Refs)) % GrantStory.Domains];
            if (!granter.IsGone && granter.DomIdOf(reference) == caller.Id.Value && granter.FlagsOf(reference) != 0)
            {
                return (granter.Id.Value, reference);
            }
        }

        return (pick.Granter, pick.Ref);
    }
}
