using System.Collections.Immutable;
using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>What a thing that changed, or that differs, is called in little room.</summary>
internal static class ChangeNames
{
    /// <summary>The whole path of a xenstore node, since two domains have nodes of the same name; else null.</summary>
    /// <param name="id">As in <see cref="ChangeView.Id"/>.</param>
    public static string? Full(string id) =>
        id.StartsWith("xenstore.", StringComparison.Ordinal) ? id["xenstore.".Length..] : null;

    /// <summary>The changes to tell: each thing once, though two ports of a vCPU share its upcall.</summary>
    /// <param name="changes">All changes.</param>
    public static ImmutableArray<ChangeView> Told(ImmutableArray<ChangeView> changes) =>
        [.. changes.DistinctBy(change => change.Id.Split('.') is ["port", var domain, _, "upcall"]
            ? "upcall." + domain
            : change.Id)];

    /// <summary>Its name: <c>ring.req_prod</c> is known by its last word, <c>grant.9.flags</c> by all.</summary>
    /// <param name="id">As in <see cref="ChangeView.Id"/>.</param>
    public static string Of(string id)
    {
        if (Full(id) is { } path)
        {
            return path[(path.LastIndexOf('/') + 1)..];
        }

        var parts = id.Split('.');
        return parts switch
        {
            ["grant", var reference, var field] => $"grant {reference} {field}",
            ["pin", var reference] => PanelTexts.Change_Pins.With(reference),
            ["port", var domain, _, "upcall"] => PanelTexts.Change_Upcall.With(domain),
            ["port", var domain, var port, var bit] => $"dom {domain} port {port} {bit}",
            ["vcpu", var domain] => PanelTexts.Change_Vcpu.With(domain),
            ["mapping", var handle] => PanelTexts.Change_Mapping.With(handle),
            ["back", "copy"] => PanelTexts.Change_Copy,
            ["data"] => PanelTexts.Change_Data,
            ["dma"] => PanelTexts.Change_Dma,
            ["iommu"] => "IOMMU",
            ["tlb"] => PanelTexts.Change_Tlb,
            ["pte"] => PanelTexts.Change_Window,
            ["front" or "back" or "ring", var index] => index,
            ["refs", var frame] =>
                PanelTexts.Change_Refs.With(ulong.TryParse(frame, out var mfn) ? Svg.Hex(mfn) : frame),
            _ => string.Join(' ', parts),
        };
    }
}
