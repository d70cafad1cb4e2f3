namespace XenViz.Core.Projection;

/// <summary>One thing that a row touched, by the name that a person would look for.</summary>
/// <param name="Kind"><c>grant</c>, <c>port</c>, <c>slot</c>, <c>frame</c>, <c>handle</c>, <c>request</c>, <c>vcpu</c>,
/// <c>index</c>, <c>iommu</c>, <c>tlb</c>, <c>sector</c> or <c>xenstore</c>.</param>
/// <param name="Key">Which one: decimal, for frames hexadecimal with <c>0x</c> and small letters, a name for indices,
/// a path for xenstore.</param>
/// <param name="Field">The field or bit that was touched, or empty.</param>
/// <param name="Before">Its value before, as shown; empty when it has none.</param>
/// <param name="After">Its value now.</param>
public readonly record struct RowTouch(string Kind, string Key, string Field, string Before, string After)
{
    /// <summary>True when the row changed it.</summary>
    public bool Changes => Before != After;

    /// <summary>The thing and its field: <c>grant 42 flags</c>.</summary>
    public string Name
    {
        get
        {
            var thing = Key.Length == 0 ? Kind : Kind is "index" or "xenstore" ? Key : $"{Kind} {Key}";
            return Field.Length == 0 ? thing : $"{thing} {Field}";
        }
    }

    /// <summary>The thing and what became of it: <c>grant 42 flags 0x0005 → 0x000D</c>.</summary>
    public string Sentence => Changes ? $"{Name} {Or(Before)} → {Or(After)}"
        : After.Length > 0 ? $"{Name} = {After}"
        : Name;

    private static string Or(string value) => value.Length == 0 ? "–" : value;
}
