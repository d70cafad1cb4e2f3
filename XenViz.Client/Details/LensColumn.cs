using System.Collections.Immutable;
using System.Globalization;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.Details;

/// <summary>How one party reaches a frame.</summary>
/// <param name="Owner">Whose way it is, from <see cref="Palette"/>.</param>
/// <param name="Who">Who, in a word.</param>
/// <param name="Domain">Its domain, or empty.</param>
/// <param name="State"><c>own</c>, <c>mapped</c>, <c>stale</c> or <c>none</c>.</param>
/// <param name="Address">The address of the frame's first byte, or null without a way.</param>
/// <param name="Note">What kind of address it is, or why there is none.</param>
/// <param name="Writable">True when the party may write.</param>
public sealed record LensColumn(
    string Owner, string Who, string Domain, string State, ulong? Address, string Note, bool Writable)
{
    /// <summary>The three ways to a frame, as the model has them.</summary>
    public static ImmutableArray<LensColumn> Of(PageMapView page) => [Guest(page), Driver(page), Device(page)];

    private static LensColumn Guest(PageMapView page)
    {
        var (who, dom) = (DetailTexts.Lens_Guest, DetailTexts.Lens_Domain.With(page.Guest));
        return page.Owner == page.Guest
            ? new(Palette.Guest, who, dom, "own", page.GuestPfn << 12, DetailTexts.Lens_Own, true)
            : new(Palette.Guest, who, dom, "none", null, DetailTexts.Lens_NotGuest, false);
    }

    private static LensColumn Driver(PageMapView page)
    {
        var (who, dom) = (DetailTexts.Lens_Driver, DetailTexts.Lens_Domain.With(page.Driver));
        if (page.Owner == page.Driver)
        {
            return new(Palette.Driver, who, dom, "own", page.GuestPfn << 12, DetailTexts.Lens_Own, true);
        }

        return page.Backend is not { } window
            ? new(Palette.Driver, who, dom, "none", null, DetailTexts.Lens_NotMapped, false)
            : window.Stale
                ? new(
                    Palette.Driver, who, dom, "stale", Number(window.Address), DetailTexts.Lens_StaleNote,
                    window.Writable)
                : new(
                    Palette.Driver, who, dom, "mapped", Number(window.Address), Right(window.Writable),
                    window.Writable);
    }

    // Bus and machine addresses are the same number here; which of the two it is, the mode says.
    private static LensColumn Device(PageMapView page)
    {
        var who = DetailTexts.Lens_Device;
        return page.IommuMode == "off"
            ? new(Palette.Hardware, who, "", "mapped", page.Mfn << 12, DetailTexts.Lens_Machine, true)
            : page.Device is not { } entry
                ? new(Palette.Hardware, who, "", "none", null, DetailTexts.Lens_NotInIommu, false)
                : new(
                    Palette.Hardware, who, "", "mapped", entry.Dfn << 12,
                    page.IommuMode == "dom0-relaxed" ? DetailTexts.Lens_All : Right(entry.Writable), entry.Writable);
    }

    private static string Right(bool writable) =>
        writable ? DetailTexts.Lens_ReadWrite : DetailTexts.Lens_ReadOnly;

    private static ulong? Number(string address) =>
        ulong.TryParse(
            address.AsSpan(address.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The address as text; empty without one.</summary>
    public string Text => Address is { } address ? Svg.Hex(address) : "";
}
