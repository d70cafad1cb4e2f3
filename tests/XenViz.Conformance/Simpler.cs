namespace XenViz.Conformance;

/// <summary>How FsCheck shortens a story that breaks a property: it tries the candidates in this order.</summary>
static class Simpler
{
    /// <summary>Stories with a part left out, large and late parts first; then with one act made simpler.</summary>
    public static IEnumerable<T[]> Stories<T>(T[] acts, Func<T, IEnumerable<T>> simpler)
    {
        for (var part = (acts.Length + 1) / 2; part > 0; part = part == 1 ? 0 : (part + 1) / 2)
        {
            for (var at = (acts.Length - 1) / part * part; at >= 0; at -= part)
            {
                yield return [.. acts[..at], .. acts[Math.Min(at + part, acts.Length)..]];
            }
        }

        for (var i = 0; i < acts.Length; i++)
        {
            foreach (var act in simpler(acts[i]))
            {
                T[] story = [.. acts];
                story[i] = act;
                yield return story;
            }
        }
    }
}
