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
                        Writes = Subjects.Say($"Writes_field_{field.Writer}"), Name = field.Cites, Value = field.Value,
                        At = new Place(mfn, field.Offset, field.Length), Parts = [Part.Of(mfn, field)],
                    };
                }
            }
        }

        return null;
    }
}
