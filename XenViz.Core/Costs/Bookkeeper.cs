using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Costs;

/// <summary>Reads from what happened in a row what is to be booked for it.</summary>
public static class Bookkeeper
{
    /// <summary>The counts of a row.</summary>
    /// <param name="record">The row.</param>
    /// <param name="before">The machine before it.</param>
    /// <param name="events">What happened in it.</param>
    /// <param name="cpus">CPUs that may hold mappings of the driver domain, at least 1.</param>
    public static Counts Of(StepRecord record, Machine before, IReadOnlyList<MachineEvent> events, int cpus = 1)
    {
        var sum = default(Counts);
        var written = false;
        foreach (var happened in events)
        {
            written |= happened is MachineEvent.StoreWritten;
            sum += happened switch
            {
                MachineEvent.HypercallMade call => Call(call, CallerIsPv(record, before)),
                MachineEvent.Woken { WasBlocked: true } => new Counts { Wakes = 1 },
                MachineEvent.Switched => new Counts { Switches = 1 },
                MachineEvent.InterruptRaised => new Counts { Interrupts = 1 },
                MachineEvent.IommuChanged change when change.Before != change.After =>
                    new Counts { IommuUpdates = 1 },
                MachineEvent.TlbFlushed => new Counts
                {
                    TlbFlushes = 1, TlbRemoteFlushes = cpus > 1 ? 1 : 0, TlbFurtherCpus = Math.Max(0, cpus - 2),
                },
                MachineEvent.DmaMoved dma => new Counts { DmaBytes = dma.Bytes },
                MachineEvent.BytesCopied copy => copy.ByXen
                    ? new Counts { XenCopies = 1, XenCopyBytes = copy.Bytes }
                    : new Counts { CpuBytes = copy.Bytes },
                MachineEvent.Accessed access => Access(before, access),
                MachineEvent.Fenced => new Counts { Accesses = 1 },
                _ => default,
            };
        }

        if (record.Row.Label == "upcall")
        {
            sum += new Counts { Upcalls = 1 };
        }

        return written ? sum + new Counts { StoreWrites = 1 } : sum;
    }

    /// <summary>
    /// True for a row that nobody waits for: a vCPU that goes to sleep (<c>SCHEDOP_block</c>) has nothing left to do.
    /// </summary>
    public static bool IsOffPath(IReadOnlyList<MachineEvent> events) =>
        events.Any(e => e is MachineEvent.HypercallMade { Number: Xen.Hypercall.SchedOp });

    private static bool CallerIsPv(StepRecord record, Machine before) =>
        before.Agents[record.Choice.Agent].Kind.Domain is not { } domain || before[domain].IsPv;

    private static Counts Call(MachineEvent.HypercallMade call, bool pv)
    {
        var made = pv ? new Counts { Hypercalls = 1 } : new Counts { HvmHypercalls = 1 };
        return made + call.Symbol switch
        {
            "EVTCHNOP_send" => new Counts { Notifications = 1 },
            "GNTTABOP_map_grant_ref" => new Counts { Maps = call.Count },
            "GNTTABOP_unmap_grant_ref" => new Counts { Unmaps = call.Count },
            _ => default,
        };
    }

    // Slots of a ring, and pages of segments, hold descriptions, not payload.
    private static Counts Access(Machine before, MachineEvent.Accessed access)
    {
        var use = before.Frames.Find(access.Mfn)?.Use;
        var describes = use == FrameUse.Segments || (use == FrameUse.Ring && access.Offset >= Ring.HeaderBytes);
        return new Counts { Accesses = 1, ControlBytes = describes ? access.After.Length : 0 };
    }
}
