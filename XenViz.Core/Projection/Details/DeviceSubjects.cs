using XenViz.Core.Abi;
using XenViz.Core.Devices.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>The device, its DMA engine, and the driver that commands it.</summary>
internal static class DeviceSubjects
{
    /// <summary>The engine that moves bytes between memory and the device.</summary>
    public static Subject Engine(Moment moment)
    {
        var dma = StageProjector.EngineOf(moment.Machine);
        return new Subject
        {
            Title = Subjects.Say("Title_dma"),
            About = Subjects.SayOf(moment, "About_dma"),
            Mark = Writer.Device,
            Owner = Subjects.SayOf(moment, "Owner_device"),
            Writes = Subjects.Say("Writes_dma"),
            Value = dma.BusAddress is { } address
                ? Subjects.Say("Value_dma", Subjects.Say("Dma_" + dma.State), Words.Hex(address), dma.Bytes)
                : Subjects.Say("Dma_" + dma.State),
            Parts =
            [
                new Part(Subjects.Say("Part_state"), Subjects.Say("Dma_" + dma.State), Writer.Device)
                {
                    Fact = m => StageProjector.EngineOf(m).State,
                },
                new Part(
                    Subjects.Say("Part_bus"), dma.BusAddress is { } bus ? Words.Hex(bus) : Subjects.Say("None"),
                    Writer.Driver)
                {
                    Fact = m => StageProjector.EngineOf(m).BusAddress,
                },
            ],
        };
    }

    /// <summary>The disk or the wire: what was put there.</summary>
    public static Subject Device(Moment moment) => new()
    {
        Title = Subjects.SayOf(moment, "Title_disk"),
        About = Subjects.SayOf(moment, "About_disk"),
        Mark = Writer.Device,
        Owner = Subjects.SayOf(moment, "Owner_device"),
        Writes = Subjects.SayOf(moment, "Writes_disk"),
        Value = Subjects.SayOf(moment, "Value_disk", Written(moment.Machine)),
        Parts =
        [
            new Part(Subjects.Say("Part_content"), Subjects.SayOf(moment, "Value_disk", Written(moment.Machine)),
                Writer.Device)
            {
                Fact = Content,
            },
        ],
    };

    /// <summary>The device's own driver in the driver domain.</summary>
    public static Subject Driver(Moment moment) => new()
    {
        Title = Subjects.SayOf(moment, "Title_disk-driver"),
        About = Subjects.SayOf(moment, "About_disk-driver"),
        Mark = Writer.Driver,
        Owner = Subjects.Say("Owner_driver", moment.Machine.Driver().Id),
        Writes = Subjects.Say("Writes_private_driver"),
        Value = Subjects.Say("Work_" + StageProjector.DriverOf(moment.Machine)),
        Parts =
        [
            new Part(
                Subjects.Say("Part_state"), Subjects.Say("Work_" + StageProjector.DriverOf(moment.Machine)),
                Writer.Driver)
            {
                Fact = StageProjector.DriverOf,
            },
        ],
    };

    private static int Written(Machine machine) => machine.Disk switch
    {
        Devices.Disk disk => disk.Overlay.Count,
        Nic nic => nic.Sent.Length,
        _ => 0,
    };

    private static object? Content(Machine machine) => machine.Disk switch
    {
        Devices.Disk disk => disk.Overlay,
        Nic nic => nic.Sent.Length,
        _ => null,
    };
}
