using System.Text.Json;

namespace XenViz.Core.Tests.Abi;

/// <summary>The measured layout of Xen's public headers (<c>Data/layout.json</c>), by symbol.</summary>
sealed class Layout
{
    readonly JsonElement _root;

    Layout(JsonElement root) => _root = root;

    public static Layout Measured { get; } = new(
        JsonDocument.Parse(File.ReadAllText(TestData.PathOf("layout.json"))).RootElement);

    /// <summary>Offset and size in bytes of <c>structure.field</c>, or null if there is none.</summary>
    public (int Offset, int Size)? FieldOf(string symbol)
    {
        var dot = symbol.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !_root.GetProperty("structs").TryGetProperty(symbol[..dot], out var structure))
        {
            return null;
        }

        foreach (var field in structure.GetProperty("fields").EnumerateArray())
        {
            if (field.GetProperty("name").ValueEquals(symbol[(dot + 1)..]))
            {
                return (field.GetProperty("offset").GetInt32(), field.GetProperty("size").GetInt32());
            }
        }

        return null;
    }

    /// <summary>The value of a constant, or the size of a structure, or null when there is no such symbol.</summary>
    public long? NumberOf(string symbol)
    {
        if (_root.GetProperty("structs").TryGetProperty(symbol, out var structure))
        {
            return structure.GetProperty("size").GetInt64();
        }

        if (_root.GetProperty("errno").TryGetProperty(symbol, out var error))
        {
            return error.GetInt64();
        }

        foreach (var group in _root.GetProperty("constants").EnumerateObject())
        {
            if (group.Value.TryGetProperty(symbol, out var constant))
            {
                return constant.GetInt64();
            }
        }

        return null;
    }

    /// <summary>The measured numbers of slots of a one-type ring, by pages.</summary>
    public IEnumerable<(string Ring, int EntryBytes, int Pages, int Size)> RingSizes() =>
        from ring in _root.GetProperty("rings").EnumerateObject()
        from pages in ring.Value.GetProperty("ring_size_by_pages").EnumerateObject()
        select (ring.Name, ring.Value.GetProperty("entry_bytes").GetInt32(),
            int.Parse(pages.Name, System.Globalization.CultureInfo.InvariantCulture), pages.Value.GetInt32());
}
