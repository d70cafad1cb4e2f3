using System.Buffers.Binary;
using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// What a guest does with its own grant table: plain stores into memory that it shares with Xen, in the order that
/// makes an entry exist last (Linux <c>grant-table.c</c>). A reference beyond the table is no memory: nothing happens.
/// </summary>
public static class GuestGrants
{
    /// <summary>Permits access to a page: domain and frame first, then the flags, as given.</summary>
    public static void Access(GrantDomain domain, uint reference, ushort to, ulong frame, ushort flags)
    {
        if (reference < domain.EntryCount)
        {
            SetDomId(domain, reference, to);
            domain.SetFrame(reference, frame);
            domain.SetFlags(reference, flags);
        }
    }

    /// <summary>Permits a copy of a part of a page (version 2).</summary>
    public static void SubPage(
        GrantDomain domain, uint reference, ushort to, ulong frame, ushort offset, ushort length, ushort flags)
    {
        if (domain.Version == 2 && reference < domain.EntryCount)
        {
            SetDomId(domain, reference, to);
            BinaryPrimitives.WriteUInt16LittleEndian(domain.Entry(reference)[4..], offset);
            BinaryPrimitives.WriteUInt16LittleEndian(domain.Entry(reference)[6..], length);
            domain.SetFrame(reference, frame);
            domain.SetFlags(reference, flags);
        }
    }

    /// <summary>Passes on what another domain granted (version 2).</summary>
    public static void Transitive(
        GrantDomain domain, uint reference, ushort to, ushort from, uint other, ushort flags)
    {
        if (domain.Version == 2 && reference < domain.EntryCount)
        {
            SetDomId(domain, reference, to);
            BinaryPrimitives.WriteUInt16LittleEndian(domain.Entry(reference)[4..], from);
            BinaryPrimitives.WriteUInt32LittleEndian(domain.Entry(reference)[8..], other);
            domain.SetFlags(reference, flags);
        }
    }

    /// <summary>Stores raw bytes over an entry.</summary>
    public static void WriteEntry(GrantDomain domain, uint reference, ReadOnlySpan<byte> bytes)
    {
        if (reference < domain.EntryCount)
        {
            bytes[..Math.Min(bytes.Length, domain.EntryBytes)].CopyTo(domain.Entry(reference));
        }
    }

    /// <summary>Sets and clears bits of an entry's flags.</summary>
    public static void ChangeFlags(GrantDomain domain, uint reference, ushort set, ushort clear)
    {
        if (reference < domain.EntryCount)
        {
            domain.SetFlags(reference, (ushort)((domain.FlagsOf(reference) & ~clear) | set));
        }
    }

    /// <summary>Allows writing too: clears the readonly bit, at any time.</summary>
    public static void MakeWritable(GrantDomain domain, uint reference) =>
        ChangeFlags(domain, reference, 0, GrantTable.Gtf.ReadOnly);

    /// <summary>Allows only reading from now on; refused while somebody may write.</summary>
    /// <returns>True when the entry is readonly now.</returns>
    public static bool TryMakeReadOnly(GrantDomain domain, uint reference)
    {
        if (reference >= domain.EntryCount || (domain.UseBitsOf(reference) & GrantTable.Gtf.Writing) != 0)
        {
            return false;
        }

        ChangeFlags(domain, reference, GrantTable.Gtf.ReadOnly, 0);
        return true;
    }

    /// <summary>
    /// Takes a grant back. Version 1: only when nobody uses it. Version 2: the entry is invalid at once; whether
    /// somebody still uses it is in the status word.
    /// </summary>
    /// <returns>True when the page may be used again.</returns>
    public static bool EndAccess(GrantDomain domain, uint reference)
    {
        if (reference >= domain.EntryCount)
        {
            return true;
        }

        var free = domain.UseBitsOf(reference) == 0;
        if (domain.Version == 2 || free)
        {
            domain.SetFlags(reference, 0);
        }

        return free;
    }

    /// <summary>Takes the offer of an entry for a transfer back, or takes the page that came.</summary>
    /// <returns>The frame that came, or null; stuck while Xen is at it.</returns>
    public static (ulong? Frame, bool Stuck) EndTransfer(GrantDomain domain, uint reference)
    {
        if (reference >= domain.EntryCount)
        {
            return (null, false);
        }

        var flags = domain.FlagsOf(reference);
        if ((flags & GrantTable.Gtf.TransferCommitted) == 0)
        {
            domain.SetFlags(reference, 0);
            return (null, false);
        }

        if ((flags & GrantTable.Gtf.TransferCompleted) == 0)
        {
            return (null, true);
        }

        var frame = domain.FrameOf(reference);
        domain.SetFlags(reference, 0);
        return (frame, false);
    }

    /// <summary>The bytes of its page that an entry grants.</summary>
    internal static (bool IsSubPage, int Start, int Length) RangeOf(GrantDomain domain, uint reference)
    {
        if (domain.Version == 1 || (domain.FlagsOf(reference) & GrantTable.Gtf.SubPage) == 0)
        {
            return (false, 0, PageSize.Bytes);
        }

        var entry = domain.Entry(reference);
        return (true, BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]));
    }

    /// <summary>The domain and reference that a transitive entry leads to.</summary>
    internal static (ushort Domain, uint Ref) TransitiveOf(GrantDomain domain, uint reference) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(domain.Entry(reference)[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(domain.Entry(reference)[8..]));

    private static void SetDomId(GrantDomain domain, uint reference, ushort id) =>
        BinaryPrimitives.WriteUInt16LittleEndian(domain.Entry(reference)[2..], id);
}
