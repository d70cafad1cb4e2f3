using System.Collections.Immutable;
using System.Globalization;

namespace XenViz.Core.Projection;

/// <summary>
/// What two views differ in, thing by thing: for runs beside each other. A thing has the id that it has as a change of
/// one run (<see cref="ChangeView.Id"/>), so whatever marks changes marks differences too.
/// </summary>
public static class ViewFacts
{
    /// <summary>The things that differ, in a fixed order: the left value is "before", the right one "after"; empty
    /// where a side has no such thing.</summary>
    /// <param name="left">One view.</param>
    /// <param name="right">The other.</param>
    public static ImmutableArray<ChangeView> Between(SessionView left, SessionView right)
    {
        var (a, b) = (Of(left), Of(right));
        var values = b.ToDictionary(fact => fact.Id, fact => fact.Value, StringComparer.Ordinal);
        var both = a.Select(fact => new ChangeView(fact.Id, fact.Value, values.GetValueOrDefault(fact.Id, "")));
        var known = a.Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);
        var only = b.Where(fact => !known.Contains(fact.Id)).Select(fact => new ChangeView(fact.Id, "", fact.Value));
        return [.. both.Concat(only).Where(change => change.Before != change.After)];
    }

    /// <summary>All things of a view with their values, as people read them.</summary>
    /// <param name="view">The view.</param>
    public static ImmutableArray<(string Id, string Value)> Of(SessionView view)
    {
        var facts = ImmutableArray.CreateBuilder<(string Id, string Value)>();
        AddRing(facts, view.Ring);
        foreach (var entry in view.Grants.Entries)
        {
            facts.Add(($"grant.{entry.Ref}.flags", $"0x{entry.Flags:X4}"));
            facts.Add(($"grant.{entry.Ref}.domid", Text(entry.DomId)));
            facts.Add(($"grant.{entry.Ref}.frame", Hex(entry.Frame)));
            facts.Add(($"pin.{entry.Ref}", Hex(entry.Pins)));
        }

        foreach (var mapping in view.Grants.Mappings)
        {
            facts.Add((
                $"mapping.{mapping.Handle}",
                SessionProjector.Text("Fact_mapping", mapping.Granter, mapping.Ref) + " " + mapping.Address));
        }

        AddPage(facts, view);
        foreach (var port in view.Events.Ports)
        {
            facts.Add(($"port.{port.Domain}.{port.Number}.pending", Bit(port.Pending)));
            facts.Add(($"port.{port.Domain}.{port.Number}.mask", Bit(port.Masked)));
            if (port.Fifo is { } word)
            {
                facts.Add(($"port.{port.Domain}.{port.Number}.linked", Bit(word.Linked)));
                facts.Add(($"port.{port.Domain}.{port.Number}.link", Text(word.Link)));
            }
            else
            {
                facts.Add(($"port.{port.Domain}.{port.Number}.selector", Bit(port.Selector)));
            }

            facts.Add(($"port.{port.Domain}.{port.Number}.upcall", Bit(port.UpcallPending)));
        }

        foreach (var domain in new[] { view.Stage.Guest, view.Stage.Driver })
        {
            facts.Add(($"vcpu.{domain.Id}", domain.Dead ? "crashed" : domain.Running ? "awake" : "asleep"));
        }

        AddDevice(facts, view.Stage.Dma);
        foreach (var node in view.Store.Nodes)
        {
            facts.Add(("xenstore." + node.Path, node.Value));
        }

        return facts.ToImmutable();
    }

    // What the device is at, and where it was sent: two descriptors in the same state may differ.
    private static void AddDevice(ImmutableArray<(string Id, string Value)>.Builder facts, DmaView dma)
    {
        var state = SessionProjector.Text("Activity_" + dma.State[..1].ToUpperInvariant() + dma.State[1..]);
        facts.Add(("dma", dma.BusAddress is { } address ? $"{state}, {Hex(address)}" : state));
    }

    // Of the page on stage, which the two may not both have: never of whatever frame each happens to look at.
    private static void AddPage(ImmutableArray<(string Id, string Value)>.Builder facts, SessionView view)
    {
        var (stage, map) = (view.Stage, view.PageMap);
        facts.Add(("pte", stage.DriverWindow is { Stale: false } window
            ? window.Address + (window.Writable ? " rw" : " ro")
            : ""));
        facts.Add(("tlb", Text(stage.DriverWindow is { Stale: true } ? map.StaleTranslations : 0)));
        if (stage.OwnPage is { } own)
        {
            facts.Add(("own-page", $"{Hex(own.Mfn)} {PageWords(own)}"));
        }

        if (stage.Data is not { } data)
        {
            return;
        }

        facts.Add(("iommu", stage.Iommu is { } entry ? $"{Hex(entry.Dfn)}:{(entry.Writable ? "rw" : "r")}"
            : map.IommuMode is "off" or "dom0-relaxed" ? SessionProjector.Text("Fact_iommu_all")
            : data.Owner == map.Driver || stage.OwnPage is not null ? SessionProjector.Text("Fact_iommu_own")
            : SessionProjector.Text("Fact_iommu_none")));
        facts.Add(($"refs.{data.Mfn}", Text(data.References)));
        facts.Add(("data", $"{Hex(data.Mfn)} {PageWords(data)}"));
    }

    private static void AddRing(ImmutableArray<(string Id, string Value)>.Builder facts, RingView ring)
    {
        facts.Add(("front.req_prod_pvt", Text(ring.ReqProdPvt)));
        facts.Add(("front.rsp_cons", Text(ring.RspCons)));
        facts.Add(("back.req_cons", Text(ring.ReqCons)));
        facts.Add(("back.rsp_prod_pvt", Text(ring.RspProdPvt)));
        facts.Add(("ring.req_prod", Text(ring.ReqProd)));
        facts.Add(("ring.req_event", Text(ring.ReqEvent)));
        facts.Add(("ring.rsp_prod", Text(ring.RspProd)));
        facts.Add(("ring.rsp_event", Text(ring.RspEvent)));
        foreach (var slot in ring.Slots)
        {
            facts.Add(($"slot.{slot.Slot}", slot.Kind == "free"
                ? SessionProjector.Text("Fact_free")
                : $"{slot.Operation} {slot.Id}, {SessionProjector.Text("Fact_slot_" + slot.State)}"));
        }
    }

    // The text that people read; bytes that are no text are told by the first eight, so that two pages of them differ.
    private static string PageWords(DataPageView data)
    {
        var (text, head) = (data.Text, data.Head);
        return text.Length > 0 || head.All(digit => digit == '0') || head.Length < 16
            ? ChangeWords.PageText(text, data.IsZeros)
            : string.Join(' ', head[..16].Chunk(2).Select(pair => new string(pair)));
    }

    private static string Bit(bool set) => set ? "1" : "0";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture);
}
