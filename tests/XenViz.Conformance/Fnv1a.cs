namespace XenViz.Conformance;

/// <summary>The 32-bit FNV-1a checksum that the traces use.</summary>
static class Fnv1a
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * 16777619u);
        }

        return hash;
    }
}
