using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>What Xen keeps of a frame (<c>asm/mm.h struct page_info</c>), with its bytes.</summary>
public sealed class PageInfo
{
    private byte[]? _bytes;

    /// <summary>Makes a frame that belongs to a domain, with the one reference that it exists by.</summary>
    public PageInfo(ulong mfn, GrantDomain owner, bool pageTable)
    {
        Mfn = mfn;
        Owner = owner;
        IsPageTable = pageTable;
        References = pageTable ? 2 : 1;
        TypeCount = pageTable ? 1 : 0;
    }

    /// <summary>Its number.</summary>
    public ulong Mfn { get; }

    /// <summary>The one domain that it belongs to, or null when it is free.</summary>
    public GrantDomain? Owner { get; internal set; }

    /// <summary>References: 1 for being owned, 1 for each use. While there is one the frame is not freed.</summary>
    public int References { get; private set; }

    /// <summary>Uses of its present type: writable uses, or 1 while it is a page table.</summary>
    public int TypeCount { get; private set; }

    /// <summary>True while its type is page table: then nobody may write it.</summary>
    public bool IsPageTable { get; private set; }

    /// <summary>Its 4096 bytes.</summary>
    public byte[] Bytes => _bytes ??= new byte[PageSize.Bytes];

    /// <summary>True when nobody has asked for its bytes: all are zero.</summary>
    public bool IsUntouched => _bytes is null;

    /// <summary>Takes a reference for a domain (<c>get_page</c>); false when the frame is not its own.</summary>
    public bool TryGet(GrantDomain domain)
    {
        if (Owner != domain || References == 0)
        {
            return false;
        }

        References++;
        return true;
    }

    /// <summary>Gives a reference back (<c>put_page</c>). With the last one the frame is free.</summary>
    public void Put()
    {
        if (--References == 0)
        {
            Owner?.Lose(this);
            Owner = null;
            TypeCount = 0;
            IsPageTable = false;
            _bytes = null;
        }
    }

    /// <summary>Takes a writable type reference (<c>get_page_type</c>); false while it is a page table.</summary>
    public bool TryGetWritable()
    {
        if (IsPageTable)
        {
            return false;
        }

        TypeCount++;
        return true;
    }

    /// <summary>Gives a type reference back (<c>put_page_type</c>).</summary>
    public void PutType()
    {
        if (--TypeCount == 0)
        {
            IsPageTable = false;
        }
    }

    /// <summary>Takes the frame out of its owner's hands (<c>steal_page</c>): nobody else may use it.</summary>
    internal bool TrySteal(GrantDomain from)
    {
        if (Owner != from || References != 1 || TypeCount != 0)
        {
            return false;
        }

        from.Lose(this);
        Owner = null;
        return true;
    }

    /// <summary>Gives a stolen frame to a domain (<c>assign_pages</c>).</summary>
    internal void Assign(GrantDomain to)
    {
        Owner = to;
        to.Win(this);
    }
}
