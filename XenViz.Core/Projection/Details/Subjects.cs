using System.Globalization;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>From the id of an object on screen to what there is to say about it at a moment.</summary>
internal static class Subjects
{
    /// <summary>The texts.</summary>
    public static ResourceManager Texts { get; } = Words.Resource("Details.DetailText");

    /// <summary>The object, or null when there is none of this id at this moment.</summary>
    public static Subject? Of(Moment moment, string id) => id.Split('.') switch
    {
        ["app"] => PartySubjects.Application(moment),
        ["front"] => RingSubjects.Front(moment),
        ["back"] => RingSubjects.Back(moment),
        ["front" or "back", var index] => RingSubjects.Private(moment, index),
        ["ring"] => RingSubjects.Page(moment),
        [var line] when RingLines.NumberOf(line) is { } ring => RingSubjects.Line(moment, ring),
        [var line, "slot" or "ring" or "front" or "back", _] when RingLines.NumberOf(line) is { } ring =>
            RingSubjects.Within(moment, ring, id[(line.Length + 1)..]),
        ["ring", var field] => RingSubjects.Index(moment, field),
        ["slot", var slot] => Number(slot) is { } number ? RingSubjects.Slot(moment, number) : null,
        ["data"] => moment.DataPage is { } page ? PageSubjects.Of(moment, page) : null,
        ["guest-window"] => moment.DataPage is { } page ? PageSubjects.GuestWindow(moment, page) : null,
        ["driver-window"] => moment.Windowed is { } page ? PageSubjects.DriverWindow(moment, page) : null,
        ["own-page"] => moment.OwnPage is { } page ? PageSubjects.Of(moment, page) : null,
        ["iommu"] => (moment.OwnPage ?? moment.Windowed) is { } page ? PageSubjects.Iommu(moment, page) : null,
        ["frame", var mfn] => Number(mfn) is { } number ? PageSubjects.Of(moment, new Mfn(number)) : null,
        ["grant"] => OnStage(moment) is { } focus ? GrantSubjects.Entry(moment, focus) : null,
        ["grant", var reference] => Number(reference) is { } number && number <= uint.MaxValue
            ? GrantSubjects.Entry(moment, new GrantRef((uint)number))
            : null,
        ["maptrack"] => OnStage(moment) is { } focus ? GrantSubjects.MaptrackOf(moment, focus) : null,
        ["mapping", var handle] => Number(handle) is { } number && number <= uint.MaxValue
            ? GrantSubjects.Mapping(moment, new GrantHandle((uint)number))
            : null,
        ["guest-port"] => PortSubjects.Of(moment, moment.Machine.Guest().Id, moment.Sides().FrontPort),
        ["driver-port"] => PortSubjects.Of(moment, moment.Machine.Driver().Id, moment.Sides().BackPort),
        ["disk-port"] => PortSubjects.Of(moment, moment.Machine.Driver().Id, moment.Machine.DiskPort()),
        ["port", var domain, var port] => Number(domain) is <= ushort.MaxValue and { } d
            && Number(port) is { } n && n <= uint.MaxValue
            ? PortSubjects.Of(moment, new DomId((ushort)d), new Port((uint)n))
            : null,
        ["field", var mfn, var offset, var length] =>
            (Number(mfn), Number(offset), Number(length)) is ({ } frame, { } first, { } bytes)
                ? FieldSubjects.Of(moment, frame, first, bytes)
                : null,
        ["events", var domain] => Number(domain) is <= ushort.MaxValue and { } owner
            ? EventSubjects.Of(moment, new DomId((ushort)owner))
            : null,
        ["dma"] => DeviceSubjects.Engine(moment),
        ["disk"] => DeviceSubjects.Device(moment),
        ["disk-driver"] => DeviceSubjects.Driver(moment),
        ["guest"] => PartySubjects.Domain(moment, moment.Machine.Guest(), "guest"),
        ["driver"] => PartySubjects.Domain(moment, moment.Machine.Driver(), "driver"),
        ["xenstore"] => StoreSubjects.Store(moment),
        ["xenstore", ..] => StoreSubjects.Node(moment, id["xenstore.".Length..]),
        ["xen"] => PartySubjects.Xen(moment),
        _ => null,
    };

    /// <summary>A text, filled.</summary>
    public static string Say(string key, params ReadOnlySpan<object?> values) => Texts.Say(key, values);

    /// <summary>A text that is another one for the network.</summary>
    public static string SayOf(Moment moment, string key, params ReadOnlySpan<object?> values) =>
        Texts.Say(IsNetwork(moment) ? key + "_net" : key, values);

    /// <summary>True when the device is a network interface.</summary>
    public static bool IsNetwork(Moment moment) => moment.Machine.Front is Drivers.Network.NetfrontState;

    /// <summary>The owner of a frame or port, in words.</summary>
    public static string Owner(Machine machine, DomId domain) =>
        domain == machine.Driver().Id ? Say("Owner_driver", domain)
        : domain == machine.Guest().Id ? Say("Owner_guest", domain)
        : domain == Hypervisor.PageTransfer.Nobody ? Say("Owner_nobody")
        : Say("Owner_other", domain);

    /// <summary>The colour of a domain.</summary>
    public static Writer MarkOf(Machine machine, DomId domain) =>
        domain == machine.Driver().Id ? Writer.Driver
        : domain == machine.Guest().Id ? Writer.Guest
        : Writer.Nobody;

    /// <summary>A number in decimal.</summary>
    public static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static GrantRef? OnStage(Moment moment) => GrantProjector.FocusRef(moment);

    /// <summary>A number of an id, or null.</summary>
    public static ulong? Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
