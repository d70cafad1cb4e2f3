using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Dma;

/// <summary>
/// The driver domain's way to DMA addresses (Linux <c>swiotlb-xen.c</c>). A device that cannot reach a page gets a low
/// one in its place: the driver domain's CPU copies before the command when the device reads memory, and after it when
/// the device wrote. Also the same row in a hostile driver domain, which aims the device elsewhere.
/// </summary>
public static class Swiotlb
{
    /// <summary>The first low frame; a request's page takes the one of its place in the address space.</summary>
    public const ulong FirstFrame = 0x3000;

    /// <summary>The row that submits, with bounce buffers.</summary>
    public static Row<ThreadLocals> Bounce() => Submit(
        "swiotlb-xen.c xen_swiotlb_map_page",
        "the disk cannot reach the page: memcpy(low page, page); submit_bio(low page, sector)", Map);

    /// <summary>The row that submits, aiming at a page that nobody granted.</summary>
    /// <param name="secret">The frame.</param>
    public static Row<ThreadLocals> Aim(Mfn secret) => Submit(
        "xen-blkback/blkback.c submit_bio", "submit_bio(a frame that nobody granted, sector)",
        (draft, command) => command with
        {
            Elements = [.. command.Elements.Select(e => e with { BusAddress = secret.Address(0) })],
        });

    /// <summary>The end of a command: copies back what the device wrote, then tells the block driver.</summary>
    public static void Completed(Draft draft, uint tag, DiskResult result)
    {
        var disk = (Disk)draft.Disk!;
        if (disk.Iommu.Bounced.TryGetValue(tag, out var parts))
        {
            foreach (var part in result == DiskResult.Okay && ToMemory(draft, tag) ? parts : [])
            {
                draft.Poke(part.Original, part.Offset, draft.PeekBytes(part.Page, part.Offset, part.Bytes));
                draft.Say(new MachineEvent.BytesCopied(draft.Frames[part.Page].Owner, part.Bytes, false)
                {
                    From = part.Page, To = part.Original,
                });
            }

            draft.Disk = disk with { Iommu = disk.Iommu with { Bounced = disk.Iommu.Bounced.Remove(tag) } };
        }

        Blkback.Completed(draft, tag, result);
    }

    private static bool ToMemory(Draft draft, uint tag) => Blkback.State(draft).Find(tag) is { Read: true };

    private static Row<ThreadLocals> Submit(
        string cites, string text, Func<Draft, DiskCommand, DiskCommand> change) => new()
    {
        Label = "submit", Kind = AccessKind.Dma, Cites = cites, Text = text,
        Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
        {
            var flow = BlkbackServe.Submit(ref f, ref cpu);
            var draft = cpu.Draft;
            var queue = ((Disk)draft.Disk!).Queue.ToImmutableArray();
            var changed = change(draft, queue[^1]);
            var disk = (Disk)draft.Disk!;
            draft.Disk = disk with
            {
                Queue = ImmutableQueue.CreateRange(queue.SetItem(queue.Length - 1, changed)),
                Current = changed.Elements.IsEmpty ? null : changed.Elements[0],
            };
            return flow;
        },
    };

    private static DiskCommand Map(Draft draft, DiskCommand command)
    {
        var pending = Blkback.State(draft).Find(command.Key)!;
        var parts = ImmutableArray.CreateBuilder<BouncedPart>();
        var elements = ImmutableArray.CreateBuilder<SgElement>();
        for (var i = 0; i < command.Elements.Length; i++)
        {
            var element = command.Elements[i];
            var offset = (int)(element.BusAddress % PageSize.Bytes);
            var original = new Mfn(element.BusAddress >> PageSize.Shift);
            var page = new Mfn(FirstFrame + (ulong)pending.Segments[i].Slot);
            parts.Add(new BouncedPart(page, original, offset, element.Bytes));
            elements.Add(element with { BusAddress = page.Address(offset) });
            if (!command.ToMemory)
            {
                draft.Poke(page, offset, draft.PeekBytes(original, offset, element.Bytes));
                draft.Say(new MachineEvent.BytesCopied(draft.Frames[page].Owner, element.Bytes, false)
                {
                    From = original, To = page,
                });
            }
        }

        var disk = (Disk)draft.Disk!;
        draft.Disk = disk with
        {
            Iommu = disk.Iommu with { Bounced = disk.Iommu.Bounced.SetItem(command.Key, parts.ToImmutable()) },
        };
        return command with { Elements = elements.ToImmutable() };
    }
}
