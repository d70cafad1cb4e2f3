using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>The ring: its page, its indices, its slots, and what both ends keep for themselves.</summary>
internal static class RingSubjects
{
    /// <summary>The ring page; null before there is one.</summary>
    public static Subject? Page(Moment moment)
    {
        var ring = RingProjector.Of(moment);
        if (!ring.Exists)
        {
            return null;
        }

        var mfn = moment.Sides().Ring;
        return PageSubjects.Of(moment, mfn) is { } page
            ? page with
            {
                Title = Subjects.Say("Title_ring"),
                About = Subjects.Say("About_ring", ring.Size),
                Writes = Subjects.Say("Writes_ring"),
                Name = "struct " + Prefix(moment) + "_sring",
                Value = Subjects.Say("Value_ring", ring.ReqProd, ring.RspProd, ring.Free),
                Parts = [.. Shared.Select(field => Header(moment, field)), .. page.Parts.Skip(1)],
            }
            : null;
    }

    /// <summary>A ring among several, which the moment shows: its page, or that there is none now; null where the run
    /// has no ring of this number.</summary>
    public static Subject? Line(Moment moment, int number)
    {
        if (Shown(moment, number) is not { } line)
        {
            return null;
        }

        var title = line.Name.Length == 0
            ? Subjects.Say("Title_ring_queue", number)
            : Subjects.Say("Title_ring_" + line.Name, line.Guest);
        return Page(moment) is { } page ? page with { Title = title } : new Subject
        {
            Title = title,
            About = Subjects.Say("About_ring", line.Size),
            Mark = Writer.Both,
            Owner = Subjects.Say("Owner_guest", line.Guest),
            Writes = Subjects.Say("Writes_ring"),
            Name = "struct " + Prefix(moment) + "_sring",
            Value = Subjects.Say("Value_ring_none"),
        };
    }

    /// <summary>A slot or an index of a ring among several, which the moment shows; null when there is none.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="number">The number of the ring.</param>
    /// <param name="id">The id that it has while its ring is on stage, such as <c>slot.5</c>.</param>
    public static Subject? Within(Moment moment, int number, string id) =>
        Shown(moment, number) is { } line && Subjects.Of(moment, id) is { } subject
            ? subject with
            {
                Title = line.Name.Length == 0
                    ? Subjects.Say("Within_queue", subject.Title, number)
                    : Subjects.Say("Within_" + line.Name, subject.Title, line.Guest),
            }
            : null;

    /// <summary>A shared index; null when there is none of this name.</summary>
    public static Subject? Index(Moment moment, string name)
    {
        foreach (var field in Shared)
        {
            if (field.Name == name && RingReader.Of(moment.Machine, moment.Ring).Exists)
            {
                var part = Header(moment, field);
                return new Subject
                {
                    Title = name,
                    About = Subjects.Say("About_" + name),
                    Mark = field.Writer,
                    Owner = Subjects.Say("Owner_ring", moment.Sides().Guest),
                    Writes = Subjects.Say(field.Writer == Writer.Guest ? "Writes_front" : "Writes_back"),
                    Name = $"{Prefix(moment)}_sring.{name}",
                    Value = ValueOf(moment, uint.Parse(part.Value, System.Globalization.CultureInfo.InvariantCulture)),
                    At = part.At,
                    Parts = [part],
                };
            }
        }

        return null;
    }

    /// <summary>An index that one end keeps for itself; null when there is none of this name.</summary>
    public static Subject? Private(Moment moment, string name)
    {
        if (Privates(moment).FirstOrDefault(p => p.Name == name) is not { } part)
        {
            return null;
        }

        var front = part.Writer == Writer.Guest;
        return new Subject
        {
            Title = name,
            About = Subjects.Say("About_" + name),
            Mark = part.Writer,
            Owner = front ? Subjects.Say("Owner_guest", moment.Sides().Guest)
                : Subjects.Say("Owner_driver", moment.Sides().Driver),
            Writes = Subjects.Say(front ? "Writes_private_front" : "Writes_private_back"),
            Name = $"{Prefix(moment)}_{(front ? "front" : "back")}_ring.{name}",
            Value = ValueOf(moment, uint.Parse(part.Value, System.Globalization.CultureInfo.InvariantCulture)),
            Parts = [part],
        };
    }

    /// <summary>A slot; null beyond the ring.</summary>
    public static Subject? Slot(Moment moment, ulong number)
    {
        var ring = RingProjector.Of(moment);
        if (!ring.Exists || number >= (ulong)ring.Size)
        {
            return null;
        }

        var slot = ring.Slots[(int)number];
        var sides = moment.Sides();
        var offset = Ring.SlotOffsetBytes(slot.Slot, sides.SlotBytes);
        var mfn = sides.Pages[offset / PageSize.Bytes];
        var at = offset % PageSize.Bytes;
        var length = Math.Min(sides.SlotBytes, PageSize.Bytes - at);
        var fields = HexProjector.SlotFields(moment, ring, slot, mfn, at);
        return new Subject
        {
            Title = Subjects.Say("Title_slot", slot.Slot),
            About = Subjects.Say("About_slot_" + slot.Kind, slot.Index),
            Mark = slot.State is "serving" or "answer-private" or "answered" ? Writer.Driver : Writer.Guest,
            Owner = Subjects.Say("Owner_ring", sides.Guest),
            Writes = Subjects.Say("Writes_slot"),
            Name = SlotName(moment, slot),
            Value = Subjects.Say(
                "Slot_" + slot.State, slot.Operation, slot.Id, slot.Index, slot.Status,
                slot.OldBytes ? Subjects.Say("Slot_old") : ""),
            At = new Place(mfn, at, length),
            Parts = fields.IsEmpty
                ? [new Part(Subjects.Say("Part_bytes"), "", Writer.Both) { At = new Place(mfn, at, length) }]
                : [.. fields.Select(field => Part.Of(mfn, field))],
        };
    }

    /// <summary>The frontend with its private indices.</summary>
    public static Subject Front(Moment moment) => new()
    {
        Title = Subjects.SayOf(moment, "Title_front"),
        About = Subjects.SayOf(moment, "About_front"),
        Mark = Writer.Guest,
        Owner = Subjects.Say("Owner_guest", moment.Sides().Guest),
        Writes = Subjects.Say("Writes_private_front"),
        Name = "struct " + Prefix(moment) + "_front_ring",
        Value = Subjects.Say("Value_front", moment.Sides().ReqProdPvt, moment.Sides().RspCons),
        Parts = [.. Privates(moment).Where(part => part.Writer == Writer.Guest)],
    };

    /// <summary>The backend with its private indices and its copies of requests.</summary>
    public static Subject Back(Moment moment) => new()
    {
        Title = Subjects.SayOf(moment, "Title_back"),
        About = Subjects.SayOf(moment, "About_back"),
        Mark = Writer.Driver,
        Owner = Subjects.Say("Owner_driver", moment.Sides().Driver),
        Writes = Subjects.Say("Writes_private_back"),
        Name = "struct " + Prefix(moment) + "_back_ring",
        Value = Subjects.Say("Value_back", moment.Sides().ReqCons, moment.Sides().RspProdPvt),
        Parts =
        [
            .. Privates(moment).Where(part => part.Writer == Writer.Driver),
            new Part(Subjects.Say("Part_copies"), Subjects.Text(Copies(moment.Machine)), Writer.Driver)
            {
                Fact = m => Copies(m),
            },
        ],
    };

    private static RingLineView? Shown(Moment moment, int number) =>
        moment.Rings.FirstOrDefault(ring => ring.Shown && ring.Ring == number);

    private static readonly ImmutableArray<Field> Shared =
        [Ring.ReqProd, Ring.ReqEvent, Ring.RspProd, Ring.RspEvent];

    private static Part Header(Moment moment, Field field)
    {
        var mfn = moment.Sides().Ring;
        var value = moment.Machine.Frames[mfn].Page.Load(field.OffsetBytes, field.WidthBytes);
        return new Part(field.Name, Words.Decimal(value), field.Writer)
        {
            Cites = field.Citation.Replace("blkif", Prefix(moment), StringComparison.Ordinal),
            At = new Place(mfn, field.OffsetBytes, field.WidthBytes),
        };
    }

    private static ImmutableArray<Part> Privates(Moment moment)
    {
        var (sides, ring) = (moment.Sides(), moment.Ring);
        return
        [
            Of("req_prod_pvt", "front", sides.ReqProdPvt, Writer.Guest, s => s.ReqProdPvt),
            Of("rsp_cons", "front", sides.RspCons, Writer.Guest, s => s.RspCons),
            Of("req_cons", "back", sides.ReqCons, Writer.Driver, s => s.ReqCons),
            Of("rsp_prod_pvt", "back", sides.RspProdPvt, Writer.Driver, s => s.RspProdPvt),
        ];

        Part Of(string name, string side, RingIndex value, Writer writer, Func<RingSides, RingIndex> of) =>
            new(name, value.ToString(), writer)
            {
                Cites = $"io/ring.h {Prefix(moment)}_{side}_ring.{name}",
                Fact = m => of(RingSides.Of(m, ring)),
            };
    }

    private static string ValueOf(Moment moment, uint index) => Subjects.Say(
        "Value_index", index, new RingIndex(index).SlotIn(moment.Sides().Size));

    internal static string Prefix(Moment moment) => !Subjects.IsNetwork(moment) ? "blkif"
        : moment.Ring % 2 != 0 ? "netif_rx" : "netif_tx";

    private static string SlotName(Moment moment, SlotView slot)
    {
        var prefix = Prefix(moment);
        return slot.Operation == "EXTRA" ? "struct netif_extra_info"
            : slot.Kind == "free" ? $"union {prefix}_sring_entry"
            : $"struct {prefix}_{slot.Kind}";
    }

    private static int Copies(Machine machine) => machine.Back switch
    {
        BlkbackState back => back.Pending.Length,
        NetbackState back => back.Pending.Concat(back.Finished).Count(),
        _ => 0,
    };
}
