using System.Collections.Immutable;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The Bytes tab: parts of frames with the fields of the public headers over them.</summary>
public static class HexProjector
{
    private const int GrantsShown = 8;
    private const int DataShown = 64;

    private static readonly ResourceManager Texts = Words.Resource("HexText");

    /// <summary>Makes the view.</summary>
    public static HexView Of(Moment moment)
    {
        var m = moment.Machine;
        var areas = ImmutableArray.CreateBuilder<HexAreaView>();
        var sides = moment.Sides();
        var ring = sides.Ring;
        var header = RingHeader(m, ring, Details.RingSubjects.Prefix(moment));
        areas.Add(Area(moment, "ring-header", Texts.Say("ring-header"), ring, 0, 16, header));
        if (RingProjector.Of(moment) is { Exists: true } view)
        {
            var slot = view.FocusSlot ?? sides.ReqProdPvt.SlotIn(view.Size);
            AddSlot(areas, moment, view, slot);
        }

        AddGrants(areas, moment);
        if (moment.DataPage is { } page)
        {
            areas.Add(Area(moment, "data", Texts.Say("data"), page, 0, DataShown, []));
        }

        // Where bytes are copied there are two pages of them: the guest's and the driver domain's own.
        if (StageProjector.OwnPage(moment) is not null)
        {
            areas.Add(Area(moment, "own-page", Texts.Say("own-page"), moment.OwnPage!.Value, 0, DataShown, []));
        }

        AddEvents(areas, moment, m.Guest(), "guest", sides.FrontPort);
        AddEvents(areas, moment, m.Driver(), "driver", sides.BackPort);
        AddPageTable(areas, moment);
        return new HexView { Areas = areas.ToImmutable() };
    }

    // What lies behind the end of the slot's page is left out, and fields are named in the 64-bit layout only.
    private static void AddSlot(ImmutableArray<HexAreaView>.Builder areas, Moment moment, RingView view, int slot)
    {
        var sides = moment.Sides();
        var offset = Ring.SlotOffsetBytes(slot, sides.SlotBytes);
        var mfn = sides.Pages[offset / PageSize.Bytes];
        var at = offset % PageSize.Bytes;
        var length = Math.Min(sides.SlotBytes, PageSize.Bytes - at);
        areas.Add(Area(
            moment, "slot", Texts.Say("slot", slot), mfn, at, length,
            SlotFields(moment, view, view.Slots[slot], mfn, at)));
    }

    /// <summary>The fields over a slot's bytes; none where they are named in another layout, or lie on two pages.
    /// </summary>
    internal static ImmutableArray<HexFieldView> SlotFields(
        Moment moment, RingView view, SlotView slot, Mfn mfn, int at)
    {
        var page = moment.Machine.Frames[mfn].Page;
        if (view.Name.Length > 0)
        {
            return HexNetSlot.Fields(page, at, slot, WasAnswered(slot), view.Name == "rx");
        }

        var named = moment.Machine.Frontend().Options.FrontLayout == BlkifLayout.X64
            && at + moment.Sides().SlotBytes <= PageSize.Bytes;
        return named ? HexSlot.Fields(page, at, slot, WasAnswered(slot)) : [];
    }

    // A slot is free again when its response was taken, so that is what lies in it; one that was never used is zero, as
    // the page of a ring begins.
    private static bool WasAnswered(SlotView slot) => slot is { Kind: "free", OldBytes: true };

    /// <summary>A part of a frame, with the bytes that the last visible micro-step changed.</summary>
    internal static HexAreaView Area(
        Moment moment, string id, string title, Mfn mfn, int offset, int length, ImmutableArray<HexFieldView> fields)
    {
        var now = new byte[length];
        var before = new byte[length];
        moment.Machine.Frames[mfn].Page.Read(offset, now);
        moment.Before.Frames[mfn].Page.Read(offset, before);
        var changed = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < length; i++)
        {
            if (now[i] != before[i])
            {
                changed.Add(offset + i);
            }
        }

        return new HexAreaView(
            id, title, mfn.Value, offset, Convert.ToHexStringLower(now), fields, changed.ToImmutable());
    }

    private static ImmutableArray<HexFieldView> RingHeader(Machine m, Mfn ring, string prefix)
    {
        var page = m.Frames[ring].Page;
        return
        [
            .. new[] { Ring.ReqProd, Ring.ReqEvent, Ring.RspProd, Ring.RspEvent }.Select(f => new HexFieldView(
                f.OffsetBytes, f.WidthBytes, f.Name, Words.Decimal(page.Load(f.OffsetBytes, 4)), f.Writer, false)
            {
                Cites = f.Citation.Replace("blkif", prefix, StringComparison.Ordinal),
            }),
        ];
    }

    private static void AddGrants(ImmutableArray<HexAreaView>.Builder areas, Moment moment)
    {
        var guest = moment.Machine.Guest();
        var focus = GrantProjector.FocusRef(moment)?.Value ?? GrantTable.ReservedEntries;
        var first = Math.Max(GrantTable.ReservedEntries, (focus - 1) / 2 * 2);
        var table = guest.GrantTable!.Value;
        var page = moment.Machine.Frames[table].Page;
        var fields = ImmutableArray.CreateBuilder<HexFieldView>();
        for (var reference = (uint)first; reference < first + GrantsShown
            && reference < GrantTable.EntryV1.PerFrame; reference++)
        {
            var at = GrantTable.EntryV1.OffsetBytes(new GrantRef(reference));
            var flags = (ushort)page.Load(at, 2);
            var dead = (flags & GrantTable.Gtf.TypeMask) == 0;
            Add(GrantTable.EntryV1.Flags, Words.Hex(flags, 4), false);
            Add(GrantTable.EntryV1.DomId, Words.Decimal(page.Load(at + 2, 2)), dead && page.Load(at + 2, 2) != 0);
            Add(GrantTable.EntryV1.Frame, Words.Hex(page.Load(at + 4, 4)), dead && page.Load(at + 4, 4) != 0);

            void Add(Field field, string value, bool stale) => fields.Add(new HexFieldView(
                at + field.OffsetBytes, field.WidthBytes, field.Name, value, field.Writer, stale)
            {
                Cites = field.Citation,
            });
        }

        var from = GrantTable.EntryV1.OffsetBytes(new GrantRef((uint)first));
        areas.Add(Area(
            moment, "grants", Texts.Say("grants", guest.Id), table, from,
            Math.Min(GrantsShown * GrantTable.EntryV1.SizeBytes, PageSize.Bytes - from), fields.ToImmutable()));
    }

    private static void AddEvents(
        ImmutableArray<HexAreaView>.Builder areas, Moment moment, Domain domain, string side, Port port)
    {
        var page = moment.Machine.Frames[domain.SharedInfo].Page;
        areas.Add(Area(
            moment, "events-" + side, Texts.Say("events-" + side, domain.Id), domain.SharedInfo, 0, 16,
            [
                .. new[] { Xen.VcpuInfo.UpcallPending, Xen.VcpuInfo.UpcallMask, Xen.VcpuInfo.PendingSel }.Select(f =>
                    new HexFieldView(
                        f.OffsetBytes, f.WidthBytes, f.Name, Words.Hex(page.Load(f.OffsetBytes, f.WidthBytes)),
                            EventAbi.WriterIn(moment.Machine, domain, f),
                        false)
                    {
                        Cites = f.Citation,
                    }),
            ]));
        if (domain.Events.IsFifo)
        {
            areas.AddRange(HexEvents.Of(moment, domain, side, port));
            return;
        }

        foreach (var (id, map) in new[] { ("pending-", Xen.SharedInfo.EvtchnPending),
            ("mask-", Xen.SharedInfo.EvtchnMask) })
        {
            var words = Math.Max(1, port.Word + 1);
            areas.Add(Area(
                moment, id + side, Texts.Say(id + side, domain.Id), domain.SharedInfo, map.OffsetBytes, words * 8,
                [
                    .. Enumerable.Range(0, words).Select(w => new HexFieldView(
                        map.OffsetBytes + (w * 8), 8, $"{map.Name}[{w}]",
                        Words.Hex(page.Load(map.OffsetBytes + (w * 8), 8)),
                        EventAbi.WriterIn(moment.Machine, domain, map), false)
                    {
                        Cites = map.Citation,
                    }),
                ]));
        }
    }

    private static void AddPageTable(ImmutableArray<HexAreaView>.Builder areas, Moment moment)
    {
        var driver = moment.Machine.Driver();
        var address = moment.Sides().MapAddress;
        if (moment.DataPage is { } page && PageMapProjector.EntryOf(moment.Machine, page) is { } found)
        {
            address = found.Address;
        }

        var table = driver.PageTables[(int)((address - driver.TableBase) >> 21)];
        var at = PageTableEntry.OffsetBytes(address);
        var entry = moment.Machine.Frames[table].Page.Load(at, 8);
        var value = (entry & PageTableEntry.Present) == 0
            ? Texts.Say("absent")
            : Texts.Say(
                "present", PageTableEntry.FrameOf(entry),
                Texts.Say((entry & PageTableEntry.Writable) != 0 ? "rw" : "ro"));
        areas.Add(Area(
            moment, "page-table", Texts.Say("page-table", driver.Id), table, at / 16 * 16, 16,
            [new HexFieldView(at, 8, Texts.Say("entry", Words.Hex((ulong)(at / 8))), value, Writer.Xen, false)]));
    }
}
