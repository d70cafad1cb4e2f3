using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>What a thing that changed, or that differs, is called in little room.</summary>
internal static class ChangeNames
{
    /// <summary>The whole path of a xenstore node, since two domains have nodes of the same name; else null.</summary>
    /// <param name="id">As in <see cref="ChangeView.Id"/>.</param>
    public static string? Full(string id) =>
        id.StartsWith("xenstore.", StringComparison.Ordinal) ? id["xenstore.".Length..] : null;

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
            ["port", var domain, var port, var bit] => $"dom {domain} port {port} {bit}",
            ["front" or "back" or "ring", var index] => index,
            ["refs", var frame] => $"refs {(ulong.TryParse(frame, out var mfn) ? Svg.Hex(mfn) : frame)}",
            _ => string.Join(' ', parts),
        };
    }
}
