using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Rings;

/// <summary>The rows of RING_PUSH_*_AND_CHECK_NOTIFY with the notification behind them, for any ring.</summary>
/// <typeparam name="T">The locals of the listing.</typeparam>
/// <param name="end">The end that pushes.</param>
/// <param name="touch">Says what the rows are about.</param>
/// <param name="then">The label to go on at afterwards, or null to return.</param>
public sealed class RingPush<T>(RingEndOf<T> end, Touch<T> touch, string? then)
    where T : struct, IPushLocals
{
    /// <summary>The rows of a frontend: it publishes requests.</summary>
    public IEnumerable<Row<T>> Requests() =>
        Rows(true, "RING_PUSH_REQUESTS_AND_CHECK_NOTIFY", Ring.ReqProd, Ring.ReqEvent, Phase.Submit);

    /// <summary>The rows of a backend: it publishes responses.</summary>
    public IEnumerable<Row<T>> Responses() =>
        Rows(false, "RING_PUSH_RESPONSES_AND_CHECK_NOTIFY", Ring.RspProd, Ring.RspEvent, Phase.Answer);

    private IEnumerable<Row<T>> Rows(bool byFront, string macro, Field prod, Field armed, Phase part)
    {
        var cites = "io/ring.h " + macro;
        yield return Row("push_old", AccessKind.Load, cites, $"old = ring.{prod.Name}; new = {prod.Name}_pvt",
            (ref T f, ref GuestCpu cpu) =>
            {
                f.Old = new RingIndex((uint)cpu.Load(end(f, ref cpu).Ring, prod.OffsetBytes, 4));
                return Flow.Next;
            });
        yield return Row("push_wmb", AccessKind.Fence, cites, "wmb()", (ref T f, ref GuestCpu cpu) =>
        {
            cpu.Fence(FenceKind.Write);
            return Flow.Next;
        });
        yield return Row("push_new", AccessKind.Store, cites, $"ring.{prod.Name} = new", (ref T f, ref GuestCpu cpu) =>
        {
            var mine = end(f, ref cpu);
            cpu.Store(mine.Ring, prod.OffsetBytes, mine.Next.Value, 4);
            return Flow.Next;
        });
        yield return Row("push_mb", AccessKind.Fence, cites, "mb()", (ref T f, ref GuestCpu cpu) =>
        {
            cpu.Fence(FenceKind.Full);
            return Flow.Next;
        });
        yield return Row("push_event", AccessKind.Load, cites,
            $"notify = (new - ring.{armed.Name}) < (new - old)", (ref T f, ref GuestCpu cpu) =>
            {
                var mine = end(f, ref cpu);
                var flag = new RingIndex((uint)cpu.Load(mine.Ring, armed.OffsetBytes, 4));
                var notify = RingMath.Notify(f.Old, mine.Next, flag);
                RingNotes.Push(cpu.Draft, byFront, f.Old, mine.Next, flag, notify);
                f.Old = default;
                return notify ? Flow.Next : End;
            });
        yield return Row("send", AccessKind.Hypercall, "event_channel.h EVTCHNOP_send", "notify_remote_via_irq(port)",
            (ref T f, ref GuestCpu cpu) =>
            {
                var port = end(f, ref cpu).Port;
                cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_send", port.Value);
                var send = new DeliveryLocals { Caller = cpu.Domain, From = port, Part = part };
                return Flow.Call(caller => EventDelivery.Send.Start(send, caller), then);
            });
        if (then is null)
        {
            yield return new() { Label = "pushed", Enter = (_, _, here) => here };
        }
    }

    private Flow End => then is null ? Flow.Return : Flow.To(then);

    private Row<T> Row(string label, AccessKind kind, string cites, string text, RowBody<T> body) => new()
    {
        Label = label, Kind = kind, Cites = cites, Text = text,
        Body = (ref T f, ref GuestCpu cpu) =>
        {
            touch(f, cpu.Draft);
            return body(ref f, ref cpu);
        },
    };
}
