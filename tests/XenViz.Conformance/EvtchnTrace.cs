using System.Text.Json;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Conformance;

/// <summary>
/// Replays recordings of Xen's own <c>event_channel.c</c>, <c>event_2l.c</c> and <c>event_fifo.c</c>. Hypercalls are
/// made
/// with the bytes of their arguments.
/// </summary>
sealed class EvtchnTrace : ITraceModel
{
    static readonly string[] Notes = ["upcall", "woken", "xenNotified", "gone"];

    FlatEvents _events = new();
    List<FlatGuest> _guests = [];
    EvtchnRows _rows = EvtchnRows.Of(new FlatEvents());
    FlatEventWorld _world;

    public IEnumerable<string> Begin(JsonElement header)
    {
        (_events, _guests) = EvtchnHeader.Read(header);
        _world = _events.World;
        _rows = EvtchnRows.Of(_events);
        return [];
    }

    public IEnumerable<string> Apply(JsonElement line)
    {
        if (line.TryGetProperty("final", out var final))
        {
            return Final(final);
        }

        _events.Upcalls.Clear();
        _events.Woken.Clear();
        _events.XenNotified.Clear();
        var alive = _events.Domains.Where(d => !d.IsGone).ToList();
        var (ret, told) = Do(TraceJson.Text(line, "op"), line, TraceJson.Required(line, "args"));
        return Compare(line, ret, told, [.. alive.Where(d => d.IsGone).Select(d => $"{d.Id}")]);
    }

    List<string> Compare(JsonElement line, int? ret, JsonObject? told, List<string> gone)
    {
        var differences = new List<string>();
        Differ(differences, "ret", Node(line, "ret"), ret is { } number ? JsonValue.Create(number) : null);
        Differ(differences, "out", Node(line, "out"), told);
        var after = TraceJson.Required(line, "after");
        OnlyKeys(after);
        var now = EvtchnRows.Of(_events);
        foreach (var key in EvtchnRows.Keys)
        {
            Differ(differences, key, after, now.Since(_rows, key, _events));
        }

        _rows = now;
        Differ(differences, "upcall", after, Places(_events.Upcalls));
        Differ(differences, "woken", after, Places(_events.Woken));
        Differ(differences, "xenNotified", after,
            Places(_events.XenNotified.Select(n => (n.Domain, Vcpu: (int)n.Port))));
        Differ(differences, "gone", after, gone);
        return differences;
    }

    List<string> Final(JsonElement final)
    {
        OnlyKeys(final);
        var differences = new List<string>();
        foreach (var key in EvtchnRows.Keys)
        {
            Differ(differences, key, final, _rows.Under(key));
        }

        return differences;
    }

    static void OnlyKeys(JsonElement rows)
    {
        if (rows.ValueKind != JsonValueKind.Object)
        {
            throw new TraceFormatException("key 'after' or 'final' must be an object");
        }

        foreach (var property in rows.EnumerateObject())
        {
            if (!EvtchnRows.Keys.Contains(property.Name) && !Notes.Contains(property.Name))
            {
                throw new TraceFormatException($"key '{property.Name}' is not one of an event-channel trace");
            }
        }
    }

    (int? Ret, JsonObject? Told) Do(string op, JsonElement line, JsonElement args)
    {
        var caller = Domain(line, "dom");
        if (EvtchnArguments.CommandOf(op) is { } command)
        {
            Span<byte> argument = stackalloc byte[EventHypercall.SizeOf(command)!.Value];
            EvtchnArguments.Write(command, args, argument);
            var ret = EventHypercall.Call(ref _world, caller, command, argument);
            return (ret, ret == 0 ? EvtchnArguments.Read(command, argument) : null);
        }

        return op.StartsWith("guest.", StringComparison.Ordinal)
            ? (null, Guest(op, caller, args))
            : ByXen(op, line, args, caller);
    }

    (int? Ret, JsonObject? Told) ByXen(string op, JsonElement line, JsonElement args, int caller)
    {
        switch (op)
        {
            case "evtchn.raw":
                Span<byte> zeros = stackalloc byte[32];
                zeros.Clear();
                return (EventHypercall.Call(ref _world, caller, U32(args, "cmd"), zeros), null);
            case "sched.poll":
                return Poll(line, args, caller);
            case "xen.sendVirq":
                EventVirqs.Send(ref _world, _events.Find(Id(args)), U32(args, "vcpu"), U32(args, "virq"));
                return (null, null);
            case "xen.setVirqHandler":
                return (EventVirqs.SetHandler(ref _world, Id(args), U32(args, "virq")), null);
            case "xen.allocUnbound":
                return AllocForXen(args);
            case "xen.killDomain":
                return (Kill(_events.Find(Id(args))), null);
        }

        var domain = Domain(args, "dom");
        switch (op)
        {
            case "xen.notify":
                EventUses.SendFromXen(ref _world, domain, U32(args, "port"));
                break;
            case "xen.freeChannel":
                EventUses.Close(ref _world, domain, U32(args, "port"), byGuest: false);
                break;
            case "xen.sendPirq":
                EventVirqs.SendPhysical(ref _world, domain, U32(args, "pirq"));
                break;
            case "xen.pause":
                _events.Domains[domain].Pauses += (int)U32(args, "delta");
                break;
            default:
                throw new TraceFormatException($"operation '{op}' is not one of an event-channel trace");
        }

        return (null, null);
    }

    (int? Ret, JsonObject? Told) Poll(JsonElement line, JsonElement args, int caller)
    {
        var vcpu = line.TryGetProperty("vcpu", out _) ? Vcpu(line, caller) : 0;
        uint[] ports = [.. TraceJson.Items(args, "ports", 65536).Select(p => (uint)TraceJson.BitsIn(p, "a port"))];
        var (errno, blocks) = EventWaits.Poll(ref _world, caller, vcpu, ports);
        return (errno, new JsonObject { ["blocked"] = blocks });
    }

    (int? Ret, JsonObject? Told) AllocForXen(JsonElement args)
    {
        var domain = _events.Find(Id(args));
        var remote = new DomId((ushort)TraceJson.Bits(args, "remoteDom"));
        var port = domain < 0
            ? -Errno.Srch
            : EventBinds.AllocForXen(ref _world, domain, (ushort)Vcpu(args, domain), remote);
        return port < 0 ? ((int)port, null) : (0, new JsonObject { ["port"] = port });
    }

    int Kill(int domain)
    {
        if (domain < 0)
        {
            return -Errno.Srch;
        }

        _events.Kill(domain);
        return 0;
    }

    JsonObject? Guest(string op, int domain, JsonElement args)
    {
        var guest = _guests[domain];
        var ports = new JsonArray();
        switch (op)
        {
            case "guest.setMask" or "guest.clearMask":
                guest.SetMask(U32(args, "port"), op == "guest.setMask");
                return null;
            case "guest.clearPending":
                guest.ClearPending(U32(args, "port"));
                return null;
            case "guest.setUpcallMask":
                _events.Domains[domain].Vcpus[Vcpu(args, domain)].UpcallMask =
                    (byte)TraceJson.Number(args, "value", byte.MaxValue);
                return null;
            case "guest.clearUpcall":
                _events.Domains[domain].Vcpus[Vcpu(args, domain)].UpcallPending = false;
                return null;
            case "guest.readSel":
                var digits = _events.Domains[domain].Limits.WordBits == 64 ? "x16" : "x8";
                return new JsonObject { ["sel"] = guest.TakeSelector(Vcpu(args, domain)).ToString(digits) };
            case "guest.upcall":
                guest.Upcall(Vcpu(args, domain), ports.Add);
                return new JsonObject { ["ports"] = ports };
            case "guest.fifoHandle":
                var forget = args.TryGetProperty("forget", out _) && TraceJson.Number(args, "forget", 1) == 1;
                var most = (long)TraceJson.Number(args, "max", int.MaxValue);
                var left = guest.HandleQueues(Vcpu(args, domain), most, forget, ports.Add);
                return new JsonObject { ["ports"] = ports, ["readyLeft"] = left };
            default:
                throw new TraceFormatException($"operation '{op}' is not one of an event-channel trace");
        }
    }

    // A domain of the header, gone or not.
    int Domain(JsonElement line, string key)
    {
        var id = TraceJson.Number(line, key, ushort.MaxValue);
        for (var at = 0; at < _events.Domains.Count; at++)
        {
            if (_events.Domains[at].Id.Value == id)
            {
                return at;
            }
        }

        throw new TraceFormatException($"key '{key}' names domain {id}, which is not in the header");
    }

    int Vcpu(JsonElement line, int domain) =>
        (int)TraceJson.Number(line, "vcpu", (ulong)_events.Domains[domain].Vcpus.Length - 1);

    IEnumerable<string> Places(IEnumerable<(int Domain, int Vcpu)> notes) => notes
        .Where(n => !_events.Domains[n.Domain].IsGone)
        .Select(n => $"[{_events.Domains[n.Domain].Id},{n.Vcpu}]");

    static DomId Id(JsonElement args) => new((ushort)TraceJson.Bits(args, "dom"));

    static uint U32(JsonElement args, string key) => (uint)TraceJson.Bits(args, key);

    static JsonNode? Node(JsonElement line, string key) =>
        line.TryGetProperty(key, out var value) ? JsonNode.Parse(value.GetRawText()) : null;

    static void Differ(List<string> differences, string key, JsonNode? expected, JsonNode? was)
    {
        if (!JsonNode.DeepEquals(expected, was is null ? null : JsonNode.Parse(was.ToJsonString())))
        {
            differences.Add($"{key}: expected {Shown(expected)}, was {Shown(was)}");
        }
    }

    static void Differ(List<string> differences, string key, JsonElement rows, IEnumerable<string> was)
    {
        string[] expected = rows.TryGetProperty(key, out _)
            ? [.. TraceJson.Items(rows, key, int.MaxValue).Select(Canonical)]
            : [];
        var found = was.Select(row => JsonNode.Parse(row)).Select(Canonical).ToArray();
        Array.Sort(expected, StringComparer.Ordinal);
        Array.Sort(found, StringComparer.Ordinal);
        if (!expected.AsSpan().SequenceEqual(found))
        {
            differences.Add($"{key}: expected [{string.Join(',', expected.Except(found))}], "
                + $"was [{string.Join(',', found.Except(expected))}] (rows that agree left out)");
        }
    }

    static string Canonical(JsonElement row) => Canonical(JsonNode.Parse(row.GetRawText()));

    // The same text for the same row, whatever the order of its keys.
    static string Canonical(JsonNode? row) => row is JsonObject keys
        ? "{" + string.Join(',', keys.OrderBy(k => k.Key, StringComparer.Ordinal)
            .Select(k => $"\"{k.Key}\":{Canonical(k.Value)}")) + "}"
        : row is JsonArray items ? "[" + string.Join(',', items.Select(Canonical)) + "]"
        : Shown(row);

    static string Shown(JsonNode? node) => node?.ToJsonString() ?? "null";
}
