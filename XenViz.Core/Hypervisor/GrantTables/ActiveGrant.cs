namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>Xen's private record of a grant in use (<c>grant_table.c struct active_grant_entry</c>).</summary>
public struct ActiveGrant
{
    /// <summary>Four 8-bit counters of uses, see <see cref="Pins"/>.</summary>
    public uint Pin;

    /// <summary>The one domain that may add uses.</summary>
    public ushort Grantee;

    /// <summary>True when only a range of the page was granted.</summary>
    public bool IsSubPage;

    /// <summary>First byte of the page that may be used.</summary>
    public int Start;

    /// <summary>Bytes that may be used.</summary>
    public int Length;

    /// <summary>The frame, remembered from the first use.</summary>
    public PageInfo? Page;

    /// <summary>Whose frame it is: the granter, or for a transitive grant the domain that granted to it.</summary>
    public GrantDomain? Source;

    /// <summary>For a transitive grant: the reference in the source's table.</summary>
    public uint SourceRef;
}
