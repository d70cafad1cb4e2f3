namespace XenViz.Tidy.Tests;

internal static class Complaints
{
    /// <summary>Fails with every complaint on a line of its own, so that all are mended at once.</summary>
    public static void AssertNone(IEnumerable<string> complaints)
    {
        var all = complaints.ToList();
        Assert.True(all.Count == 0, $"{all.Count} complaints:\n{string.Join('\n', all)}");
    }
}
