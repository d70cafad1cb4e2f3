using XenViz.Core.Abi;
using XenViz.Core.Hypervisor;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>What must hold of grant tables at any moment between two operations, counted from nothing.</summary>
static class GrantProperties
{
    /// <summary>Null, or the first property that does not hold.</summary>
    public static string? Broken(GrantWorld world)
    {
        var pins = new Dictionary<(ushort, uint), uint>();
        var references = new Dictionary<PageInfo, int>();
        var types = new Dictionary<PageInfo, int>();
        foreach (var mapper in world.Domains)
        {
            if (Mappings(world, mapper, pins, references, types) is { } broken)
            {
                return broken;
            }
        }

        return Grants(world, pins) ?? Frames(world, references, types);
    }

    static string? Mappings(
        GrantWorld world, GrantDomain mapper, Dictionary<(ushort, uint), uint> pins,
        Dictionary<PageInfo, int> references, Dictionary<PageInfo, int> types)
    {
        var used = 0;
        var hosts = 0;
        for (uint handle = 0; handle < mapper.Handles.Allocated; handle++)
        {
            var record = mapper.Handles[handle];
            if (record.Flags == 0)
            {
                continue;
            }

            used++;
            hosts += (record.Flags & GrantTable.Gntmap.HostMap) != 0 ? 1 : 0;
            if (world.Find(record.Granter) is not { } granter || granter.Active(record.Ref).Page is not { } page)
            {
                return $"handle {handle} of domain {mapper.Id} leads to no grant in use";
            }

            var key = (record.Granter, record.Ref);
            pins[key] = pins.GetValueOrDefault(key) + Pins.Of(record.Flags);
            references[page] = references.GetValueOrDefault(page) + Pins.References(record.Flags);
            types[page] = types.GetValueOrDefault(page)
                + Pins.WritableTypes(record.Flags, granter.IsPv, granter == mapper);
            if (granter.Active(record.Ref).Grantee != mapper.Id.Value)
            {
                return $"handle {handle}: domain {mapper.Id} holds a grant that another domain uses";
            }
        }

        if (used != mapper.Handles.InUse)
        {
            return $"domain {mapper.Id} has {used} mappings and {mapper.Handles.InUse} handles in use";
        }

        return Places(mapper, hosts);
    }

    // Mapping over a place that is in use loses the mapping that was there, as it does in a real address space.
    static string? Places(GrantDomain mapper, int hosts)
    {
        var mapped = 0;
        foreach (var (at, place) in mapper.Places)
        {
            if (place.Kind == PlaceKind.Ram)
            {
                continue;
            }

            mapped++;
            if (place.Page is null || place.Page.Owner is null)
            {
                return $"page 0x{at:X} of domain {mapper.Id} leads to a frame that is free";
            }
        }

        return mapped <= hosts ? null : $"domain {mapper.Id} reaches {mapped} pages by {hosts} host mappings";
    }

    static string? Grants(GrantWorld world, Dictionary<(ushort, uint), uint> pins)
    {
        foreach (var granter in world.Domains.Where(domain => !domain.IsGone))
        {
            for (uint reference = 0; reference < granter.EntryCount; reference++)
            {
                var pin = granter.Active(reference).Pin;
                if (pin != pins.GetValueOrDefault((granter.Id.Value, reference)))
                {
                    return $"grant {reference} of domain {granter.Id} has pins 0x{pin:X8}, its mappings say otherwise";
                }

                // The guest may scribble over a version-1 entry; status words are Xen's alone.
                var bits = pin == 0 ? 0 : GrantRules.BitsOf(Pins.AnyWrite(pin));
                if (granter.Version == 2 && reference >= GrantTable.ReservedEntries
                    && granter.Status[(int)reference] != bits)
                {
                    return $"status word {reference} of domain {granter.Id} is {granter.Status[(int)reference]}, "
                        + $"its pins 0x{pin:X}";
                }
            }
        }

        return null;
    }

    static string? Frames(
        GrantWorld world, Dictionary<PageInfo, int> references, Dictionary<PageInfo, int> types)
    {
        foreach (var page in world.Pages.Values)
        {
            var uses = references.GetValueOrDefault(page);
            if (page.Owner is null)
            {
                if (uses > 0)
                {
                    return $"frame {page.Mfn} is free and mapped {uses} times";
                }

                continue;
            }

            var own = (page.Owner.IsDying ? 0 : 1) + (page.IsPageTable ? 1 : 0);
            if (page.References != own + uses)
            {
                return $"frame {page.Mfn} has {page.References} references for {uses} uses";
            }

            if (!page.IsPageTable && page.TypeCount != types.GetValueOrDefault(page))
            {
                return $"frame {page.Mfn} has {page.TypeCount} writable uses";
            }

            if (page.IsPageTable && types.GetValueOrDefault(page) > 0)
            {
                return $"frame {page.Mfn} is a page table that somebody may write";
            }
        }

        return null;
    }
}
