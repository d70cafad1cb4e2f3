using System.Globalization;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Simulation;

namespace XenViz.Conformance;

/// <summary>
/// The state of a machine's event channels as the rows of a trace. A row has a place (<c>[2,0]</c>) and a text; rows
/// that
/// say nothing (a word of zeros, a free port) are left out, and have the text that is told when a place becomes so.
/// </summary>
sealed class EvtchnRows
{
    readonly Dictionary<string, Dictionary<string, string>> _rows = new(StringComparer.Ordinal);

    /// <summary>The keys that are compared as differences of the state.</summary>
    public static readonly string[] Keys =
        ["pending", "mask", "vcpu", "ports", "poll", "abi", "fifoWords", "word", "ctrl"];

    /// <summary>All rows that say something, in the domains that are not gone.</summary>
    public static EvtchnRows Of(FlatEvents events)
    {
        var rows = new EvtchnRows();
        foreach (var key in Keys)
        {
            rows._rows[key] = new(StringComparer.Ordinal);
        }

        foreach (var domain in events.Domains.Where(d => !d.IsGone))
        {
            rows.Add(domain);
        }

        return rows;
    }

    /// <summary>The rows of one key.</summary>
    public IReadOnlyCollection<string> Under(string key) => _rows[key].Values;

    /// <summary>The rows of one key that differ from an earlier state, with what is told of places that say nothing
    /// now.</summary>
    public IEnumerable<string> Since(EvtchnRows before, string key, FlatEvents events)
    {
        foreach (var (place, row) in _rows[key])
        {
            if (!before._rows[key].TryGetValue(place, out var was) || was != row)
            {
                yield return row;
            }
        }

        foreach (var (place, _) in before._rows[key].Where(was => !_rows[key].ContainsKey(was.Key)))
        {
            if (Nothing(key, place, events) is { } row)
            {
                yield return row;
            }
        }
    }

    // What is told where a row vanished: null for domains that are gone and for words that were forgotten.
    static string? Nothing(string key, string place, FlatEvents events)
    {
        var numbers = place.Split(',');
        var at = events.Find(new DomId(ushort.Parse(numbers[0], CultureInfo.InvariantCulture)));
        if (at < 0)
        {
            return null;
        }

        var domain = events.Domains[at];
        return key switch
        {
            "pending" or "mask" => $"[{place},\"{Hex(0, domain)}\"]",
            "vcpu" => $"[{place},0,0,\"{Hex(0, domain)}\"]",
            "ports" => $"{{\"dom\":{numbers[0]},\"port\":{numbers[1]},\"state\":\"free\",\"vcpu\":0}}",
            "abi" => $"[{place},\"2l\"]",
            "word" => domain.Words is null ? null : $"[{place},\"00000000\"]",
            "ctrl" => $"[{place},null]",
            _ => $"[{place},0]",
        };
    }

    static string Hex(ulong value, FlatDomain domain) =>
        value.ToString(domain.Limits.WordBits == 64 ? "x16" : "x8", CultureInfo.InvariantCulture);

    void Add(FlatDomain domain)
    {
        for (var word = 0; word < domain.Pending.Length; word++)
        {
            AddWord("pending", domain, word, domain.Pending[word]);
            AddWord("mask", domain, word, domain.Mask[word]);
        }

        for (var v = 0; v < domain.Vcpus.Length; v++)
        {
            AddVcpu(domain, v);
        }

        for (var port = 0; port < domain.Channels.Length; port++)
        {
            if (PortRow(domain, port) is { } row)
            {
                Put("ports", $"{domain.Id},{port}", row);
            }
        }

        if (domain.Pollers != 0)
        {
            Put("poll", $"{domain.Id}", $"[{domain.Id},{domain.Pollers}]");
        }

        if (domain.Words is { } pages)
        {
            Put("abi", $"{domain.Id}", $"[{domain.Id},\"fifo\"]");
            AddEventWords(domain, pages);
        }
    }

    void AddWord(string key, FlatDomain domain, int word, ulong value)
    {
        if (value != 0)
        {
            Put(key, $"{domain.Id},{word}", $"[{domain.Id},{word},\"{Hex(value, domain)}\"]");
        }
    }

    void AddVcpu(FlatDomain domain, int index)
    {
        var v = domain.Vcpus[index];
        if (v.UpcallPending || v.UpcallMask != 0 || v.Selector != 0)
        {
            Put("vcpu", $"{domain.Id},{index}",
                $"[{domain.Id},{index},{(v.UpcallPending ? 1 : 0)},{v.UpcallMask},\"{Hex(v.Selector, domain)}\"]");
        }

        if (v.ControlFrame is not null)
        {
            var heads = Enumerable.Range(0, EventChannel.Fifo.Queues).Where(q => v.Head(q) != 0)
                .Select(q => $"\"{q}\":{v.Head(q)}");
            Put("ctrl", $"{domain.Id},{index}", $"[{domain.Id},{index},{v.Ready},{{{string.Join(',', heads)}}}]");
        }
    }

    void AddEventWords(FlatDomain domain, List<uint[]> pages)
    {
        if (pages.Count > 0)
        {
            Put("fifoWords", $"{domain.Id}", $"[{domain.Id},{pages.Count * EventChannel.Fifo.WordsPerPage}]");
        }

        for (var page = 0; page < pages.Count; page++)
        {
            for (var at = pages[page].AsSpan().IndexOfAnyExcept(0u); at >= 0; at = After(pages[page], at))
            {
                var port = (page * EventChannel.Fifo.WordsPerPage) + at;
                Put("word", $"{domain.Id},{port}",
                    $"[{domain.Id},{port},\"{pages[page][at].ToString("x8", CultureInfo.InvariantCulture)}\"]");
            }
        }
    }

    static int After(uint[] page, int at)
    {
        var next = page.AsSpan(at + 1).IndexOfAnyExcept(0u);
        return next < 0 ? -1 : at + 1 + next;
    }

    static string? PortRow(FlatDomain domain, int port)
    {
        var channel = domain.Channels[port];
        var saved = channel.SavedPending && domain.Words is not null;
        if (channel.State == ChannelState.Free && !saved)
        {
            return null;
        }

        var row = new JsonObject
        {
            ["dom"] = domain.Id.Value, ["port"] = port, ["state"] = channel.State.ToString().ToLowerInvariant(),
            ["vcpu"] = channel.Vcpu,
        };
        if (channel.State is ChannelState.Unbound or ChannelState.Interdomain)
        {
            row["remoteDom"] = channel.RemoteDomain.Value;
        }

        switch (channel.State)
        {
            case ChannelState.Interdomain:
                row["remotePort"] = channel.RemotePort.Value;
                break;
            case ChannelState.Virq:
                row["virq"] = channel.Interrupt;
                break;
            case ChannelState.Pirq:
                row["pirq"] = channel.Interrupt;
                break;
        }

        if (channel.IsXens)
        {
            row["xen"] = true;
        }

        if (domain.Words is not null && channel.State > ChannelState.Reserved)
        {
            row["prio"] = channel.Priority;
        }

        if (saved)
        {
            row["savedPending"] = true;
        }

        return row.ToJsonString();
    }

    void Put(string key, string place, string row) => _rows[key][place] = row;
}
