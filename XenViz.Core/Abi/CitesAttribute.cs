namespace XenViz.Core.Abi;

/// <summary>
/// Names the symbol of Xen or Linux that a piece of code stands for, so that a search works from either side.
/// </summary>
/// <param name="symbol">Header or source file, a space, the symbol: <c>io/ring.h RING_PUSH_REQUESTS</c>.</param>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class CitesAttribute(string symbol) : Attribute
{
    /// <summary>Header or source file, a space, the symbol. Never a line number.</summary>
    public string Symbol { get; } = symbol;
}
