using XenViz.Core.Abi;

namespace XenViz.Core.Projection.Details;

/// <summary>The fields of the Bytes tab.</summary>
internal static class FieldSubjects
{
    /// <summary>The field with these bytes, or null when the tab shows none there.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="offset">The first byte's offset in it.</param>
    /// <param name="length">How many bytes.</param>
    public static Subject? Of(Moment moment, ulong frame, ulong offset, ulong length)
    {
        var machine = moment.Machine;
        foreach (var area in HexProjector.Of(moment).Areas.Where(area => area.Mfn == frame))
        {
            foreach (var field in area.Fields)
            {
                if ((ulong)field.Offset == offset && (ulong)field.Length == length)
                {
                    var mfn = new Mfn(frame);
                    return new Subject
                    {
                        Title = field.Name, About = Subjects.Say("About_field", area.Title), Mark = field.Writer,
                        Owner = Subjects.Owner(machine, machine.Frames[mfn].Owner),
                        Writes = Subjects.Say(WritesOf(area.Id, field)), Name = field.Cites, Value = field.Value,
                        At = new Place(mfn, field.Offset, field.Length), Parts = [Part.Of(mfn, field)],
                    };
                }
            }
        }

        return null;
    }

    // Slots are written by both ends of a ring, event words by a domain and Xen.
    private static string WritesOf(string area, HexFieldView field) =>
        field.Writer == Writer.Both && area.Split('-')[0] is "events" or "pending" or "control" or "words"
            ? "Writes_field_Shared"
            : $"Writes_field_{field.Writer}";
}
