using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;

namespace XenViz.Conformance;

/// <summary>
/// Replays <c>xenviz-ring-trace-1</c>: operations on one blkif ring, recorded from C code that uses Xen's own
/// <c>io/ring.h</c>. Both ends run over one shared area.
/// </summary>
sealed class RingTrace : ITraceModel
{
    const int MostPages = 16;

    RingArea _area = new(PageSize.Bytes);
    FrontRing _front;
    BackRing _back;

    public IEnumerable<string> Begin(JsonElement header)
    {
        var pages = (int)TraceJson.Number(header, "pages", MostPages);
        if (pages == 0)
        {
            throw new TraceFormatException($"key 'pages' must be a whole number from 1 to {MostPages}");
        }

        _area = new RingArea(pages * PageSize.Bytes);
        var start = new RingIndex((uint)TraceJson.Number(header, "start", uint.MaxValue));
        _front = FrontRing.Init(_area, Blkif.SlotBytes, start);
        _back = BackRing.Attach(_area, Blkif.SlotBytes, start);
        return new[]
        {
            Differs("entry_bytes", TraceJson.Number(header, "entry_bytes", 65536), Blkif.SlotBytes),
            Differs("header_bytes", TraceJson.Number(header, "header_bytes", 65536), Ring.HeaderBytes),
            Differs("nr_ents", TraceJson.Number(header, "nr_ents", uint.MaxValue), (ulong)_front.Size),
        }.Concat(State(header)).OfType<string>();
    }

    public IEnumerable<string> Apply(JsonElement line)
    {
        var expected = JsonNode.Parse(TraceJson.Required(line, "ret").GetRawText());
        var result = Do(TraceJson.Text(line, "op"), TraceJson.Required(line, "args"));
        var differs = JsonNode.DeepEquals(expected, result) ? null : Said("ret", Shown(expected), Shown(result));
        return State(line).Prepend(differs).OfType<string>();
    }

    JsonNode? Do(string op, JsonElement args) => op switch
    {
        "front_put" => FrontPut(args),
        "front_push" => Nothing(() => _front.Push(_area)),
        "front_push_notify" => Bit(_front.PushAndCheckNotify(_area)),
        "front_free" => _front.Free,
        "front_full" => Bit(_front.Full),
        "front_unconsumed" => _front.UnconsumedResponses(_area),
        "front_get" => FrontGet(),
        "front_final_check" => _front.FinalCheck(_area),
        "front_set_rsp_event" => Nothing(() => _front.ArmEvent(_area, U32(args, "n"))),
        "front_rsp_prod_overflow" => Bit(_front.ResponseProducerOverflows(Index(args, "prod"))),
        "front_init" => Attached((_front = FrontRing.Init(_area, Blkif.SlotBytes)).Size),
        "back_get" => BackGet(),
        "back_put" => BackPut(args),
        "back_push" => Nothing(() => _back.Push(_area)),
        "back_push_notify" => Bit(_back.PushAndCheckNotify(_area)),
        "back_unconsumed" => _back.UnconsumedRequests(_area),
        "back_final_check" => _back.FinalCheck(_area),
        "back_set_req_event" => Nothing(() => _back.ArmEvent(_area, U32(args, "n"))),
        "back_req_prod_overflow" => Bit(_back.RequestProducerOverflows(Index(args, "prod"))),
        "back_req_cons_overflow" => Bit(_back.RequestConsumerOverflows(Index(args, "cons"))),
        "back_attach" =>
            Attached((_back = BackRing.Attach(_area, Blkif.SlotBytes, Index(args, "idx"))).Size),
        "back_init" => Attached((_back = BackRing.Attach(_area, Blkif.SlotBytes)).Size),
        "poke" => Nothing(() => SharedHeader.Store(_area, HeaderWord(args), Index(args, "value"))),
        _ => throw new TraceFormatException($"operation '{op}' is not one of a ring trace"),
    };

    JsonObject FrontPut(JsonElement args)
    {
        var listed = TraceJson.Required(args, "seg");
        if (listed.ValueKind != JsonValueKind.Array)
        {
            throw new TraceFormatException("key 'seg' must be a list");
        }

        var request = new BlkifRequest(
            (BlkifOperation)TraceJson.Number(args, "operation", byte.MaxValue),
            (byte)TraceJson.Number(args, "nr_segments", byte.MaxValue),
            (ushort)TraceJson.Number(args, "handle", ushort.MaxValue),
            TraceJson.Number(args, "id", ulong.MaxValue),
            TraceJson.Number(args, "sector_number", ulong.MaxValue),
            [.. listed.EnumerateArray().Select(Segment)]);
        var used = Math.Min((int)request.NrSegments, Blkif.MaxSegments);
        if (request.Segments.Length < used)
        {
            throw new TraceFormatException($"key 'seg' must list {used} segments");
        }

        var (slot, offset) = SlotOf(_front.ReqProdPvt, _front.Size);
        InPlace(offset, bytes => BlkifSlot.Write(bytes, request));
        _front = _front.AfterRequest();
        return new JsonObject { ["slot"] = slot, ["byte_offset"] = offset };
    }

    JsonObject FrontGet()
    {
        var (slot, offset) = SlotOf(_front.RspCons, _front.Size);
        var response = BlkifSlot.Response(Copy(offset));
        _front = _front.AfterResponse();
        return new JsonObject
        {
            ["slot"] = slot,
            ["id"] = response.Id,
            ["operation"] = (byte)response.Operation,
            ["status"] = (short)response.Status,
        };
    }

    JsonObject BackGet()
    {
        var (slot, offset) = SlotOf(_back.ReqCons, _back.Size);
        var request = BlkifSlot.Request(Copy(offset));
        var first = request.Segments[0];
        _back = _back.AfterRequest();
        return new JsonObject
        {
            ["slot"] = slot,
            ["operation"] = (byte)request.Operation,
            ["nr_segments"] = request.NrSegments,
            ["handle"] = request.Handle,
            ["id"] = request.Id,
            ["sector_number"] = request.SectorNumber,
            ["seg0"] = new JsonArray(first.Ref.Value, first.FirstSect, first.LastSect),
        };
    }

    JsonObject BackPut(JsonElement args)
    {
        var response = new BlkifResponse(
            TraceJson.Number(args, "id", ulong.MaxValue),
            (BlkifOperation)TraceJson.Number(args, "operation", byte.MaxValue),
            (BlkifStatus)TraceJson.Signed16(args, "status"));
        var (slot, offset) = SlotOf(_back.RspProdPvt, _back.Size);
        InPlace(offset, bytes => BlkifSlot.Write(bytes, response));
        _back = _back.AfterResponse();
        return new JsonObject { ["slot"] = slot, ["byte_offset"] = offset };
    }

    static BlkifSegment Segment(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != 3)
        {
            throw new TraceFormatException("an item of 'seg' must be [gref, first_sect, last_sect]");
        }

        return new BlkifSegment(
            new GrantRef((uint)TraceJson.NumberIn(item[0], "a gref", uint.MaxValue)),
            (byte)TraceJson.NumberIn(item[1], "a first_sect", byte.MaxValue),
            (byte)TraceJson.NumberIn(item[2], "a last_sect", byte.MaxValue));
    }

    static Field HeaderWord(JsonElement args) => TraceJson.Text(args, "field") switch
    {
        "req_prod" => Ring.ReqProd,
        "req_event" => Ring.ReqEvent,
        "rsp_prod" => Ring.RspProd,
        "rsp_event" => Ring.RspEvent,
        var other => throw new TraceFormatException($"field '{other}' is not a word of the header"),
    };

    IEnumerable<string?> State(JsonElement line)
    {
        uint[] shared =
        [
            _area.Load32(Ring.ReqProd.OffsetBytes), _area.Load32(Ring.ReqEvent.OffsetBytes),
            _area.Load32(Ring.RspProd.OffsetBytes), _area.Load32(Ring.RspEvent.OffsetBytes),
        ];
        return
        [
            Differs("sh", TraceJson.Numbers(line, "sh", 4), shared),
            Differs("fr", TraceJson.Numbers(line, "fr", 2), [_front.ReqProdPvt.Value, _front.RspCons.Value]),
            Differs("bk", TraceJson.Numbers(line, "bk", 2), [_back.RspProdPvt.Value, _back.ReqCons.Value]),
            Differs("fnv", TraceJson.Number(line, "fnv", uint.MaxValue), Fnv1a.Of(_area.Bytes)),
        ];
    }

    byte[] Copy(int offset)
    {
        var copy = new byte[Blkif.SlotBytes];
        _area.Read(offset, copy);
        return copy;
    }

    void InPlace(int offset, Action<byte[]> write)
    {
        var bytes = Copy(offset);
        write(bytes);
        _area.Write(offset, bytes);
    }

    static (int Slot, int Offset) SlotOf(RingIndex index, int size) =>
        (index.SlotIn(size), RingMath.SlotOffset(index, size, Blkif.SlotBytes));

    static JsonNode? Nothing(Action action)
    {
        action();
        return null;
    }

    static JsonNode Bit(bool value) => value ? 1 : 0;

    static JsonNode Attached(int size) => size;

    static uint U32(JsonElement args, string key) => (uint)TraceJson.Number(args, key, uint.MaxValue);

    static RingIndex Index(JsonElement args, string key) => new(U32(args, key));

    static string? Differs(string key, uint[] expected, uint[] was) => expected.AsSpan().SequenceEqual(was)
        ? null
        : Said(key, $"[{string.Join(", ", expected)}]", $"[{string.Join(", ", was)}]");

    static string? Differs(string key, ulong expected, ulong was) => expected == was
        ? null
        : Said(key, expected.ToString(CultureInfo.InvariantCulture), was.ToString(CultureInfo.InvariantCulture));

    static string Shown(JsonNode? node) => node?.ToJsonString() ?? "null";

    static string Said(string key, string expected, string was) => $"{key}: expected {expected}, was {was}";
}
