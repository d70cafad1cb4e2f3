using System.Text.Json;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>All that a grant trace can see of a world, as rows: a kind, a key and a value each.</summary>
sealed class GrantRows(Dictionary<(string Kind, ulong Key, ulong At), string> rows)
{
    Dictionary<ulong, byte[]> _memory = [];

    /// <summary>The rows of a world as it is.</summary>
    public static GrantRows Of(GrantWorld world)
    {
        var rows = new Dictionary<(string, ulong, ulong), string>();
        foreach (var domain in world.Domains)
        {
            if (domain.IsGone)
            {
                rows[("gone", domain.Id.Value, 0)] = $"{domain.Id.Value}";
            }
            else
            {
                Add(rows, domain);
            }
        }

        foreach (var id in world.Crashed)
        {
            rows[("crashed", id.Value, 0)] = $"{id.Value}";
        }

        foreach (var page in world.Pages.Values)
        {
            var type = page.IsPageTable ? ",\"pagetable\"" : "";
            var owner = page.Owner is { } own ? $"{own.Id.Value}" : "null";
            var references = page.Owner is null ? 0 : page.References;
            rows[("pages", page.Mfn, 0)] = $"[{page.Mfn},{owner},{references},{page.TypeCount}{type}]";
        }

        return new GrantRows(rows)
        {
            _memory = world.Pages.Values.Where(page => !page.IsUntouched)
                .ToDictionary(page => page.Mfn, page => page.Bytes.ToArray()),
        };
    }

    /// <summary>What differs between what changed since <paramref name="before"/> and what the line says.</summary>
    public IEnumerable<string> Differ(GrantRows before, JsonElement after, bool hideMemory)
    {
        var expected = Told(after);
        var changed = new HashSet<string>();
        foreach (var (key, value) in rows)
        {
            if (before.Get(key) != value && !IsNothing(key.Kind, value, before.Get(key)))
            {
                changed.Add($"{key.Kind} {value}");
            }
        }

        foreach (var (key, value) in before._Rows.Where(row => !rows.ContainsKey(row.Key)))
        {
            if (Vanished(key, value) is { } gone)
            {
                changed.Add($"{key.Kind} {gone}");
            }
        }

        if (!hideMemory)
        {
            changed.UnionWith(Written(before));
        }

        // After a change of version all entries are forgotten: those that are not zero are listed.
        foreach (var key in rows.Keys.Where(key => key.Kind == "version" && before.Get(key) != rows[key]))
        {
            changed.RemoveWhere(row => IsEntryOf(row, key.Key));
            changed.UnionWith(rows.Where(row => row.Key.Kind is "entries" or "status" && row.Key.Key == key.Key
                && !IsZero(row.Value)).Select(row => $"{row.Key.Kind} {row.Value}"));
        }

        return Compare(expected, changed);
    }

    /// <summary>What differs from the complete state at the end.</summary>
    public IEnumerable<string> DifferFinal(GrantWorld world, JsonElement final)
    {
        var own = rows.Where(row => row.Key.Kind switch
        {
            "gone" or "crashed" => false,
            "pages" => !row.Value.Contains("null", StringComparison.Ordinal),
            "pins" => !row.Value.EndsWith(",-1]", StringComparison.Ordinal),
            "entries" or "status" => !IsZero(row.Value),
            "handles" => !world.Domains.Single(domain => domain.Id.Value == row.Key.Key).IsDying,
            _ => true,
        }).Select(row => $"{row.Key.Kind} {row.Value}").ToHashSet();
        return Compare(Told(final), own);
    }

    Dictionary<(string Kind, ulong Key, ulong At), string> _Rows => rows;

    static IEnumerable<string> Compare(HashSet<string> expected, HashSet<string> own)
    {
        foreach (var missing in expected.Except(own).Order(StringComparer.Ordinal))
        {
            yield return $"expected {missing}";
        }

        foreach (var extra in own.Except(expected).Order(StringComparer.Ordinal))
        {
            yield return $"not expected {extra}";
        }
    }

    static HashSet<string> Told(JsonElement after)
    {
        var told = new HashSet<string>();
        foreach (var kind in after.EnumerateObject())
        {
            foreach (var row in kind.Value.EnumerateArray())
            {
                told.Add($"{kind.Name} {row.GetRawText().Replace(" ", "", StringComparison.Ordinal)}");
            }
        }

        return told;
    }

    static void Add(Dictionary<(string, ulong, ulong), string> rows, GrantDomain domain)
    {
        var id = (ulong)domain.Id.Value;
        rows[("version", id, 0)] = $"[{id},{domain.Version}]";
        rows[("frames", id, 0)] = $"[{id},{domain.GrantFrames},{domain.StatusFrames}]";
        rows[("handles", id, 0)] = $"[{id},{domain.Handles.InUse},{domain.Handles.Allocated}]";
        for (uint reference = 0; reference < domain.EntryCount; reference++)
        {
            if (domain.Entry(reference).ContainsAnyExcept((byte)0))
            {
                var hex = Convert.ToHexStringLower(domain.Entry(reference));
                rows[("entries", id, reference)] = $"[{id},{reference},\"{hex}\"]";
            }

            if (domain.Version == 2 && domain.Status[(int)reference] != 0)
            {
                rows[("status", id, reference)] = $"[{id},{reference},{domain.Status[(int)reference]}]";
            }

            if (domain.Active(reference) is { Pin: not 0 and var pin } active)
            {
                rows[("pins", id, reference)] = $"[{id},{reference},{pin & 0xFF},{(pin >> 8) & 0xFF},"
                    + $"{(pin >> 16) & 0xFF},{pin >> 24},{active.Grantee}]";
            }
        }

        foreach (var (page, place) in domain.Places)
        {
            var mfn = place.Page is { } leads ? $"{leads.Mfn}" : "\"xen\"";
            if (domain.IsPv)
            {
                var access = place.Kind == PlaceKind.GrantReadOnly ? "ro" : "rw";
                rows[("pte", id, page)] = $"[{id},{page},{mfn},\"{access}\"]";
            }
            else
            {
                var kind = place.Kind switch
                {
                    PlaceKind.GrantReadOnly => "grant-ro", PlaceKind.GrantWritable => "grant-rw", _ => "ram",
                };
                rows[("physmap", id, page)] = $"[{id},{page},{mfn},\"{kind}\"]";
            }
        }
    }

    string? Get((string, ulong, ulong) key) => rows.GetValueOrDefault(key);

    static bool IsNothing(string kind, string value, string? before) =>
        kind is "pages" && before is null && value.Contains("null", StringComparison.Ordinal);

    // A row that is there no more: zeros, or null, in the shape of its kind. A domain that is gone has none.
    string? Vanished((string Kind, ulong Key, ulong At) key, string value)
    {
        if (rows.ContainsKey(("gone", key.Key, 0)) && key.Kind is not "pages")
        {
            return null;
        }

        return key.Kind switch
        {
            "entries" => $"[{key.Key},{key.At},\"{new string('0', value.Split('"')[1].Length)}\"]",
            "status" => $"[{key.Key},{key.At},0]",
            "pins" => $"[{key.Key},{key.At},0,0,0,0,-1]",
            "pte" or "physmap" => $"[{key.Key},{key.At},null]",
            _ => null,
        };
    }

    IEnumerable<string> Written(GrantRows before)
    {
        foreach (var (mfn, bytes) in _memory)
        {
            var old = before._memory.GetValueOrDefault(mfn) ?? new byte[bytes.Length];
            for (var at = bytes.AsSpan().CommonPrefixLength(old); at < bytes.Length;)
            {
                var end = at;
                while (end < bytes.Length && bytes[end] != old[end])
                {
                    end++;
                }

                yield return $"mem [{mfn},{at},\"{Convert.ToHexStringLower(bytes.AsSpan(at, end - at))}\"]";
                at = end + bytes.AsSpan(end).CommonPrefixLength(old.AsSpan(end));
            }
        }
    }

    static bool IsEntryOf(string row, ulong domain) =>
        row.StartsWith($"entries [{domain},", StringComparison.Ordinal)
        || row.StartsWith($"status [{domain},", StringComparison.Ordinal);

    static bool IsZero(string row) => row.Split(',')[2].Trim('"', ']').All(c => c == '0');
}
