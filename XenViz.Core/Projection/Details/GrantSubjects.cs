using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>Grant entries, and what Xen notes of mappings.</summary>
internal static class GrantSubjects
{
    /// <summary>An entry of the guest's table with Xen's pins; null beyond the table.</summary>
    public static Subject? Entry(Moment moment, GrantRef reference)
    {
        var machine = moment.Machine;
        var guest = machine.Guest();
        if (guest.GrantTable is not { } table || reference.Value >= GrantTable.EntryV1.PerFrame)
        {
            return null;
        }

        var entry = GrantProjector.Entry(machine, reference);
        var at = GrantTable.EntryV1.OffsetBytes(reference);
        var dead = (entry.Flags & GrantTable.Gtf.TypeMask) == 0;
        return new Subject
        {
            Title = Subjects.Say("Title_grant", reference),
            About = Subjects.Say(entry.Use switch { "ring" => "About_grant_ring", "data" => "About_grant_data",
                _ => "About_grant" }, entry.DomId),
            Mark = Writer.Guest,
            Owner = Subjects.Say("Owner_guest", guest.Id),
            Writes = Subjects.Say("Writes_grant"),
            Name = "struct grant_entry_v1",
            Value = dead
                ? Subjects.Say("Value_grant_none")
                : Subjects.Say("Value_grant", string.Join(", ", entry.FlagNames), entry.DomId, Words.Hex(entry.Frame)),
            At = new Place(table, at, GrantTable.EntryV1.SizeBytes),
            Parts =
            [
                Field(GrantTable.EntryV1.Flags, Words.Hex(entry.Flags, 4), false),
                Field(GrantTable.EntryV1.DomId, Subjects.Text(entry.DomId), dead && entry.DomId != 0),
                Field(GrantTable.EntryV1.Frame, Words.Hex(entry.Frame), dead && entry.Frame != 0),
                new Part("pin", Words.Hex(entry.Pins, 8), Writer.Xen)
                {
                    Cites = "grant_table.c active_grant_entry.pin",
                    Fact = m => m.Find(guest.Id)?.Active.GetValueOrDefault(reference.Value)?.Pins ?? 0,
                },
            ],
        };

        Part Field(Field field, string value, bool stale) => new(field.Name, value, field.Writer)
        {
            Cites = field.Citation, Stale = stale,
            At = new Place(table, at + field.OffsetBytes, field.WidthBytes),
        };
    }

    /// <summary>The driver domain's record of a grant, also while there is none.</summary>
    public static Subject MaptrackOf(Moment moment, GrantRef reference) =>
        GrantProjector.MaptrackOf(moment.Machine, reference) is { } view
            ? Mapping(moment, new GrantHandle(view.Handle))!
            : Record(moment, Subjects.Say("Title_maptrack"), null, m => HandleOf(m, reference), reference);

    /// <summary>A record by its handle; null when the handle is not in use.</summary>
    public static Subject? Mapping(Moment moment, GrantHandle handle)
    {
        var driver = moment.Machine.Driver().Id;
        return moment.Machine.Driver().Maptrack.Records.TryGetValue(handle.Value, out var record)
            ? Record(
                moment, Subjects.Say("Title_mapping", handle), record,
                m => m.Find(driver)?.Maptrack.Records.GetValueOrDefault(handle.Value), record.Ref)
            : null;
    }

    private static Subject Record(
        Moment moment, string title, MaptrackRecord? record, Func<Machine, object?> fact, GrantRef reference) => new()
    {
        Title = title,
        About = Subjects.Say("About_maptrack"),
        Mark = Writer.Xen,
        Owner = Subjects.Say("Owner_xen_for", moment.Machine.Driver().Id),
        Writes = Subjects.Say("Writes_xen"),
        Name = "struct grant_mapping",
        Value = record is null
            ? Subjects.Say("Value_maptrack_none", reference)
            : Subjects.Say(
                (record.Flags & GrantTable.Gntmap.ReadOnly) != 0 ? "Value_maptrack_ro" : "Value_maptrack_rw",
                record.Granter, record.Ref),
        Parts = record is null
            ? [new Part("ref", Subjects.Say("None"), Writer.Xen) { Fact = fact }]
            :
            [
                new Part("ref", record.Ref.ToString(), Writer.Xen)
                {
                    Cites = "grant_table.c grant_mapping.ref", Fact = fact,
                },
                new Part("domid", record.Granter.ToString(), Writer.Xen)
                {
                    Cites = "grant_table.c grant_mapping.domid", Fact = fact,
                },
                new Part("flags", Words.Hex(record.Flags), Writer.Xen)
                {
                    Cites = "grant_table.c grant_mapping.flags", Fact = fact,
                },
            ],
    };

    private static uint? HandleOf(Machine machine, GrantRef reference) =>
        GrantProjector.MaptrackOf(machine, reference)?.Handle;
}
