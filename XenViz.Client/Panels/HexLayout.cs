using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Where bytes, field boxes and field names stand: sixteen bytes a row in four groups of four.</summary>
public static class HexLayout
{
    /// <summary>The width of the drawing.</summary>
    public const double Width = 408;

    /// <summary>The width of one byte.</summary>
    public const double Byte = 21.2;

    private const double LabelAdvance = 7.6;
    private const double Gap = 5;

    /// <summary>A row of sixteen bytes, or a run of zero rows.</summary>
    /// <param name="Offset">Offset in the frame of its first byte.</param>
    /// <param name="Zeros">0, or how many zero bytes are folded here.</param>
    /// <param name="Boxes">The pieces of fields in it.</param>
    /// <param name="LabelLines">How many lines the field names below take.</param>
    public sealed record Row(int Offset, int Zeros, ImmutableArray<Box> Boxes, int LabelLines);

    /// <summary>A piece of a field in one row.</summary>
    /// <param name="From">First column, 0 to 15.</param>
    /// <param name="To">Last column.</param>
    /// <param name="Field">The field.</param>
    /// <param name="Label">Its text, or empty when an earlier row has it.</param>
    /// <param name="Line">The line of the label, from 0.</param>
    /// <param name="LabelX">Where the label begins.</param>
    public sealed record Box(int From, int To, HexFieldView Field, string Label, int Line, double LabelX);

    /// <summary>The left edge of a column.</summary>
    /// <param name="column">0 to 16.</param>
    public static double X(int column) => 49 + (column / 4 * 90) + (column % 4 * Byte);

    /// <summary>Lays an area out; whole rows of zeros without a change are folded
    /// when they have no names, or are entries of the grant table that nobody uses.</summary>
    /// <param name="area">The area.</param>
    /// <param name="mostRows">Most rows to lay out.</param>
    public static ImmutableArray<Row> Rows(HexAreaView area, int mostRows)
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        var length = area.Bytes.Length / 2;
        var at = 0;
        while (at < length && rows.Count < mostRows)
        {
            var end = at;
            while (end < length && IsFolded(area, end, Math.Min(end + 16, length)))
            {
                end = Math.Min(end + 16, length);
            }

            if (end > at)
            {
                rows.Add(new Row(area.Offset + at, end - at, [], 0));
                at = end;
                continue;
            }

            rows.Add(Build(area, at, Math.Min(at + 16, length)));
            at += 16;
        }

        return rows.ToImmutable();
    }

    private static bool IsFolded(HexAreaView area, int from, int to)
    {
        for (var i = from * 2; i < to * 2; i++)
        {
            if (area.Bytes[i] != '0')
            {
                return false;
            }
        }

        return from > 0 && to > from
            && (area.Id == "grants" || !area.Fields.Any(field => field.Name.Length > 0 && IsIn(field.Offset)))
            && !area.Changed.Any(IsIn);

        bool IsIn(int offset) => offset >= area.Offset + from && offset < area.Offset + to;
    }

    private static Row Build(HexAreaView area, int from, int to)
    {
        var boxes = new List<Box>();
        var taken = new List<List<(double From, double To)>>();
        // From the right: the line down from a field then passes left of all labels that stand above its own.
        foreach (var field in area.Fields.Reverse())
        {
            var start = field.Offset - area.Offset;
            if (start >= to || start + field.Length <= from)
            {
                continue;
            }

            var first = Math.Max(start, from) - from;
            var last = Math.Min(start + field.Length, to) - from - 1;
            var label = start >= from ? Label(field) : "";
            var width = label.Length * LabelAdvance;
            var x = Math.Max(X(0), Math.Min(X(first), Width - width));
            boxes.Add(new Box(first, last, field, label, label.Length > 0 ? Take(taken, x, x + width) : 0, x));
        }

        boxes.Reverse();
        return new Row(area.Offset + from, 0, [.. boxes], taken.Count);
    }

    // The first line on which this stretch is free.
    private static int Take(List<List<(double From, double To)>> taken, double from, double to)
    {
        var line = 0;
        while (line < taken.Count && taken[line].Any(other => from < other.To + Gap && other.From < to + Gap))
        {
            line++;
        }

        if (line == taken.Count)
        {
            taken.Add([]);
        }

        taken[line].Add((from, to));
        return line;
    }

    private static string Label(HexFieldView field)
    {
        var text = field.Value.Length == 0 ? field.Name : field.Name + " " + field.Value;
        return text.Length <= 44 ? text : text[..43] + "…";
    }
}
