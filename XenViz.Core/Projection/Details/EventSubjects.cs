using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>What a domain shares with Xen for all its ports: bitmaps and selector, or a control block.</summary>
internal static class EventSubjects
{
    /// <summary>The words; null when there is no such domain with a port on show.</summary>
    public static Subject? Of(Moment moment, DomId id)
    {
        var machine = moment.Machine;
        if (EventProjector.Of(moment).Domains.FirstOrDefault(d => d.Domain == id.Value) is not { } view)
        {
            return null;
        }

        var fifo = view.Abi == "fifo";
        var news = view.Fields.First(f => f.Name == (fifo ? "ready" : Xen.VcpuInfo.PendingSel.Name));
        var ports = Subjects.Text(view.Queues.Sum(q => q.Ports.Length));
        var quiet = news.Value.All(c => c is '0' or 'x') && view.Queues.IsEmpty;
        var block = FifoWord.BlockOf(machine[id], 0);
        return new Subject
        {
            Title = Subjects.Say("Title_events_" + view.Abi, id),
            About = Subjects.Say("About_events_" + view.Abi),
            Mark = Writer.Xen,
            Owner = Subjects.Owner(machine, id),
            Writes = Subjects.Say("Writes_events_" + view.Abi),
            Name = fifo
                ? "struct evtchn_fifo_control_block"
                : "struct shared_info: vcpu_info, evtchn_pending, evtchn_mask",
            Value = quiet ? Subjects.Say("Value_events_quiet")
                : Subjects.Say("Value_events_" + view.Abi, news.Value, ports),
            At = block is var (mfn, at)
                ? new Place(mfn, at, EventChannel.ControlBlock.SizeBytes)
                : new Place(machine[id].SharedInfo, 0, 16),
            Parts =
            [
                .. view.Fields.Select(f => new Part(f.Name, f.Value, f.Writer)
                {
                    Cites = Cites(f.Name), At = new Place(new Mfn(f.Mfn), f.Offset, f.Length),
                }),
            ],
        };
    }

    private static string Cites(string name) => name.Split('[')[0] switch
    {
        "ready" => EventChannel.ControlBlock.Ready.Citation,
        "head" => EventChannel.ControlBlock.Head.Citation,
        "evtchn_pending" => Xen.SharedInfo.EvtchnPending.Citation,
        "evtchn_mask" => Xen.SharedInfo.EvtchnMask.Citation,
        var other => "xen.h vcpu_info." + other,
    };
}
