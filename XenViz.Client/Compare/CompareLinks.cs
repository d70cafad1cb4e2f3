namespace XenViz.Client.Compare;

/// <summary>Addresses of two runs beside each other.</summary>
internal static class CompareLinks
{
    /// <summary>The address.</summary>
    /// <param name="left">A link (<c>/?...</c>) or its query.</param>
    /// <param name="right">The other.</param>
    public static string Of(string left, string right) =>
        $"/compare?a={Uri.EscapeDataString(Query(left))}&b={Uri.EscapeDataString(Query(right))}";

    private static string Query(string link) => link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..];
}
