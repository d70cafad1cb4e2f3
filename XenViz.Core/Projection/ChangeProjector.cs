using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>What differs for a person between two machines: the same facts are read from both and compared.</summary>
public static class ChangeProjector
{
    /// <summary>The changes, in a fixed order.</summary>
    /// <param name="moment">What is on screen.</param>
    /// <param name="ring">Its ring.</param>
    public static ImmutableArray<ChangeView> Between(Moment moment, RingView ring)
    {
        var (before, after) = (moment.Before, moment.Machine);
        if (ReferenceEquals(before, after))
        {
            return [];
        }

        var was = Facts(before, moment);
        var now = Facts(after, moment);
        var changes = ImmutableArray.CreateBuilder<ChangeView>();
        foreach (var (id, value) in now)
        {
            var old = was.TryGetValue(id, out var found) ? found : "";
            if (old != value && !(old.Length == 0 && IsEmpty(id, value)))
            {
                changes.Add(ChangeWords.Of(new ChangeView(id, old, value), moment, ring));
            }
        }

        foreach (var (id, value) in was)
        {
            // A slot that is zeros again belongs to a page that was given up: nothing is written in it.
            if (!now.ContainsKey(id) && !IsEmpty(id, value) && !id.StartsWith("slot.", StringComparison.Ordinal))
            {
                changes.Add(ChangeWords.Of(new ChangeView(id, value, ""), moment, ring));
            }
        }

        return changes.ToImmutable();
    }

    // A bit of a port that was not there before, or a field of an entry that nobody has used, is 0 and no news.
    private static bool IsEmpty(string id, string value) =>
        value is "0" or "0x0" or "0x0000"
        && (id.StartsWith("port.", StringComparison.Ordinal) || id.StartsWith("grant.", StringComparison.Ordinal)
            || id.StartsWith("pin.", StringComparison.Ordinal) || id.StartsWith("queue.", StringComparison.Ordinal));

    // What is compared is short and cheap, not what people read: ChangeWords says only what has changed.
    private static Dictionary<string, string> Facts(Machine m, Moment moment)
    {
        var facts = new Dictionary<string, string>();
        var sides = RingSides.Of(m, moment.Ring);
        AddRing(facts, m, sides, moment.Ring);
        AddGrants(facts, m, sides);
        AddEvents(facts, m);
        var driver = m[World.Driver];
        foreach (var (handle, record) in driver.Maptrack.Records)
        {
            facts[$"mapping.{handle}"] = $"{record.Granter}/{record.Ref}";
        }

        facts["tlb"] = Text(driver.Stale.Length);
        facts["iommu"] =
            string.Join(' ', driver.Iommu.Select(e => $"{Hex(e.Key)}:{(e.Value.Writers > 0 ? "rw" : "r")}"));
        if (moment.DataPage is { } page && m.Frames.Find(page) is { } frame)
        {
            facts["data"] = frame.Page.Hash.ToString("X", CultureInfo.InvariantCulture);
            facts[$"refs.{page.Value}"] = Text(frame.References);
        }

        if (moment.Windowed is { } windowed)
        {
            var window = PageMapProjector.WindowOf(m, windowed);
            facts["pte"] = window is null or { Stale: true } ? "" : window.Address + (window.Writable ? " rw" : " ro");
        }

        if (moment.OwnPage is { } own && m.Frames.Find(own) is { } copied)
        {
            facts["own-page"] = copied.Page.Hash.ToString("X", CultureInfo.InvariantCulture);
        }

        AddDevice(facts, m.Disk!);
        // The states first: they are what the two ends wait for.
        foreach (var (path, node) in ((Devices.XenStore)m.Store!).Nodes.OrderBy(n =>
            n.Key.EndsWith("/state", StringComparison.Ordinal) ? 0 : 1))
        {
            facts["xenstore." + path] = node.Value;
        }

        return facts;
    }

    private static void AddDevice(Dictionary<string, string> facts, PrivateState device)
    {
        switch (device)
        {
            case Devices.Disk disk:
                facts["dma"] = disk.Activity.ToString();
                facts["disk"] =
                    Text(disk.Overlay.Count) + "/" + string.Join(' ', disk.Overlay.Select(o => o.Value.Hash));
                break;
            case Devices.Network.Nic nic:
                facts["dma"] = nic.Activity.ToString();
                facts["disk"] = $"{nic.Sent.Length}/{nic.Incoming.Length}";
                break;
        }
    }

    private static void AddRing(Dictionary<string, string> facts, Machine m, RingSides sides, int number)
    {
        var page = m.Frames[sides.Ring].Page;
        facts["front.req_prod_pvt"] = sides.ReqProdPvt.ToString();
        facts["front.rsp_cons"] = sides.RspCons.ToString();
        if (!m.IsDead(sides.Driver))
        {
            facts["back.req_cons"] = sides.ReqCons.ToString();
            facts["back.rsp_prod_pvt"] = sides.RspProdPvt.ToString();
        }

        facts["back.copy"] = m.Back switch
        {
            BlkbackState back => string.Join(' ', back.Pending.Select(p => p.Key.ToString())),
            NetbackState back => string.Join(' ', back.Pending.Concat(back.Finished).Select(p => p.Key.ToString())),
            _ => "",
        };
        foreach (var field in new[] { Ring.ReqProd, Ring.ReqEvent, Ring.RspProd, Ring.RspEvent })
        {
            facts["ring." + field.Name] = Text(page.Load(field.OffsetBytes, 4));
        }

        var ring = RingReader.Of(m, number);
        for (var slot = 0; slot < sides.Size; slot++)
        {
            var bytes = ring.Bytes(slot);
            if (bytes.ContainsAnyExcept((byte)0))
            {
                facts[$"slot.{slot}"] = Convert.ToHexString(bytes[..Math.Min(40, bytes.Length)]);
            }
        }
    }

    private static void AddGrants(Dictionary<string, string> facts, Machine m, RingSides sides)
    {
        var guest = m[sides.Guest];
        var table = m.Frames[guest.GrantTable!.Value].Page;
        for (var reference = (uint)GrantTable.ReservedEntries; reference < sides.FreshRef + 1; reference++)
        {
            var at = GrantTable.EntryV1.OffsetBytes(new GrantRef(reference));
            facts[$"grant.{reference}.flags"] = $"0x{table.Load(at, 2):X4}";
            facts[$"grant.{reference}.domid"] = Text(table.Load(at + GrantTable.EntryV1.DomId.OffsetBytes, 2));
            facts[$"grant.{reference}.frame"] = Hex(table.Load(at + GrantTable.EntryV1.Frame.OffsetBytes, 4));
            facts[$"pin.{reference}"] = guest.Active.TryGetValue(reference, out var active) ? Hex(active.Pins) : "0x0";
        }
    }

    private static void AddEvents(Dictionary<string, string> facts, Machine m)
    {
        foreach (var (domain, port) in m.EventPorts())
        {
            AddPort(domain, port);
        }

        foreach (var domain in new[] { m.Guest().Id, World.Driver })
        {
            facts[$"vcpu.{domain}"] = m.IsDead(domain) ? "crashed" : m[domain].Blocked ? "asleep" : "awake";
        }

        void AddPort(DomId domain, Port port)
        {
            if (port.Value == 0 || EventProjector.Port(m, domain, port) is not { } view)
            {
                return;
            }

            facts[$"port.{domain}.{port}.pending"] = view.Pending ? "1" : "0";
            facts[$"port.{domain}.{port}.mask"] = view.Masked ? "1" : "0";
            if (view.Fifo is { } word)
            {
                facts[$"port.{domain}.{port}.linked"] = word.Linked ? "1" : "0";
                facts[$"port.{domain}.{port}.busy"] = word.Busy ? "1" : "0";
                facts[$"port.{domain}.{port}.link"] = Text(word.Link);

                // The bit is the queue's, not that of a port in it.
                facts[$"queue.{domain}.{word.Priority}.ready"] = word.Ready ? "1" : "0";
            }
            else
            {
                facts[$"port.{domain}.{port}.selector"] = view.Selector ? "1" : "0";
            }

            facts[$"port.{domain}.{port}.upcall"] = view.UpcallPending ? "1" : "0";
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture);
}
