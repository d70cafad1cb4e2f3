using System.Collections.Immutable;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>The stage in words: one line an object with its name, owner, state and value, in full where the picture
/// shortens.</summary>
internal static class SceneTwins
{
    public static ImmutableArray<SceneTwin> Of(SceneContext c)
    {
        var s = c.Stage;
        var twins = ImmutableArray.CreateBuilder<SceneTwin>();
        void Add(string id, string key, params object?[] values) =>
            twins.Add(new SceneTwin(id, State(c, id) + StageText.Get("Twin." + key, values)));
        void AddOf(string id, string key, params object?[] values) =>
            twins.Add(new SceneTwin(id, State(c, id) + c.Word("Twin." + key, values)));

        Add("guest", "Guest", s.Guest.Id, StageText.Get(s.Guest.Running ? "Running" : "Waiting"));
        Add("app", "App", s.ApplicationCall);
        AddOf("front", "Front", s.Front.ReqProdPvt, s.Front.RspCons);
        if (c.View.Ring is { Exists: true } ring)
        {
            Add("ring", "Ring", ring.Size, ring.ReqProd, ring.ReqEvent, ring.RspProd, ring.RspEvent, ring.Free,
                Focus(s.Focus));
        }

        if (s.Data is { } data)
        {
            var text = data.Text.Length == 0 ? SceneContext.NoText(data) : data.Text;
            var frame = SceneContext.Hex(data.Mfn);
            Add(
                "data",
                data.Ungranted ? "DataUngranted" : c.PageOwner == SceneOwner.None ? "DataNobody" : "Data",
                frame, data.Owner, text, data.References,
                data.Ordinal, data.Count);
            if (c.GuestSees)
            {
                Add("guest-window", "GuestWindow", SceneContext.Hex(data.Pfn));
            }
        }

        Store(Add, c);
        Rings(Add, c);
        Add("driver", s.Driver.Dead ? "DriverDead" : "Driver", s.Driver.Id, DomainPart.State(s.Driver));
        Backend(Add, AddOf, c, s);
        Grants(Add, s);
        Ports(Add, c, s);
        Add("iommu", s.Iommu is null ? c.IommuWithoutEntry : "Iommu", SceneContext.Hex(s.Iommu?.Mfn ?? 0),
            StageText.Get(s.Iommu is { Writable: true } ? "ReadAndWrite" : "ReadOnly"));
        AddOf("dma", s.Dma.BusAddress is null ? "DmaNone" : "Dma", StageText.Get("Dma." + s.Dma.State),
            SceneContext.Hex(s.Dma.BusAddress ?? 0), s.Dma.Bytes, s.Dma.Sector,
            c.Word(s.Dma.ToMemory ? "ToMemory" : "ToDisk"));
        AddOf("disk", "Disk");
        Add("xen", "Xen");
        foreach (var sentence in c.View.Narration.Violations)
        {
            Add("xen", "Violation", sentence);
        }

        return twins.ToImmutable();
    }

    private static void Rings(Action<string, string, object?[]> add, SceneContext c)
    {
        var guests = RingTabs.OfGuests(c.Stage.Rings);
        foreach (var ring in c.Stage.Rings)
        {
            var press = ring.Shown ? c.Stage.Follows ? "Twin.RingFollowed" : "Twin.RingChosen" : "Twin.RingOther";
            add(RingTabs.IdOf(ring.Ring), "RingPress", [RingTabs.Words(ring, guests), StageText.Get(press)]);
        }
    }

    private static void Backend(
        Action<string, string, object?[]> add, Action<string, string, object?[]> addOf, SceneContext c, StageView s)
    {
        if (s.Driver.Dead)
        {
            add("back", "BackDead", [c.IsNetwork ? "netback" : "blkback"]);
        }
        else
        {
            addOf("back", "Back", [s.Back.ReqCons, s.Back.RspProdPvt, s.BackendCopy is { } copy
                ? copy.Refs.IsEmpty ? StageText.Get("Twin.CopyBare", copy.Operation, copy.Sector)
                : c.Word("Twin.Copy", copy.Operation, copy.Sector, string.Join(", ", copy.Refs))
                : StageText.Get("NoCopy")]);
            addOf("disk-driver", "DiskDriver", [StageText.Get("DiskDriver." + s.DiskDriver)]);
        }

        if (s.DriverWindow is { } window)
        {
            var live = s.Data is null ? "WindowRing" : "Window";
            add("driver-window", !window.Stale ? live : s.Driver.Dead ? "WindowDead" : "WindowStale",
                [window.Address, StageText.Get(window.Writable ? "ReadAndWrite" : "ReadOnly")]);
        }

        if (s.OwnPage is { } own)
        {
            add("own-page", "OwnPage",
                [SceneContext.Hex(own.Mfn), own.Text.Length == 0 ? SceneContext.NoText(own) : own.Text]);
        }
    }

    private static void Grants(Action<string, string, object?[]> add, StageView s)
    {
        if (s.Grant is { } grant)
        {
            var flags = grant.FlagNames.IsEmpty ? StageText.Get("NotAGrant") : string.Join(", ", grant.FlagNames);
            add("grant", "Grant", [grant.Ref, grant.DomId, SceneContext.Hex(grant.Frame), flags]);
        }

        if (s.Maptrack is { } track)
        {
            add("maptrack", "Maptrack",
                [track.Handle, track.Granter, track.Ref, string.Join(", ", track.FlagNames)]);
        }
    }

    private static void Store(Action<string, string, object?[]> add, SceneContext c)
    {
        if (StorePart.Shown(c))
        {
            var store = c.View.Store;
            add("xenstore", "Xenstore",
            [
                StorePart.Words(store.FrontState), StorePart.Words(store.BackState),
                StorePart.Gone(c) is { } gone
                    ? StageText.Get("Twin.XenstoreGone", gone)
                    : string.Join(", ", StorePart.Written(c)),
            ]);
        }
    }

    private static void Ports(Action<string, string, object?[]> add, SceneContext c, StageView s)
    {
        foreach (var (id, port) in new[]
        {
            ("guest-port", s.GuestPort), ("driver-port", s.DriverPort), ("disk-port", s.DiskPort),
        })
        {
            if (port is not null)
            {
                var kind = id != "disk-port" ? "Port" : c.IsNetwork ? "CardPort" : "DiskPort";
                add(id, port.Fifo is null ? kind : kind + "Fifo",
                [
                    port.Number, port.Domain, Bit(port.Pending), Bit(port.Masked),
                    Bit(port.Fifo?.Linked ?? port.Selector),
                    Bit(port.UpcallPending), Bit(port.UpcallMasked),
                ]);
            }
        }
    }

    private static int Bit(bool set) => set ? 1 : 0;

    private static string Focus(RequestView? request) => request is null ? "" : StageText.Get(
        "Twin.Request", request.Slot, request.Index, request.Operation, request.Id,
        StageText.Get("Request." + request.State));

    private static string State(SceneContext c, string id) =>
        c.Stage.Acting == id ? StageText.Get("Twin.Acting")
        : c.Changed(id) ? StageText.Get("Twin.Changed")
        : "";
}
