using System.Collections.Immutable;
using XenViz.Client.Packets;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;
using XenViz.Core.Projection.Packets;

namespace XenViz.Client.TextView;

/// <summary>One object explained, in the words of its card, as tables.</summary>
internal static class TextDetails
{
    /// <summary>Whose it is, its parts, and what else there is to say.</summary>
    public static ImmutableArray<TextTable> Of(DetailView detail)
    {
        var tables = ImmutableArray.CreateBuilder<TextTable>();
        tables.Add(new("details-facts", TextViewTexts.Details_Facts, [], [.. Facts(detail)]));
        tables.Add(new("details-parts", DetailTexts.Parts,
            [
                TextViewTexts.Details_Part, TextViewTexts.Bytes_Value, TextViewTexts.Bytes_Writer,
                TextViewTexts.Bytes_Offset, TextViewTexts.Details_Why,
            ],
            [.. detail.Parts.Select(part => Part(detail, part))], TextViewTexts.Details_NoParts));
        if (detail.Page is { Mfn: > 0 } page)
        {
            tables.AddRange(
                TextMachine.MemoryOf(page).Tables.Select(table => table with { Id = "details-" + table.Id }));
        }

        if (detail.Packet is { } packet)
        {
            tables.AddRange(PacketOf(packet));
        }

        return tables.ToImmutable();
    }

    /// <summary>The steps that led to a part, the last one first, each a jump.</summary>
    public static TextTable WhyOf(DetailView detail, DetailPartView part) => new(
        "details-why", $"{PanelTexts.Why_Title} {DetailTexts.Why_Of.With(part.Name, part.Value)}",
        [
            TextViewTexts.Now_Number, TextViewTexts.Timeline_Who, TextViewTexts.Timeline_What,
            TextViewTexts.Details_Because, TextViewTexts.Goto_Button,
        ],
        [
            .. FieldKey.Chain(detail.Steps, part.Changed).Select(step =>
                TextRow.Of(step.Number, step.Agent, step.Caption, step.Because) with
                {
                    Position = step.Position,
                    Action = TextViewTexts.Timeline_Go.With(step.Number, step.Position),
                }),
        ],
        PanelTexts.Why_Start);

    private static IEnumerable<TextRow> Facts(DetailView detail)
    {
        yield return TextRow.Of(DetailTexts.Owner, detail.Owner);
        yield return TextRow.Of(DetailTexts.Writes, detail.Writes);
        yield return TextRow.Of(DetailTexts.Where, detail.Mfn is { } mfn
            ? (detail.Length == 1 ? DetailTexts.Where_Byte : DetailTexts.Where_Place).With(
                Svg.Hex(mfn), Svg.Hex((ulong)detail.Offset, 3), Svg.Count(detail.Length))
            : detail.ByMessage ? DetailTexts.Where_Message : DetailTexts.Where_None);
        if (detail.Name.Length > 0)
        {
            yield return TextRow.Of(DetailTexts.Name, detail.Name);
        }
    }

    private static TextRow Part(DetailView detail, DetailPartView part) => TextRow.Of(
        part.Stale ? $"{part.Name}, {DetailTexts.Part_Stale}" : part.Name, part.Value, Words.WriterName(part.Writer),
        detail.ByMessage ? DetailTexts.By_Message
            : part.Mfn is null ? DetailTexts.Part_Hidden
            : Svg.Hex((ulong)part.Offset, 3)) with
    {
        Current = part.Changed > detail.Since,
        Part = part.Name,
        Action = TextViewTexts.Details_WhyOf.With(part.Name),
    };

    private static IEnumerable<TextTable> PacketOf(PacketView packet)
    {
        yield return new("details-pieces", PacketTexts.Pieces,
            [
                PacketTexts.Piece_Bytes, PacketTexts.Piece_Page, PacketTexts.Piece_At, PacketTexts.Piece_Slot,
                PacketTexts.Piece_Grant,
            ],
            [
                .. packet.Pieces.Select(piece => TextRow.Of(
                    PacketTexts.Piece_Range.With(piece.From, piece.From + piece.Bytes - 1),
                    $"{Svg.Hex(piece.Mfn)} {PacketTexts.Piece_Owner.With(piece.Owner)}",
                    Svg.Hex((ulong)piece.Offset, 3), $"{piece.Slot}", $"{piece.Ref}")),
            ],
            packet.Row.Where);
        yield return new("details-layers", PacketTexts.Layers,
            [
                TextViewTexts.Bytes_Offset, TextViewTexts.Details_Layer, TextViewTexts.Bytes_Field,
                TextViewTexts.Bytes_Value, TextViewTexts.Details_Meaning,
            ],
            [
                .. packet.Layers.SelectMany(layer => layer.Fields.Select(field => TextRow.Of(
                    Svg.Hex((ulong)field.Offset, 3), layer.Name, field.Name, field.Value, field.Meaning))),
            ]);
        yield return new("details-bytes", PacketTexts.Hex,
            [TextViewTexts.Bytes_Offset, TextViewTexts.Bytes_Bytes],
            [
                .. packet.Bytes.Chunk(32).Select((line, i) => TextRow.Of(
                    Svg.Hex((ulong)(i * 16), 3), string.Join(' ', line.Chunk(2).Select(pair => new string(pair))))),
            ]);
    }
}
