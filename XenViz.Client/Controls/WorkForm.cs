using XenViz.Core.Commands;

namespace XenViz.Client.Controls;

/// <summary>One item of work as filled in.</summary>
public sealed class WorkForm
{
    /// <summary><c>write</c>, <c>read</c>, <c>copy</c>, <c>file</c>, <c>barrier</c>, <c>flush</c>, <c>discard</c>; in a
    /// network run <c>send</c> or <c>receive</c>.</summary>
    public string Kind { get; set; } = "read";

    /// <summary>Text to write.</summary>
    public string Text { get; set; } = "";

    /// <summary>A file's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>First sector, or the sector to copy from.</summary>
    public long Sector { get; set; }

    /// <summary>For a discard: the old bytes must not be found again.</summary>
    public bool Secure { get; set; }

    /// <summary>The sector to copy to.</summary>
    public long To { get; set; }

    /// <summary>Sectors.</summary>
    public int Count { get; set; } = 8;

    /// <summary>Bytes of a packet.</summary>
    public int Bytes { get; set; } = 1500;

    /// <summary>Where a packet begins in its first page.</summary>
    public int Offset { get; set; } = RunLimits.UsualOffset;

    /// <summary>Payload of a segment, 0 for none.</summary>
    public int Segment { get; set; }

    /// <summary>The card fills in the checksum.</summary>
    public bool Blank { get; set; }

    /// <summary>True for packets.</summary>
    public bool IsPacket => Kind is "send" or "receive";

    /// <summary>The form of an item.</summary>
    public static WorkForm Of(WorkItem item) => item switch
    {
        WorkItem.WriteText write => new()
            { Kind = "write", Text = write.Text, Sector = write.Sector, Count = write.Sectors },
        WorkItem.ReadSectors read => new() { Kind = "read", Sector = read.Sector, Count = read.Count },
        WorkItem.CopySectors copy => new()
            { Kind = "copy", Sector = copy.From, To = copy.To, Count = copy.Count },
        WorkItem.ReadFile file => new() { Kind = "file", Name = file.Name },
        WorkItem.WriteBarrier write => new()
            { Kind = "barrier", Text = write.Text, Sector = write.Sector, Count = write.Sectors },
        WorkItem.Flush => new() { Kind = "flush" },
        WorkItem.DiscardSectors discard => new()
            { Kind = "discard", Sector = discard.Sector, Count = discard.Count, Secure = discard.Secure },
        WorkItem.SendPacket send => new()
        {
            Kind = "send", Bytes = send.Bytes, Text = send.Text, Offset = send.Offset, Segment = send.Segment,
            Blank = send.Blank,
        },
        WorkItem.ReceivePacket receive => new() { Kind = "receive", Bytes = receive.Bytes, Text = receive.Text },
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    /// <summary>The item that the form asks for.</summary>
    public WorkItem ToItem() => Kind switch
    {
        "write" => new WorkItem.WriteText(Sector, Text, Count),
        "copy" => new WorkItem.CopySectors(Sector, To, Count),
        "file" => new WorkItem.ReadFile(Name.Trim()),
        "barrier" => new WorkItem.WriteBarrier(Sector, Text, Count),
        "flush" => new WorkItem.Flush(),
        "send" => new WorkItem.SendPacket(Bytes, Text, Offset, Segment, Blank),
        "receive" => new WorkItem.ReceivePacket(Bytes, Text),
        "discard" => new WorkItem.DiscardSectors(Sector, Count, Secure),
        _ => new WorkItem.ReadSectors(Sector, Count),
    };
}
