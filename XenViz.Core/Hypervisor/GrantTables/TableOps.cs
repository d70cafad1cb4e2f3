using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>The operations on tables as a whole: size, version, frames, swapping (FACTS b.11, b.14, b.7).</summary>
public static class TableOps
{
    /// <summary>GNTTABOP_setup_table: grows a table to at least so many frames.</summary>
    public static GrantStatus SetupTable(GrantWorld world, GrantDomain caller, ushort id, uint frames)
    {
        var status = Find(world, caller, id, out var domain);
        if (status != GrantStatus.Okay)
        {
            return status;
        }

        if (frames > domain!.Setup.MaxGrantFrames)
        {
            return GrantStatus.GeneralError;
        }

        domain.Grow((int)frames);
        return GrantStatus.Okay;
    }

    /// <summary>GNTTABOP_query_size: frames now, and most.</summary>
    public static (GrantStatus Status, int Frames, int Most) QuerySize(
        GrantWorld world, GrantDomain caller, ushort id) =>
        Find(world, caller, id, out var domain) is var status && status == GrantStatus.Okay
            ? (status, domain!.GrantFrames, domain.Setup.MaxGrantFrames)
            : (status, 0, 0);

    /// <summary>GNTTABOP_get_status_frames: okay when there are so many.</summary>
    public static GrantStatus GetStatusFrames(GrantWorld world, GrantDomain caller, ushort id, uint frames)
    {
        var status = Find(world, caller, id, out var domain);
        return status != GrantStatus.Okay ? status
            : frames > domain!.StatusFrames ? GrantStatus.GeneralError
            : GrantStatus.Okay;
    }

    /// <summary>GNTTABOP_get_version.</summary>
    /// <returns>0 with the version, or a negative errno.</returns>
    public static (int Errno, int Version) GetVersion(GrantWorld world, GrantDomain caller, ushort id)
    {
        if (world.FindOrSelf(id, caller) is not { } domain)
        {
            return (-Errno.Srch, 0);
        }

        return domain != caller && !caller.Setup.IsPrivileged ? (-Errno.Perm, 0) : (0, domain.Version);
    }

    /// <summary>GNTTABOP_set_version: all entries are wiped but the reserved ones, which are converted.</summary>
    /// <returns>0 or a negative errno.</returns>
    public static int SetVersion(GrantDomain caller, uint version)
    {
        if (version is not (1 or 2))
        {
            return -Errno.Inval;
        }

        if (version > caller.Setup.MaxVersion)
        {
            return -Errno.NoSys;
        }

        if (version == caller.Version)
        {
            return 0;
        }

        for (uint reference = GrantTable.ReservedEntries; reference < caller.EntryCount; reference++)
        {
            if (caller.Active(reference).Pin != 0)
            {
                return -Errno.Busy;
            }
        }

        if (version == 1 && !IsReservedExpressible(caller))
        {
            return -Errno.Range;
        }

        Convert(caller, (int)version);
        return 0;
    }

    /// <summary>GNTTABOP_swap_grant_ref.</summary>
    public static GrantStatus Swap(GrantDomain caller, uint one, uint other)
    {
        if (one >= caller.EntryCount || other >= caller.EntryCount)
        {
            return GrantStatus.BadGntref;
        }

        if (one == other)
        {
            return GrantStatus.Okay;
        }

        if (caller.Active(one).Pin != 0 || caller.Active(other).Pin != 0)
        {
            return GrantStatus.Eagain;
        }

        var kept = caller.Entry(one).ToArray();
        caller.Entry(other).CopyTo(caller.Entry(one));
        kept.CopyTo(caller.Entry(other));
        if (caller.Version == 2)
        {
            var word = caller.Status[(int)one];
            caller.SetStatus(one, caller.Status[(int)other]);
            caller.SetStatus(other, word);
        }

        return GrantStatus.Okay;
    }

    /// <summary>
    /// XENMEM_add_to_physmap of a grant table frame (HVM): the other way to see, and to grow, the table.
    /// </summary>
    /// <returns>0 or a negative errno.</returns>
    public static int MapFrame(GrantDomain caller, uint index, ulong gfn, bool status)
    {
        if (status)
        {
            // One frame of status words serves eight of version-2 entries.
            var needed = ((ulong)index + 1) * GrantRules.StatusPerFrame / (PageSize.Bytes / GrantRules.EntryV2Bytes);
            if (caller.Version == 1)
            {
                return -Errno.Inval;
            }

            if (index >= caller.StatusFrames && needed <= (ulong)caller.Setup.MaxGrantFrames)
            {
                caller.Grow((int)needed);
            }
        }
        else if (index >= caller.GrantFrames && index < caller.Setup.MaxGrantFrames)
        {
            caller.Grow((int)index + 1);
        }

        if (index >= (status ? caller.StatusFrames : caller.GrantFrames))
        {
            return -Errno.Inval;
        }

        if (caller.TablePlaces.TryGetValue((status, index), out var earlier))
        {
            caller.ClearPlace(earlier);
        }

        caller.SetPlace(gfn, new Place(null, PlaceKind.Ram));
        caller.TablePlaces[(status, index)] = gfn;
        return 0;
    }

    private static GrantStatus Find(GrantWorld world, GrantDomain caller, ushort id, out GrantDomain? domain)
    {
        domain = world.FindOrSelf(id, caller);
        return domain is null ? GrantStatus.BadDomain
            : domain != caller && !caller.Setup.IsPrivileged ? GrantStatus.PermissionDenied
            : GrantStatus.Okay;
    }

    private static bool IsReservedExpressible(GrantDomain domain)
    {
        for (uint reference = 0; reference < GrantTable.ReservedEntries; reference++)
        {
            var type = domain.FlagsOf(reference) & GrantTable.Gtf.TypeMask;
            if (type == GrantTable.Gtf.Transitive
                || (type == GrantTable.Gtf.PermitAccess && domain.FrameOf(reference) > uint.MaxValue))
            {
                return false;
            }
        }

        return true;
    }

    private static void Convert(GrantDomain domain, int version)
    {
        var kept = new (ushort Flags, ushort Domain, ulong Frame, ushort Use)[GrantTable.ReservedEntries];
        for (uint reference = 0; reference < kept.Length; reference++)
        {
            kept[reference] = (
                domain.FlagsOf(reference), domain.DomIdOf(reference), domain.FrameOf(reference),
                domain.Version == 1 ? (ushort)0 : domain.Status[(int)reference]);
        }

        foreach (var place in domain.TablePlaces.Where(place => place.Key.Status).ToList())
        {
            domain.ClearPlace(place.Value);
            domain.TablePlaces.Remove(place.Key);
        }

        domain.Reset(version);
        for (uint reference = 0; reference < kept.Length; reference++)
        {
            var (flags, id, frame, use) = kept[reference];
            if (version == 2)
            {
                Write(domain, reference, (ushort)(flags & ~GrantRules.UseBits), id, frame);
                domain.SetStatus(reference, (ushort)(flags & GrantRules.UseBits));
            }
            else if ((flags & GrantTable.Gtf.TypeMask) == GrantTable.Gtf.PermitAccess)
            {
                Write(domain, reference, (ushort)(flags | use), id, frame);
            }
        }
    }

    private static void Write(GrantDomain domain, uint reference, ushort flags, ushort id, ulong frame)
    {
        domain.SetFrame(reference, frame);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(domain.Entry(reference)[2..], id);
        domain.SetFlags(reference, flags);
    }
}
