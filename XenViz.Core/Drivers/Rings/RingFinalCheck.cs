using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Events;
using XenViz.Core.Programs;

namespace XenViz.Core.Drivers.Rings;

/// <summary>The rows of RING_FINAL_CHECK_FOR_*, for any ring: look, arm the own event index, look once more.</summary>
/// <typeparam name="T">The locals of the listing.</typeparam>
/// <param name="end">The end that consumes.</param>
/// <param name="more">The label to go on at when something has come; the index read is then in the locals.</param>
/// <param name="none">The label to go on at when it is safe to stop.</param>
public sealed class RingFinalCheck<T>(RingEndOf<T> end, string more, string none)
    where T : struct, IConsumerLocals
{
    /// <summary>The rows of a backend: it looks for requests.</summary>
    public IEnumerable<Row<T>> Requests() => Rows("RING_FINAL_CHECK_FOR_REQUESTS", Ring.ReqProd, Ring.ReqEvent, "req");

    /// <summary>The rows of a frontend: it looks for responses.</summary>
    public IEnumerable<Row<T>> Responses() =>
        Rows("RING_FINAL_CHECK_FOR_RESPONSES", Ring.RspProd, Ring.RspEvent, "rsp");

    private IEnumerable<Row<T>> Rows(string macro, Field prod, Field armed, string word)
    {
        var cites = "io/ring.h " + macro;
        yield return new()
        {
            Label = "final_load", Kind = AccessKind.Load, Cites = cites,
            Text = $"more = ring.{prod.Name} != {word}_cons",
            Body = (ref T f, ref GuestCpu cpu) => Look(ref f, ref cpu, prod) ? Flow.To(more) : Flow.Next,
        };
        yield return new()
        {
            Label = "final_arm", Kind = AccessKind.Store, Cites = cites,
            Text = $"ring.{armed.Name} = {word}_cons + 1",
            Body = (ref T f, ref GuestCpu cpu) =>
            {
                var mine = end(f, ref cpu);
                cpu.Store(mine.Ring, armed.OffsetBytes, mine.Next.Plus(1).Value, 4);
                return Flow.Next;
            },
        };
        yield return new()
        {
            Label = "final_mb", Kind = AccessKind.Fence, Cites = cites, Text = "mb()",
            Body = (ref T f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            },
        };
        yield return new()
        {
            Label = "final_again", Kind = AccessKind.Load, Cites = cites,
            Text = $"more = ring.{prod.Name} != {word}_cons",
            Body = (ref T f, ref GuestCpu cpu) => Look(ref f, ref cpu, prod) ? Flow.To(more) : Flow.To(none),
        };
    }

    private bool Look(ref T f, ref GuestCpu cpu, Field prod)
    {
        var mine = end(f, ref cpu);
        var found = new RingIndex((uint)cpu.Load(mine.Ring, prod.OffsetBytes, 4));
        f.Prod = found;
        if (found == mine.Next)
        {
            return false;
        }

        cpu.Draft.Say(new MachineEvent.Outcome("more"));
        return true;
    }
}
