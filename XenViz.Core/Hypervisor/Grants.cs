using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.GrantTables;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>What mapping and unmapping share: counts, status bits, the IOMMU.</summary>
public static class Grants
{
    /// <summary>Takes a use out of the counts of a grant and its frame.</summary>
    public static void Release(Draft draft, DomId granterId, GrantRef reference, uint flags, DomId mapper)
    {
        var granter = draft.Domain(granterId);
        var active = granter.Active[reference.Value];
        var frame = draft.Frames[active.Mfn];
        var pins = active.Pins - Pins.Of(flags);
        var refs = frame.References - Pins.References(flags);
        var types = frame.WritableUses - Pins.WritableTypes(flags, granter.IsPv, granterId == mapper);
        draft.Watched?.Say(new MachineEvent.CountsChanged(
            granterId, reference, frame.Mfn, active.Pins, pins, frame.References, refs, frame.WritableUses, types));
        draft.Put(frame with { References = refs, WritableUses = types });
        draft.Put(granter with
        {
            Active = pins == 0
                ? granter.Active.Remove(reference.Value)
                : granter.Active.SetItem(reference.Value, active with { Pins = pins }),
        });
    }

    /// <summary>
    /// Clears status bits after a use (<c>reduce_status</c>): reading only when no pin is left, writing only when the
    /// finished use was writable and no writable pin is left.
    /// </summary>
    public static void ClearStatus(ref GuestCpu cpu, DomId granterId, GrantRef reference, bool wasWritable)
    {
        var granter = cpu.Draft.Domain(granterId);
        var pins = granter.Active.TryGetValue(reference.Value, out var active) ? active.Pins : 0;
        var bits = GrantRules.BitsToClear(pins, wasWritable);
        if (bits != 0)
        {
            var at = GrantTable.EntryV1.OffsetBytes(reference);
            var flags = (ushort)cpu.Draft.Peek(granter.GrantTable!.Value, at, 2);
            cpu.CompareExchange(granter.GrantTable.Value, at, flags, (ulong)(flags & ~bits), 2);
        }
    }

    /// <summary>
    /// Counts uses of a frame in the mapper's IOMMU context and keeps its entry in step (FACTS g.3): first writer gives
    /// read and write, first reader read, last use gone takes the entry away.
    /// </summary>
    public static void UseIommu(Draft draft, DomId mapperId, DomId granter, Mfn mfn, int readers, int writers)
    {
        var mapper = draft.Domain(mapperId);
        if (!mapper.IommuSync || mapperId == granter)
        {
            draft.Watched?.Say(new MachineEvent.IommuChanged(mapperId, mfn, DeviceAccess.None, DeviceAccess.None));
            return;
        }

        var use = mapper.Iommu.TryGetValue(mfn.Value, out var found) ? found : default;
        var after = new IommuUse(use.Readers + readers, use.Writers + writers);
        draft.Watched?.Say(new MachineEvent.IommuChanged(mapperId, mfn, AccessOf(use), AccessOf(after)));
        draft.Put(mapper with
        {
            Iommu = AccessOf(after) == DeviceAccess.None
                ? mapper.Iommu.Remove(mfn.Value)
                : mapper.Iommu.SetItem(mfn.Value, after),
        });
    }

    /// <summary>What an IOMMU entry with these uses allows.</summary>
    public static DeviceAccess AccessOf(IommuUse use) =>
        use.Writers > 0 ? DeviceAccess.ReadWrite : use.Readers > 0 ? DeviceAccess.Read : DeviceAccess.None;
}
