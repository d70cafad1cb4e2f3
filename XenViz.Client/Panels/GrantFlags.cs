using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>The parts of a version-1 grant entry's flags and of Xen's pin word, as the screen shows them.</summary>
public static class GrantFlags
{
    /// <summary>A part of the flags.</summary>
    /// <param name="Name">Xen's name without the prefix <c>GTF_</c>.</param>
    /// <param name="Bit">Its lowest bit.</param>
    /// <param name="Mask">Its bits.</param>
    /// <param name="Owner">The class of who writes it.</param>
    public sealed record Part(string Name, int Bit, int Mask, string Owner);

    /// <summary>The parts in bit order (<c>grant_table.h GTF_*</c>); the type takes bits 0 and 1.</summary>
    public static readonly ImmutableArray<Part> Parts =
    [
        new("type", 0, 0x3, Palette.Guest),
        new("readonly", 2, 0x4, Palette.Guest),
        new("reading", 3, 0x8, Palette.Xen),
        new("writing", 4, 0x10, Palette.Xen),
        new("", 5, 0xFFE0, Palette.Guest),
    ];

    /// <summary>The parts of an entry that accepts a page for good: bits 2 and 3 are Xen's there.</summary>
    public static readonly ImmutableArray<Part> TransferParts =
    [
        new("type", 0, 0x3, Palette.Guest),
        new("transfer_committed", 2, 0x4, Palette.Xen),
        new("transfer_completed", 3, 0x8, Palette.Xen),
        new("", 4, 0xFFF0, Palette.Guest),
    ];

    private const int AcceptTransfer = 2;

    /// <summary>The parts of flags, which depend on the type in them.</summary>
    /// <param name="flags">The flags.</param>
    public static ImmutableArray<Part> PartsOf(int flags) =>
        (flags & Parts[0].Mask) == AcceptTransfer ? TransferParts : Parts;

    /// <summary>The owner's class of a flag by its name.</summary>
    public static string OwnerOf(string flag) => IsXens(flag) ? Palette.Xen : Palette.Guest;

    /// <summary>True for a flag that Xen writes.</summary>
    /// <param name="flag">Its name.</param>
    public static bool IsXens(string flag) =>
        flag is "reading" or "writing" or "transfer_committed" or "transfer_completed";

    /// <summary>One of the four 8-bit counters of the pin word.</summary>
    /// <param name="pins">The word.</param>
    /// <param name="index">0 host write, 1 host read, 2 device write, 3 device read.</param>
    public static int Pin(uint pins, int index) => (int)((pins >> (8 * index)) & 0xFF);

    /// <summary>Reads a value as a change shows it: decimal, or hexadecimal after <c>0x</c>.</summary>
    /// <returns>Null when it is no number.</returns>
    public static uint? Number(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? Parse(text.AsSpan(2), NumberStyles.HexNumber)
            : Parse(text, NumberStyles.None);

    /// <summary>The change of a thing, or null when it did not change.</summary>
    /// <param name="changes">What the last visible micro-step changed.</param>
    /// <param name="id">The thing's id.</param>
    public static ChangeView? Of(this ImmutableArray<ChangeView> changes, string id)
    {
        foreach (var change in changes)
        {
            if (change.Id == id)
            {
                return change;
            }
        }

        return null;
    }

    private static uint? Parse(ReadOnlySpan<char> digits, NumberStyles style) =>
        uint.TryParse(digits, style, CultureInfo.InvariantCulture, out var value) ? value : null;
}
