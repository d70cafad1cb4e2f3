using XenViz.Core.Abi;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;

namespace XenViz.Client.Tests.Details;

/// <summary>Answers as the engine would give them.</summary>
internal static class DetailSamples
{
    /// <summary>Entry 9 in use: Xen wrote its flags last, the frontend its frame, and only Xen sees the pins.</summary>
    public static DetailView Grant { get; } = new()
    {
        Id = "grant.9", Position = 35, Since = 34, Title = "Grant entry 9", About = "Eight bytes.", Mark = Writer.Guest,
        Owner = "the guest, domain 5", Writes = "the guest; Xen two bits", Name = "struct grant_entry_v1",
        Value = "permit_access, readonly, reading; for domain 2", Mfn = 0x5F00, Offset = 0x48, Length = 8,
        Parts =
        [
            new DetailPartView("flags", "0x000D", Writer.Both)
            {
                Mfn = 0x5F00, Offset = 0x48, Length = 2, Changed = 35,
            },
            new DetailPartView("frame", "0x5A21", Writer.Guest)
            {
                Mfn = 0x5F00, Offset = 0x4C, Length = 4, Changed = 4,
            },
            new DetailPartView("pin", "0x00000100", Writer.Xen),
        ],
        Steps =
        [
            new WhyStepView(4, "2.2", "frontend", "writes the frame", 0, ""),
            new WhyStepView(35, "4.12", "Xen", "marks the entry", 4, "4.11 had read the frame"),
        ],
    };

    /// <summary>The data page, mapped read-only, with its first two bytes just changed.</summary>
    public static DetailView Page { get; } = Grant with
    {
        Id = "data", Title = "Data page", Mfn = 0x5A21, Offset = 0, Length = 4096,
        Page = Samples.Map with
        {
            Guest = 5, Driver = 2, Changed = [0, 1], Device = new IommuView(0x5A21, 0x5A21, false),
        },
        Parts =
        [
            new DetailPartView("bytes", "\"Hello, disk!\"", Writer.Both)
            {
                Mfn = 0x5A21, Length = 4096, Changed = 35,
            },
        ],
    };
}
