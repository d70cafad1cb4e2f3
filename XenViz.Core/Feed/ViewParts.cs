using System.Text.Json;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>Patches the parts of a view that are long: piece by piece, so that a step costs by what it changes.
/// </summary>
internal static class ViewParts
{
    /// <summary>Patches what is said of the run.</summary>
    public static RunView Run(RunView run, JsonElement patch)
    {
        var rest = JsonPatch.ApplyBut(run, patch, ViewJson.Default.RunView, "position", "link", "fingerprint");
        return rest with
        {
            Position = JsonPatch.Number(rest.Position, patch, "position"),
            Link = JsonPatch.Text(rest.Link, patch, "link"),
            Fingerprint = JsonPatch.Text(rest.Fingerprint, patch, "fingerprint"),
        };
    }

    /// <summary>Patches the words.</summary>
    public static NarrationView Narration(NarrationView told, JsonElement patch)
    {
        var json = ViewJson.Default;
        var rest = JsonPatch.ApplyBut(
            told, patch, json.NarrationView, "number", "step", "stepStates", "caption", "why", "actor", "spoken",
            "choices");
        return rest with
        {
            Number = JsonPatch.Text(rest.Number, patch, "number"),
            Step = JsonPatch.Number(rest.Step, patch, "step"),
            StepStates = JsonPatch.Each(rest.StepStates, patch, "stepStates", json.ImmutableArrayString, json.String),
            Caption = JsonPatch.Text(rest.Caption, patch, "caption"),
            Why = JsonPatch.Text(rest.Why, patch, "why"),
            Actor = JsonPatch.Member(rest.Actor, patch, "actor", json.Actor),
            Spoken = JsonPatch.Text(rest.Spoken, patch, "spoken"),
            Choices = JsonPatch.Each(
                rest.Choices, patch, "choices", json.ImmutableArrayChoiceView, json.ChoiceView),
        };
    }

    /// <summary>Patches the picture.</summary>
    public static StageView Stage(StageView stage, JsonElement patch)
    {
        var json = ViewJson.Default;
        var rest = JsonPatch.ApplyBut(
            stage, patch, json.StageView, "front", "back", "carriers", "lights", "focus", "backendCopy",
            "data", "ownPage", "grant", "dma", "guestPort", "driverPort", "diskPort", "guest", "driver",
            "applicationCall", "diskDriver", "acting", "rings");
        return rest with
        {
            Guest = JsonPatch.Member(rest.Guest, patch, "guest", json.DomainView),
            Driver = JsonPatch.Member(rest.Driver, patch, "driver", json.DomainView),
            ApplicationCall = JsonPatch.Text(rest.ApplicationCall, patch, "applicationCall"),
            DiskDriver = JsonPatch.Text(rest.DiskDriver, patch, "diskDriver"),
            Acting = JsonPatch.Words(rest.Acting, patch, "acting"),
            Rings = JsonPatch.Each(rest.Rings, patch, "rings", json.ImmutableArrayRingLineView, json.RingLineView),
            Front = JsonPatch.Member(rest.Front, patch, "front", json.FrontIndicesView),
            Back = JsonPatch.Member(rest.Back, patch, "back", json.BackIndicesView),
            Carriers = JsonPatch.Member(rest.Carriers, patch, "carriers", json.ImmutableArrayCarrierView),
            Lights = JsonPatch.Each(rest.Lights, patch, "lights", json.ImmutableArrayString, json.String),
            Focus = JsonPatch.Optional(rest.Focus, patch, "focus", json.RequestView),
            BackendCopy = JsonPatch.Optional(rest.BackendCopy, patch, "backendCopy", json.RequestView),
            Data = JsonPatch.Optional(rest.Data, patch, "data", json.DataPageView),
            OwnPage = JsonPatch.Optional(rest.OwnPage, patch, "ownPage", json.DataPageView),
            Grant = JsonPatch.Optional(rest.Grant, patch, "grant", json.GrantEntryView),
            Dma = JsonPatch.Member(rest.Dma, patch, "dma", json.DmaView),
            GuestPort = JsonPatch.Optional(rest.GuestPort, patch, "guestPort", json.PortView),
            DriverPort = JsonPatch.Optional(rest.DriverPort, patch, "driverPort", json.PortView),
            DiskPort = JsonPatch.Optional(rest.DiskPort, patch, "diskPort", json.PortView),
        };
    }

    /// <summary>Patches the Grants tab.</summary>
    public static GrantTableView Grants(GrantTableView grants, JsonElement patch)
    {
        var json = ViewJson.Default;
        var entries = JsonPatch.Each(
            grants.Entries, patch, "entries", json.ImmutableArrayGrantEntryView, json.GrantEntryView);
        var mappings = JsonPatch.Each(
            grants.Mappings, patch, "mappings", json.ImmutableArrayMaptrackView, json.MaptrackView);
        var rest = JsonPatch.ApplyBut(
            grants with { Entries = [], Mappings = [] }, patch, json.GrantTableView, "entries", "mappings");
        return rest with { Entries = entries, Mappings = mappings };
    }

    /// <summary>Patches the ring, which may have hundreds of slots.</summary>
    public static RingView Ring(RingView ring, JsonElement patch)
    {
        var json = ViewJson.Default;
        var slots = JsonPatch.Each(ring.Slots, patch, "slots", json.ImmutableArraySlotView, json.SlotView);
        return JsonPatch.ApplyBut(ring with { Slots = [] }, patch, json.RingView, "slots") with { Slots = slots };
    }

    /// <summary>Patches the Events tab.</summary>
    public static EventChannelView Events(EventChannelView events, JsonElement patch)
    {
        var json = ViewJson.Default;
        var ports = JsonPatch.Each(events.Ports, patch, "ports", json.ImmutableArrayPortView, json.PortView);
        var way = JsonPatch.Each(events.Way, patch, "way", json.ImmutableArrayEventStepView, json.EventStepView);
        var domains = JsonPatch.Each(
            events.Domains, patch, "domains", json.ImmutableArrayEventDomainView, json.EventDomainView, Domain);
        var rest = JsonPatch.ApplyBut(
            events with { Ports = [], Way = [], Domains = [] }, patch, json.EventChannelView, "ports", "way",
            "domains");
        return rest with { Ports = ports, Way = way, Domains = domains };

        EventDomainView Domain(EventDomainView domain, JsonElement change)
        {
            var fields = JsonPatch.Each(
                domain.Fields, change, "fields", json.ImmutableArrayEventFieldView, json.EventFieldView);
            return JsonPatch.ApplyBut(domain with { Fields = [] }, change, json.EventDomainView, "fields") with
            {
                Fields = fields,
            };
        }
    }

    /// <summary>Patches the Bytes tab.</summary>
    public static HexView Bytes(HexView bytes, JsonElement patch)
    {
        var json = ViewJson.Default;
        var areas = JsonPatch.Each(bytes.Areas, patch, "areas", json.ImmutableArrayHexAreaView, json.HexAreaView, Area);
        return JsonPatch.ApplyBut(bytes with { Areas = [] }, patch, json.HexView, "areas") with { Areas = areas };

        HexAreaView Area(HexAreaView area, JsonElement change)
        {
            var fields = JsonPatch.Each(
                area.Fields, change, "fields", json.ImmutableArrayHexFieldView, json.HexFieldView);
            var rest = JsonPatch.ApplyBut(
                area with { Fields = [], Bytes = "", Changed = [] }, change, json.HexAreaView, "fields", "bytes",
                "changed");
            return rest with
            {
                Fields = fields,
                Bytes = JsonPatch.Text(area.Bytes, change, "bytes"),
                Changed = JsonPatch.Member(area.Changed, change, "changed", json.ImmutableArrayInt32),
            };
        }
    }

    /// <summary>Patches the ledger.</summary>
    public static CostView Cost(CostView cost, JsonElement patch)
    {
        var json = ViewJson.Default;
        var counters = JsonPatch.Each(
            cost.Counters, patch, "counters", json.ImmutableArrayCounterView, json.CounterView);
        var rows = JsonPatch.Each(cost.Rows, patch, "rows", json.ImmutableArrayCostRowView, json.CostRowView);
        var parts = JsonPatch.Each(cost.Parts, patch, "parts", json.ImmutableArrayCostPartView, json.CostPartView);
        var prices = JsonPatch.Each(cost.Prices, patch, "prices", json.ImmutableArraySetPriceView, json.SetPriceView);
        var rest = JsonPatch.ApplyBut(
            cost with { Counters = [], Rows = [], Parts = [], Prices = [] }, patch, json.CostView, "counters", "rows",
            "parts", "prices");
        return rest with { Counters = counters, Rows = rows, Parts = parts, Prices = prices };
    }
}
