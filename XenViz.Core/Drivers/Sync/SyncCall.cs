using XenViz.Core.Abi;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Sync;

/// <summary>
/// Our own variant for comparison, which Xen does not have: the notification is a call. The guest's CPU goes straight
/// to the driver domain and comes back with the answer; meanwhile the guest waits. The drivers are the usual ones, but
/// for the rows that notify.
/// </summary>
public static class SyncCall
{
    /// <summary>The frontend's way of a request into the ring, calling instead of notifying, and what it does when the
    /// call returns: the same as in its event handler.</summary>
    /// <param name="handler">The event handler's listing.</param>
    /// <param name="driver">The backend's domain.</param>
    public static Listing<QueueLocals> Queue(Listing<InterruptLocals> handler, DomId driver) => Blkfront.Queue
        .Without("push_mb").Without("push_event").Insert("send", Call(driver)).Replace("send", Returned(handler));

    /// <summary>The application over that queue.</summary>
    public static Listing<ApplicationLocals> Application(Listing<QueueLocals> queue) =>
        GuestApplication.Listing.Replace("hand_over", HandOver(queue));

    /// <summary>A ring thread whose answers are returns from the call.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="guest">The frontend's domain.</param>
    public static Listing<ThreadLocals> Thread(Listing<ThreadLocals> thread, DomId guest)
    {
        var answer = BlkbackAnswer.Listing.Without("push_mb").Without("push_event").Replace("send", Reply(guest));
        return thread.Replace("complete", Complete("complete", answer))
            .Replace("drain_complete", Complete("drain_complete", answer)).Replace("refuse", Refuse(answer));
    }

    private static Row<QueueLocals> Call(DomId driver) => Blkfront.Row(
        "call", AccessKind.Hypercall, "event_channel.h EVTCHNOP_send",
        "(our variant) call the driver domain and wait for its answer",
        (ref QueueLocals f, ref GuestCpu cpu) =>
        {
            cpu.Hypercall(Xen.Hypercall.EventChannelOp, "call_and_wait", driver.Value);
            Blkback.Woken(cpu.Draft, Blkback.State(cpu.Draft).Queues[f.Request.Queue].Port);
            Switch(cpu.Draft, cpu.Domain, driver);
            f.Old = default;
            return Flow.Next;
        });

    private static Row<QueueLocals> Returned(Listing<InterruptLocals> handler) => new()
    {
        Label = "send",
        Enter = (f, _, here) => handler.Start(new InterruptLocals { Queue = f.Request.Queue }, here),
    };

    private static Row<ApplicationLocals> HandOver(Listing<QueueLocals> queue) => new()
    {
        Label = "hand_over", Kind = AccessKind.Private, Cites = "xen-blkfront.c blkif_queue_rq",
        Text = "give the pages to blkfront",
        Body = (ref ApplicationLocals f, ref GuestCpu cpu) => GuestApplication.HandOver(ref f, ref cpu, queue),
    };

    private static Row<ThreadLocals> Complete(string label, Listing<AnswerLocals> answer) => new()
    {
        Label = label, Enter = (_, m, here) => answer.Start(BlkbackAnswer.For((BlkbackState)m.Back!), here),
    };

    private static Row<ThreadLocals> Refuse(Listing<AnswerLocals> answer) => new()
    {
        Label = "refuse",
        Enter = (f, _, here) =>
            answer.StartAt("put_id", new AnswerLocals { Response = f.Refusal, Queue = f.Queue }, here),
    };

    private static Row<AnswerLocals> Reply(DomId guest) => new()
    {
        Label = "reply", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_send",
        Text = "(our variant) return to the caller; wait for its next call",
        Body = (ref AnswerLocals f, ref GuestCpu cpu) =>
        {
            cpu.Hypercall(Xen.Hypercall.EventChannelOp, "return_and_wait", guest.Value);
            cpu.Draft.Back = Blkback.State(cpu.Draft) with { Answered = true };
            Switch(cpu.Draft, cpu.Domain, guest);
            return Flow.Return;
        },
    };

    // The CPU goes straight from one to the other: nobody is woken, nobody is scheduled.
    private static void Switch(Draft draft, DomId from, DomId to)
    {
        draft.Put(draft.Domain(from) with { Blocked = true });
        draft.Put(draft.Domain(to) with { Blocked = false });
        draft.Say(new MachineEvent.Switched(from, to));
    }
}
