using System.Buffers.Binary;
using System.Collections.Immutable;

namespace XenViz.Core.Projection.Packets;

/// <summary>A frame while it is taken apart: what is told so far, and where the next field begins.</summary>
internal ref struct PacketParts
{
    private readonly ImmutableArray<PacketLayerView>.Builder _layers = ImmutableArray.CreateBuilder<PacketLayerView>();
    private readonly ImmutableArray<PacketFieldView>.Builder _fields = ImmutableArray.CreateBuilder<PacketFieldView>();
    private string _name = "";
    private int _start;

    /// <summary>Begins with a frame.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="hint">What its slots say of the checksum.</param>
    public PacketParts(ReadOnlySpan<byte> frame, ChecksumHint hint)
    {
        Frame = frame;
        Hint = hint;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Frame { get; }

    /// <summary>What the slots say of the checksum.</summary>
    public ChecksumHint Hint { get; }

    /// <summary>Where the next field begins.</summary>
    public int At { get; private set; }

    /// <summary>Bytes from there on.</summary>
    public readonly int Left => Frame.Length - At;

    /// <summary>The innermost protocol so far.</summary>
    public string Protocol { get; private set; } = "Ethernet";

    /// <summary>What it says.</summary>
    public string Info { get; private set; } = "";

    /// <summary>The layers that are complete.</summary>
    public readonly ImmutableArray<PacketLayerView> Layers => _layers.ToImmutable();

    /// <summary>A layer begins.</summary>
    public void Begin(string name, int at)
    {
        (_name, _start, At) = (name, at, at);
        Protocol = name;
        _fields.Clear();
    }

    /// <summary>The next field.</summary>
    public void Add(string name, string value, int bytes, string meaning = "", string state = "")
    {
        _fields.Add(new PacketFieldView(name, value, meaning, At, bytes, state));
        At += bytes;
    }

    /// <summary>The layer is complete.</summary>
    public readonly void End(string info) =>
        _layers.Add(new PacketLayerView(_name, info, _start, At - _start, _fields.ToImmutable()));

    /// <summary>What the frame is about.</summary>
    public void Say(string protocol, string info) => (Protocol, Info) = (protocol, info);

    /// <summary>The frame ends inside the header of the layer, or the header contradicts itself.</summary>
    public void Cut()
    {
        Say(_name, PacketDecoder.Texts.Say("Malformed"));
        var bytes = Left;
        Add(
            PacketDecoder.Texts.Say("Rest"), Preview(Frame[At..]), bytes, PacketDecoder.Texts.Say("TooShort", bytes),
            "cut");
        End(Info);
    }

    /// <summary>What is carried up to an end, if there is any.</summary>
    public void Payload(int end)
    {
        var bytes = end - At;
        if (bytes > 0)
        {
            Carried(PacketDecoder.Texts.Say("Data"), bytes);
        }
    }

    /// <summary>Bytes behind the end of the packet, if there are any: Ethernet pads short frames.</summary>
    public void Trailer(int end)
    {
        At = Math.Max(At, end);
        if (Left > 0)
        {
            Carried(PacketDecoder.Texts.Say("Trailer"), Left);
        }
    }

    /// <summary>A number of the header that is 1 or 2 bytes wide.</summary>
    public readonly string Number(int bytes) => PacketDecoder.Text(bytes == 1 ? Frame[At] : Word(At));

    /// <summary>Two bytes, the first one high.</summary>
    public readonly ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(Frame[at..]);

    private void Carried(string name, int bytes)
    {
        _name = name;
        _start = At;
        _fields.Clear();
        Add(PacketDecoder.Texts.Say("Bytes"), Preview(Frame.Slice(At, bytes)), bytes);
        End(PacketDecoder.Texts.Say("Count", bytes));
    }

    private static string Preview(ReadOnlySpan<byte> bytes)
    {
        const int most = 32;
        Span<char> text = stackalloc char[Math.Min(most, bytes.Length)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = bytes[i] is >= 0x20 and <= 0x7E ? (char)bytes[i] : '.';
        }

        return bytes.Length > most ? string.Concat(text, "…") : text.ToString();
    }
}
