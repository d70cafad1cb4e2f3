using System.Collections.Immutable;
using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>What a thing that changed, or that differs, is called in little room.</summary>
internal static class ChangeNames
{
    private const int LongestValue = 44;

    /// <summary>The changes to tell: the upcall flag is the vCPU's, and every port of a domain has it as its own, so it
    /// is told once.</summary>
    /// <param name="changes">All of them.</param>
    public static ImmutableArray<ChangeView> Told(ImmutableArray<ChangeView> changes) =>
        [.. changes.DistinctBy(change => Upcall(change.Id) ?? change.Id)];

    /// <summary>The whole path of a xenstore node, since two domains have nodes of the same name; else null.</summary>
    /// <param name="id">As in <see cref="ChangeView.Id"/>.</param>
    public static string? Full(string id) =>
        id.StartsWith("xenstore.", StringComparison.Ordinal) ? id["xenstore.".Length..] : null;

    /// <summary>All that there is to say of a change, for who points at it.</summary>
    /// <param name="change">The change.</param>
    /// <param name="device">As in <see cref="StageView.Device"/>.</param>
    public static string Whole(ChangeView change, string device) => change.Before.Length == 0
        ? $"{Full(change.Id) ?? Of(change.Id, device)}: {Value(change.After)}"
        : $"{Full(change.Id) ?? Of(change.Id, device)}: {change.Before} → {Value(change.After)}";

    /// <summary>A value, or the word for none.</summary>
    /// <param name="value">As in <see cref="ChangeView"/>.</param>
    public static string Value(string value) => value.Length == 0 ? Texts.Change_Nothing : value;

    /// <summary>A value in the room of a chip: the rest is told by <see cref="Whole"/>.</summary>
    /// <param name="value">As in <see cref="ChangeView"/>.</param>
    public static string Short(string value) =>
        value.Length > LongestValue ? value[..(LongestValue - 1)] + "…" : Value(value);

    /// <summary>Its name: <c>ring.req_prod</c> is known by its last word, <c>grant.9.flags</c> by all.</summary>
    /// <param name="id">As in <see cref="ChangeView.Id"/>.</param>
    /// <param name="device">As in <see cref="StageView.Device"/>.</param>
    public static string Of(string id, string device = "disk")
    {
        if (Full(id) is { } path)
        {
            return path[(path.LastIndexOf('/') + 1)..];
        }

        var parts = id.Split('.');
        return parts switch
        {
            ["grant", var reference, var field] => Texts.Change_grant.With(reference, field),
            ["port", var domain, _, "upcall"] => Texts.Change_upcall.With(domain),
            ["port", var domain, var port, var bit] => Texts.Change_port.With(domain, port, bit),
            ["queue", var domain, var queue, var bit] => Texts.Change_queue.With(domain, queue, bit),
            ["back", "copy"] => Texts.Change_copy,
            ["front" or "back" or "ring", var index] => index,
            ["refs", var frame] => Texts.Change_refs.With(ulong.TryParse(frame, out var mfn) ? Svg.Hex(mfn) : frame),
            ["mapping", var handle] => Texts.Change_mapping.With(handle),
            ["slot", var slot] => Texts.Change_slot.With(slot),
            ["pin", var reference] => Texts.Change_pin.With(reference),
            ["vcpu", var domain] => Texts.Change_vcpu.With(domain),
            ["data"] => Texts.Change_data,
            ["own-page"] => Texts.Change_own,
            ["disk"] => device == "disk" ? Texts.Change_disk : Texts.Change_wire,
            ["dma"] => Texts.Change_dma,
            ["pte"] => Texts.Change_pte,
            ["tlb"] => Texts.Change_tlb,
            ["iommu"] => Texts.Change_iommu,
            _ => string.Join(' ', parts),
        };
    }

    private static string? Upcall(string id) =>
        id.Split('.') is ["port", var domain, _, "upcall"] ? "upcall." + domain : null;
}
