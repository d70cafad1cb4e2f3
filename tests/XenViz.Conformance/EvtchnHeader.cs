using System.Text.Json;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Conformance;

/// <summary>Makes the machine that the header of an event-channel trace describes.</summary>
static class EvtchnHeader
{
    const int MostDomains = 64;
    const int MostVcpus = 64;
    const int MostItems = 4096;

    public static (FlatEvents Events, List<FlatGuest> Guests) Read(JsonElement header)
    {
        var events = new FlatEvents { KeepsNotes = true };
        var guests = new List<FlatGuest>();
        foreach (var item in TraceJson.Items(header, "domains", MostDomains))
        {
            var id = new DomId((ushort)TraceJson.Number(item, "id", Xen.Domain.FirstReserved - 1));
            if (events.Find(id) >= 0)
            {
                throw new TraceFormatException($"key 'domains' names domain {id} twice");
            }

            Add(events, id, item);
            guests.Add(new FlatGuest(events.Domains[^1]));
        }

        return guests.Count > 0 ? (events, guests) : throw new TraceFormatException("key 'domains' is empty");
    }

    static void Add(FlatEvents events, DomId id, JsonElement item)
    {
        var vcpus = TraceJson.Number(item, "vcpus", MostVcpus);
        var bits = TraceJson.Number(item, "bits", 64);
        if (vcpus == 0 || bits is not (32 or 64))
        {
            throw new TraceFormatException($"domain {id}: 'vcpus' must be at least 1, and 'bits' 32 or 64");
        }

        var limits = new EventLimits(
            (int)vcpus, (int)bits, (uint)TraceJson.Number(item, "maxEvtchnPort", uint.MaxValue),
            (uint)TraceJson.Number(item, "nrPirqs", MostItems), TraceJson.Flag(item, "privileged"), IsPv: true);
        var masked = TraceJson.Text(item, "masksInitially") switch
        {
            "set" => true,
            "clear" => false,
            var other => throw new TraceFormatException($"key 'masksInitially' must be set or clear, it is '{other}'"),
        };
        events.Add(
            id, limits,
            [.. TraceJson.Items(item, "pirqAllowed", MostItems)
                .Select(p => (uint)TraceJson.NumberIn(p, "an item of 'pirqAllowed'", uint.MaxValue))],
            [.. TraceJson.Items(item, "pages", MostItems).Select(Frame)],
            masked);
    }

    static ulong Frame(JsonElement pair) => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
        ? TraceJson.NumberIn(pair[0], "a frame of 'pages'", ulong.MaxValue)
        : throw new TraceFormatException("an item of 'pages' must be [gfn, mfn]");
}
