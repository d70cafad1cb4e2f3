using System.Text.Json;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>
/// Replays grant-table recordings: every input of a line is done, every row of <c>after</c> is compared.
/// </summary>
sealed class GrantTrace : ITraceModel
{
    // More than any recording has; a file that asks for more is refused, not tried.
    const int MostVcpus = 8192;
    const int MostFrames = 1 << 15;

    readonly GrantWorld _world = new();
    GrantRows _rows = new([]);

    public IEnumerable<string> Begin(JsonElement header)
    {
        foreach (var each in TraceJson.Required(header, "domains").EnumerateArray())
        {
            var pv = TraceJson.Text(each, "kind") == "pv";
            var domain = _world.Add(new GrantDomainSetup(new DomId(U16(each, "id")))
            {
                IsPv = pv,
                IsPrivileged = TraceJson.Required(each, "privileged").GetBoolean(),
                Vcpus = (int)TraceJson.Number(each, "vcpus", MostVcpus),
                MaxPages = Int(each, "maxPages"),
                MaxGrantFrames = (int)TraceJson.Number(each, "maxGrantFrames", MostFrames),
                MaxMaptrackFrames = (int)TraceJson.Number(each, "maxMaptrackFrames", MostFrames),
                MaxVersion = Int(each, "maxGntVersion"),
            });
            var tables = each.TryGetProperty("pageTablePages", out var list)
                ? list.EnumerateArray().Select(mfn => mfn.GetUInt64()).ToHashSet()
                : [];
            foreach (var page in TraceJson.Required(each, "pages").EnumerateArray())
            {
                var mfn = page[1].GetUInt64();
                _world.AddPage(domain, page[0].GetUInt64(), mfn, tables.Contains(mfn));
            }
        }

        _rows = GrantRows.Of(_world);
        return [];
    }

    public IEnumerable<string> Apply(JsonElement line)
    {
        if (line.TryGetProperty("final", out var final))
        {
            return GrantRows.Of(_world).DifferFinal(_world, final);
        }

        var answer = new Answer();
        Do(line, TraceJson.Text(line, "op"), TraceJson.Required(line, "args"), answer);
        var now = GrantRows.Of(_world);
        var differences = answer.Differ(line)
            .Concat(now.Differ(_rows, TraceJson.Required(line, "after"), answer.HideMemory)).ToList();
        _rows = now;
        return differences;
    }

    void Do(JsonElement line, string op, JsonElement args, Answer answer)
    {
        var caller = _world.Domains.FirstOrDefault(each => each.Id.Value == U16(line, "dom"))
            ?? throw new TraceFormatException("key 'dom' names a domain that the set-up does not have");
        var vcpu = line.TryGetProperty("vcpu", out _) ? Int(line, "vcpu") : 0;
        if (op.StartsWith("gnttab.", StringComparison.Ordinal))
        {
            Hypercall(caller, vcpu, op, args, answer);
        }
        else if (op == "xen.killDomain")
        {
            answer.Return = _world.Kill(caller, U16(args, "dom"));
        }
        else
        {
            GrantGuestActs.Do(_world, caller, op, args, answer);
        }
    }

    void Hypercall(GrantDomain caller, int vcpu, string op, JsonElement args, Answer answer)
    {
        answer.Return = 0;
        switch (op)
        {
            case "gnttab.map":
                Each(args, answer, true, one => Map(caller, vcpu, one));
                break;
            case "gnttab.unmap":
                Unmap(caller, args, answer, one => new UnmapRequest(
                    U32(one, "handle"), Frame(one, "hostPage"), Frame(one, "devFrame")));
                break;
            case "gnttab.unmapAndReplace":
                Unmap(caller, args, answer, one => new UnmapRequest(
                    U32(one, "handle"), Frame(one, "hostPage"), 0, Frame(one, "newPage")));
                break;
            case "gnttab.copy":
                Each(args, answer, false, one => (CopyOps.Copy(
                    _world, caller, Side(one, "src", 1), Side(one, "dst", 2), Int(one, "len")), null));
                break;
            case "gnttab.transfer":
                Each(args, answer, false, one => (TransferOps.Transfer(
                    _world, caller, Frame(one, "gfn"), U16(one, "dom"), U32(one, "ref")), null));
                break;
            case "gnttab.swapGrantRef":
                Each(args, answer, false, one =>
                    (TableOps.Swap(caller, U32(one, "refA"), U32(one, "refB")), null));
                break;
            default:
                WholeTable(caller, op, args, answer);
                break;
        }
    }

    void WholeTable(GrantDomain caller, string op, JsonElement args, Answer answer)
    {
        switch (op)
        {
            case "gnttab.setupTable":
                answer.Status = (short)TableOps.SetupTable(_world, caller, U16(args, "dom"), U32(args, "nrFrames"));
                break;
            case "gnttab.getStatusFrames":
                answer.Status =
                    (short)TableOps.GetStatusFrames(_world, caller, U16(args, "dom"), U32(args, "nrFrames"));
                break;
            case "gnttab.querySize":
                var (status, frames, most) = TableOps.QuerySize(_world, caller, U16(args, "dom"));
                answer.Status = (short)status;
                answer.Out = status == GrantStatus.Okay
                    ? new JsonObject { ["nrFrames"] = frames, ["maxNrFrames"] = most }
                    : null;
                break;
            case "gnttab.getVersion":
                (answer.Return, var version) = TableOps.GetVersion(_world, caller, U16(args, "dom"));
                answer.Out = answer.Return == 0 ? new JsonObject { ["version"] = version } : null;
                break;
            case "gnttab.setVersion":
                answer.Return = TableOps.SetVersion(caller, U32(args, "version"));
                answer.Out = new JsonObject { ["version"] = caller.Version };
                break;
            case "gnttab.mapFrame":
                var ofStatus = args.TryGetProperty("statusFrame", out var told) && told.GetBoolean();
                answer.Return = TableOps.MapFrame(caller, U32(args, "idx"), Frame(args, "gfn"), ofStatus);
                break;
            case "gnttab.raw":
                answer.Return = RawCall.Call(_world, caller, U32(args, "cmd"), U32(args, "count"));
                break;
            default:
                throw new TraceFormatException($"operation '{op}' is not one of a grant trace");
        }
    }

    (GrantStatus Status, JsonObject? Out) Map(GrantDomain caller, int vcpu, JsonElement one)
    {
        var ask = new MapRequest(U16(one, "dom"), U32(one, "ref"), U32(one, "flags"), Frame(one, "hostPage"));
        var reply = MapOps.Map(_world, caller, vcpu, ask);
        return (reply.Status, reply.Status == GrantStatus.Okay
            ? new JsonObject { ["handle"] = reply.Handle, ["devFrame"] = reply.DeviceFrame }
            : []);
    }

    void Unmap(GrantDomain caller, JsonElement args, Answer answer, Func<JsonElement, UnmapRequest> ask)
    {
        var asks = Elements(args).Select(ask).ToArray();
        var statuses = new GrantStatus[asks.Length];
        UnmapOps.Unmap(_world, caller, asks, statuses);
        var results = statuses.Select(status => (status, (JsonObject?)null)).ToList();
        answer.Take(args.TryGetProperty("ops", out _), results, false);
    }

    static void Each(
        JsonElement args, Answer answer, bool withOut, Func<JsonElement, (GrantStatus, JsonObject?)> act) =>
        answer.Take(args.TryGetProperty("ops", out _), [.. Elements(args).Select(act)], withOut);

    static IEnumerable<JsonElement> Elements(JsonElement args) =>
        args.TryGetProperty("ops", out var list) ? list.EnumerateArray() : [args];

    static CopySide Side(JsonElement one, string key, uint bit)
    {
        var side = TraceJson.Required(one, key);
        var isRef = (U32(one, "flags") & bit) != 0;
        return new CopySide(
            U16(side, "dom"), isRef, isRef ? U32(side, "ref") : Frame(side, "gfn"), Int(side, "off"));
    }

    internal static ushort U16(JsonElement line, string key) => (ushort)TraceJson.Number(line, key, ushort.MaxValue);

    internal static uint U32(JsonElement line, string key) => (uint)TraceJson.Number(line, key, uint.MaxValue);

    internal static int Int(JsonElement line, string key) => (int)TraceJson.Number(line, key, int.MaxValue);

    internal static ulong Frame(JsonElement line, string key) => TraceJson.Number(line, key, ulong.MaxValue);
}
