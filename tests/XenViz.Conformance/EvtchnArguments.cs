using System.Text.Json;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;

namespace XenViz.Conformance;

/// <summary>The argument of an event-channel hypercall, as bytes: written from the keys of a line, and read
/// back.</summary>
static class EvtchnArguments
{
    /// <summary>The command that an operation of a trace is, or null when it is not a hypercall of this kind.</summary>
    public static uint? CommandOf(string op) => op switch
    {
        "evtchn.allocUnbound" => EventChannel.Op.AllocUnbound,
        "evtchn.bindInterdomain" => EventChannel.Op.BindInterdomain,
        "evtchn.bindVirq" => EventChannel.Op.BindVirq,
        "evtchn.bindIpi" => EventChannel.Op.BindIpi,
        "evtchn.bindPirq" => EventChannel.Op.BindPirq,
        "evtchn.close" => EventChannel.Op.Close,
        "evtchn.send" => EventChannel.Op.Send,
        "evtchn.unmask" => EventChannel.Op.Unmask,
        "evtchn.bindVcpu" => EventChannel.Op.BindVcpu,
        "evtchn.status" => EventChannel.Op.Status,
        "evtchn.reset" => EventChannel.Op.Reset,
        "evtchn.initControl" => EventChannel.Op.InitControl,
        "evtchn.expandArray" => EventChannel.Op.ExpandArray,
        "evtchn.setPriority" => EventChannel.Op.SetPriority,
        _ => null,
    };

    /// <summary>Writes the inputs.</summary>
    public static void Write(uint command, JsonElement args, Span<byte> argument)
    {
        foreach (var (key, field) in Inputs(command))
        {
            field.Write(argument, TraceJson.Bits(args, key));
        }
    }

    /// <summary>Reads the outputs of a command that succeeded; null when it has none.</summary>
    public static JsonObject? Read(uint command, ReadOnlySpan<byte> argument) => command switch
    {
        EventChannel.Op.AllocUnbound => Port(EventChannel.AllocUnbound.Port, argument),
        EventChannel.Op.BindInterdomain => Port(EventChannel.BindInterdomain.LocalPort, argument),
        EventChannel.Op.BindVirq => Port(EventChannel.BindVirq.Port, argument),
        EventChannel.Op.BindIpi => Port(EventChannel.BindIpi.Port, argument),
        EventChannel.Op.BindPirq => Port(EventChannel.BindPirq.Port, argument),
        EventChannel.Op.Status => Status(argument),
        EventChannel.Op.InitControl => new JsonObject
        {
            ["linkBits"] = EventChannel.InitControl.LinkBits.Read(argument),
        },
        _ => null,
    };

    static (string Key, Field Field)[] Inputs(uint command) => command switch
    {
        EventChannel.Op.AllocUnbound =>
            [("dom", EventChannel.AllocUnbound.Dom), ("remoteDom", EventChannel.AllocUnbound.RemoteDom)],
        EventChannel.Op.BindInterdomain =>
        [
            ("remoteDom", EventChannel.BindInterdomain.RemoteDom),
            ("remotePort", EventChannel.BindInterdomain.RemotePort),
        ],
        EventChannel.Op.BindVirq => [("virq", EventChannel.BindVirq.Virq), ("vcpu", EventChannel.BindVirq.Vcpu)],
        EventChannel.Op.BindIpi => [("vcpu", EventChannel.BindIpi.Vcpu)],
        EventChannel.Op.BindPirq => [("pirq", EventChannel.BindPirq.Pirq), ("flags", EventChannel.BindPirq.Flags)],
        EventChannel.Op.Close => [("port", EventChannel.Close.Port)],
        EventChannel.Op.Send => [("port", EventChannel.Send.Port)],
        EventChannel.Op.Unmask => [("port", EventChannel.Unmask.Port)],
        EventChannel.Op.BindVcpu => [("port", EventChannel.BindVcpu.Port), ("vcpu", EventChannel.BindVcpu.Vcpu)],
        EventChannel.Op.Status => [("dom", EventChannel.StatusOf.Dom), ("port", EventChannel.StatusOf.Port)],
        EventChannel.Op.Reset => [("dom", EventChannel.Reset.Dom)],
        EventChannel.Op.InitControl =>
        [
            ("vcpu", EventChannel.InitControl.Vcpu), ("gfn", EventChannel.InitControl.ControlGfn),
            ("off", EventChannel.InitControl.Offset),
        ],
        EventChannel.Op.ExpandArray => [("gfn", EventChannel.ExpandArray.ArrayGfn)],
        _ => [("port", EventChannel.SetPriority.Port), ("prio", EventChannel.SetPriority.Priority)],
    };

    static JsonObject Port(in Field field, ReadOnlySpan<byte> argument) => new() { ["port"] = field.Read(argument) };

    static JsonObject Status(ReadOnlySpan<byte> argument)
    {
        var status = (EventChannelStatus)EventChannel.StatusOf.Status.Read(argument);
        var told = new JsonObject
        {
            ["status"] = status.ToString().ToLowerInvariant(), ["vcpu"] = EventChannel.StatusOf.Vcpu.Read(argument),
        };
        switch (status)
        {
            case EventChannelStatus.Unbound:
                told["dom"] = EventChannel.StatusOf.UnboundDom.Read(argument);
                break;
            case EventChannelStatus.Interdomain:
                told["dom"] = EventChannel.StatusOf.InterdomainDom.Read(argument);
                told["port"] = EventChannel.StatusOf.InterdomainPort.Read(argument);
                break;
            case EventChannelStatus.Pirq:
                told["pirq"] = EventChannel.StatusOf.Pirq.Read(argument);
                break;
            case EventChannelStatus.Virq:
                told["virq"] = EventChannel.StatusOf.Virq.Read(argument);
                break;
        }

        return told;
    }
}
