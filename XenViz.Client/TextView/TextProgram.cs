using System.Collections.Immutable;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.TextView;

/// <summary>Listings, bytes and costs as tables.</summary>
internal static class TextProgram
{
    /// <summary>The listings in which somebody stands or just ran, and the one shared access.</summary>
    public static TextSection CodeOf(CodeView code)
    {
        var tables = new List<TextTable>();
        if (code.Access is { } access)
        {
            tables.Add(new("access", TextViewTexts.Code_Access,
                [
                    TextViewTexts.Code_Kind, TextViewTexts.Code_Place, TextViewTexts.Change_Before,
                    TextViewTexts.Change_After, TextViewTexts.Code_Cites,
                ],
                [TextRow.Of(Words.Kind(access.Kind), access.Place, access.Before, access.After, access.Cites)]));
        }
        else
        {
            tables.Add(new("access", TextViewTexts.Code_Access, [], [], PanelTexts.Code_AccessNone));
        }

        tables.AddRange(code.Listings
            .Where(listing => IsInUse(code, listing)).Select(listing => Listing(code, listing)));
        if (tables.Count == 1)
        {
            tables.Add(new("code-none", "", [], [], TextViewTexts.Code_None));
        }

        return new("code", TextViewTexts.Code, [.. tables]);
    }

    /// <summary>Every field on show, with its bytes in memory order.</summary>
    public static TextSection BytesOf(HexView bytes) => new("bytes", TextViewTexts.Bytes, bytes.Areas.IsEmpty
        ? [new("bytes-none", "", [], [], TextViewTexts.Bytes_None)]
        : [.. bytes.Areas.Select(Area)]);

    /// <summary>What was counted, and what it costs by step.</summary>
    public static TextSection CostOf(CostView cost) => new("cost", TextViewTexts.Cost,
    [
        new("counters", CostTexts.Booked,
            [TextViewTexts.Cost_Counter, CostTexts.SoFar, CostTexts.ToEnd],
            [.. cost.Counters.Select(each => TextRow.Of(
                each.Name, Count(each.Now, each.IsBytes), Count(each.End, each.IsBytes)) with
            {
                Current = each.Now != each.Before,
            })],
            CostTexts.None),
        new("bill", $"{CostTexts.Rows}, {CostTexts.Unit}",
            [CostTexts.Row_Number, CostTexts.Row_What, CostTexts.SoFar, CostTexts.ToEnd],
            [.. cost.Rows.Select(row => TextRow.Of(
                row.Number, row.OffPath ? $"{row.Name}, {CostTexts.OffPath}" : row.Name, Svg.Count(row.SoFar),
                Svg.Count(row.ToEnd)) with
            {
                Current = row.Current,
            }).Concat(Sums(cost))],
            CostTexts.None),
    ]);

    private static TextRow[] Sums(CostView cost) => cost.Rows.IsEmpty ? [] :
    [
        TextRow.Of(CostTexts.Sum, "", Svg.Count(cost.SoFar), Svg.Count(cost.ToEnd)),
        TextRow.Of(CostTexts.Critical, "", Svg.Count(cost.CriticalSoFar), Svg.Count(cost.CriticalToEnd)),
    ];

    private static string Count(long value, bool bytes) =>
        bytes ? CostTexts.Bytes.With(Svg.Count(value)) : Svg.Count(value);

    private static bool IsInUse(CodeView code, ListingView listing) => code.Cursors.Any(cursor =>
        cursor.Listing == listing.Id || (cursor.JustRan && cursor.RanListing == listing.Id));

    private static TextTable Listing(CodeView code, ListingView listing)
    {
        var where = code.Cursors.FirstOrDefault(cursor => cursor.Listing == listing.Id) is { } at
            ? at.State switch
            {
                "ready" => PanelTexts.Code_ready.With(at.Number),
                "waiting" => PanelTexts.Code_waiting.With(at.Number),
                _ => PanelTexts.Code_finished,
            }
            : "";
        var caption = (where.Length > 0 ? TextViewTexts.Code_CaptionAt : TextViewTexts.Code_Caption)
            .With(Words.Lane(listing.Lane), listing.Title, where);
        return new("listing-" + listing.Id, caption,
            [TextViewTexts.Code_Line, TextViewTexts.Code_Mark, TextViewTexts.Code_Text, TextViewTexts.Code_Cites],
            [.. listing.Rows.Select((row, i) => Row(code, listing, row, i))]);
    }

    private static TextRow Row(CodeView code, ListingView listing, ListingRowView row, int index)
    {
        var ran = code.Cursors.Any(cursor =>
            cursor.JustRan && cursor.RanListing == listing.Id && cursor.RanRow == index);
        var next = code.Cursors.FirstOrDefault(cursor => cursor.Listing == listing.Id && cursor.Row == index);
        var mark = ran ? TextViewTexts.Code_Ran
            : next is null ? ""
            : next.State == "waiting" ? TextViewTexts.Code_Waits : TextViewTexts.Code_Next;
        return TextRow.Of($"{index + 1}", mark, row.Text, row.Cites) with { Current = ran };
    }

    private static TextTable Area(HexAreaView area) => new(
        "bytes-" + area.Id, TextViewTexts.Bytes_Caption.With(area.Title, Svg.Hex(area.Mfn)),
        [
            TextViewTexts.Bytes_Offset, TextViewTexts.Bytes_Field, TextViewTexts.Bytes_Bytes,
            TextViewTexts.Bytes_Value, TextViewTexts.Bytes_Writer,
        ],
        area.Fields.IsEmpty ? Lines(area) : [.. area.Fields.Select(field => Field(area, field))]);

    private static TextRow Field(HexAreaView area, HexFieldView field) => TextRow.Of(
        Svg.Hex((ulong)field.Offset, 3),
        field.Stale ? $"{field.Name}, {TextViewTexts.Bytes_Left}" : field.Name,
        Digits(area, field.Offset, field.Length), field.Value, Words.WriterName(field.Writer)) with
    {
        Current = area.Changed.Any(at => at >= field.Offset && at < field.Offset + field.Length),
    };

    // Bytes without fields (a page of data) go sixteen to a row.
    private static ImmutableArray<TextRow> Lines(HexAreaView area) =>
    [
        .. Enumerable.Range(0, (area.Bytes.Length + 31) / 32).Select(line => area.Offset + (line * 16))
            .Select(at => TextRow.Of(Svg.Hex((ulong)at, 3), "", Digits(area, at, 16), "", "") with
            {
                Current = area.Changed.Any(changed => changed >= at && changed < at + 16),
            }),
    ];

    private static string Digits(HexAreaView area, int offset, int length)
    {
        var from = (offset - area.Offset) * 2;
        var to = Math.Min(area.Bytes.Length, from + (length * 2));
        return from < 0 || from >= to
            ? ""
            : string.Join(' ', area.Bytes[from..to].Chunk(2).Select(pair => new string(pair)));
    }
}
