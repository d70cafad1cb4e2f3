using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>How a domain of a story is made, and which version it has chosen when the story begins.</summary>
readonly record struct GrantShape(bool IsPv, int Vcpus, int MaxFrames, int MaxVersion, int Version);

/// <summary>Four domains, some pages each, and what they do, one act after another.</summary>
sealed record GrantStory(GrantShape[] Shapes, GrantAct[] Acts)
{
    public const int Domains = 4;
    public const int PagesEach = 10;

    public override string ToString() =>
        $"{string.Join(", ", Shapes)}{Environment.NewLine}{string.Join<GrantAct>(Environment.NewLine, Acts)}";

    /// <summary>Frame <paramref name="page"/> of a domain.</summary>
    public static ulong FrameOf(int domain, int page) => (ulong)(64 + (domain * 64) + page);

    /// <summary>The number by which a domain names a page.</summary>
    public static ulong NumberOf(GrantDomain domain, int page) => page >= PagesEach ? (ulong)page
        : domain.IsPv ? FrameOf(domain.Id.Value, page)
        : (ulong)(16 + page);

    /// <summary>The world that the story begins in: every page holds bytes of its own.</summary>
    public GrantWorld Begin()
    {
        var world = new GrantWorld();
        for (var id = 0; id < Domains; id++)
        {
            var shape = Shapes[id];
            var domain = world.Add(new GrantDomainSetup(new DomId((ushort)id))
            {
                IsPv = shape.IsPv, IsPrivileged = id == 0, Vcpus = shape.Vcpus, MaxPages = PagesEach + 2,
                MaxGrantFrames = shape.MaxFrames, MaxMaptrackFrames = 1, MaxVersion = shape.MaxVersion,
            });
            TableOps.SetVersion(domain, (uint)shape.Version);
            for (var page = 0; page < PagesEach; page++)
            {
                var frame = FrameOf(id, page);
                var added = world.AddPage(
                    domain, NumberOf(domain, page), frame, shape.IsPv && page == PagesEach - 1);
                for (var i = 0; i < PageSize.Bytes; i++)
                {
                    added.Bytes[i] = (byte)((i * 7) + (i >> 8) + (int)frame);
                }
            }
        }

        return world;
    }
}
