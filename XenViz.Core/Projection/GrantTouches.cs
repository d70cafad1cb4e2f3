using System.Buffers.Binary;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Events;

namespace XenViz.Core.Projection;

/// <summary>Which fields of a grant entry an access touched.</summary>
internal static class GrantTouches
{
    private static readonly (Field Field, string Digits, string Prefix)[] Fields =
    [
        (GrantTable.EntryV1.Flags, "X4", "0x"), (GrantTable.EntryV1.DomId, "D", ""),
        (GrantTable.EntryV1.Frame, "X", "0x"),
    ];

    /// <summary>The fields. Xen takes flags and domid in one atomic step of 32 bits: they are two all the
    /// same.</summary>
    public static IEnumerable<RowTouch> Of(MachineEvent.Accessed access)
    {
        var (entry, at) = Math.DivRem(access.Offset, GrantTable.EntryV1.SizeBytes);
        foreach (var (field, digits, prefix) in Fields)
        {
            var from = field.OffsetBytes - at;
            if (from >= 0 && from + field.WidthBytes <= access.After.Length)
            {
                yield return new RowTouch(
                    "grant", entry.ToString(CultureInfo.InvariantCulture), field.Name,
                    Text(access.Before), Text(access.After));
            }

            string Text(byte[] bytes)
            {
                Span<byte> whole = stackalloc byte[4];
                whole.Clear();
                bytes.AsSpan(from, field.WidthBytes).CopyTo(whole);
                return prefix + BinaryPrimitives.ReadUInt32LittleEndian(whole)
                    .ToString(digits, CultureInfo.InvariantCulture);
            }
        }
    }
}
