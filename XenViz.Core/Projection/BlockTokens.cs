using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Values of the narration's tokens that only runs with a disk have: what is read, and the layouts of the
/// slots. </summary>
internal static class BlockTokens
{
    private const int HeadBytes = 8;

    /// <summary>Adds them.</summary>
    public static void Add(Dictionary<string, string> tokens, PlayedRow row, int ring, Focus? focus)
    {
        if (row.Record.Row.Key == "application.look" && row.Before.Application is ApplicationState { Job: { } job } app)
        {
            AddLook(tokens, row, job, app.Looked);
        }

        var front = (BlkfrontState)row.After.Front!;
        var (ours, theirs) = (front.Options.FrontLayout.SlotBytes, front.Options.BackLayout.SlotBytes);
        tokens["frontSlot"] = Text(ours);
        tokens["backSlot"] = Text(theirs);
        if (row.Record.Row.Key == "blkif_interrupt.copy")
        {
            var slot = RingSides.Of(row.Before, ring).RspCons;
            tokens["frontAt"] = Text(RingMath.SlotOffset(slot, front.Size, ours));
            tokens["backAt"] = Text(RingMath.SlotOffset(slot, front.Size, theirs));
        }

        AddDescriptor(tokens, row, focus);
    }

    // A descriptor is told by its first page, whichever was mapped last.
    private static void AddDescriptor(Dictionary<string, string> tokens, PlayedRow row, Focus? focus)
    {
        if (row.Events.OfType<MachineEvent.CommandQueued>().FirstOrDefault() is { } queued
            && new Mfn(queued.BusAddress >> PageSize.Shift) is var first
            && focus?.Request.Segments.Any(segment => segment.Page == first) == true)
        {
            tokens["frame"] = $"0x{first.Value:X}";
            tokens["dataAddress"] = $"0x{first.Address(0):X}";
        }
    }

    private static void AddLook(Dictionary<string, string> tokens, PlayedRow row, Job job, int looked)
    {
        tokens["page"] = Text(looked + 1);
        tokens["pages"] = Text(job.Pages);
        tokens["bytes"] = Text(
            Math.Min(job.Sectors - (looked * Blkif.SectorsPerPage), Blkif.SectorsPerPage) * Sector.SizeBytes);
        if (RowOutcomes.PageOf(row) is { } page)
        {
            var head = new byte[HeadBytes];
            page.Read(0, head);
            tokens["head"] = string.Join(' ', head.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
