using System.Collections.Immutable;

namespace XenViz.Client.Stage;

/// <summary>
/// The stage as a picture: what stands where at one step, in the units of a virtual canvas. A pure value: equal views
/// give equal scenes, so two scenes can be compared node by node.
/// </summary>
public sealed record Scene
{
    /// <summary>Width of the canvas in its own units.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the canvas in its own units.</summary>
    public required int Height { get; init; }

    /// <summary>The objects, from the back to the front.</summary>
    public ImmutableArray<SceneNode> Nodes { get; init; } = [];

    /// <summary>What moves or moved in this step, in order of time.</summary>
    public ImmutableArray<SceneCarrier> Carriers { get; init; } = [];

    /// <summary>The circles 1 to 7.</summary>
    public ImmutableArray<SceneCircle> Circles { get; init; } = [];

    /// <summary>The same objects in words, one line each.</summary>
    public ImmutableArray<SceneTwin> Twins { get; init; } = [];

    /// <summary>The sentence that names the whole picture.</summary>
    public required string Label { get; init; }

    /// <summary>Milliseconds from the start of the step's motion to its end, at normal speed.</summary>
    public int MotionMs { get; init; }
}

/// <summary>An object, or a part of the scenery.</summary>
/// <param name="Key">Its identity in the scene; the same thing has the same key at every step.</param>
/// <param name="ObjectId">The id that the projection uses (<c>grant</c>), or null for scenery.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Look">How it takes part.</param>
/// <param name="EffectMs">Milliseconds after which its change shows when the step is played.</param>
/// <param name="Marks">What it is drawn of, from the back to the front.</param>
public sealed record SceneNode(
    string Key, string? ObjectId, SceneOwner Owner, SceneLook Look, int EffectMs, ImmutableArray<SceneMark> Marks)
{
    /// <summary>How far the whole node is shifted to the right: what slides along the ring.</summary>
    public double ShiftX { get; init; }

    /// <summary>True when the object came to be in this step.</summary>
    public bool Appears { get; init; }

    /// <summary>What is asked about when it is pressed: of the ring its slots and indices too.</summary>
    public string? DetailId => ObjectId != "ring" ? ObjectId
        : Key.StartsWith("slot-", StringComparison.Ordinal) && char.IsAsciiDigit(Key[5]) ? "slot." + Key[5..]
        : Key.StartsWith("flag-", StringComparison.Ordinal) ? "ring." + Key[5..]
        : ObjectId;

    /// <summary>True when both would be drawn the same.</summary>
    public bool Draws(SceneNode other) =>
        Key == other.Key && Look == other.Look && Owner == other.Owner && EffectMs == other.EffectMs
        && ShiftX.Equals(other.ShiftX) && Appears == other.Appears
        && Marks.AsSpan().SequenceEqual(other.Marks.AsSpan());
}

/// <summary>Whose a thing is: one colour and one shape each.</summary>
public enum SceneOwner
{
    /// <summary>Nobody's in particular.</summary>
    None,

    /// <summary>The guest: blue, a square.</summary>
    Guest,

    /// <summary>The driver domain: vermillion, a pennant.</summary>
    Driver,

    /// <summary>The hypervisor: purple, a hexagon.</summary>
    Xen,

    /// <summary>Hardware: green, a diamond.</summary>
    Hardware,
}

/// <summary>How an object takes part in a step.</summary>
public enum SceneLook
{
    /// <summary>It stands there.</summary>
    Idle,

    /// <summary>It acts: thick lines.</summary>
    Acting,

    /// <summary>It takes no part: its shapes fade, its words stay.</summary>
    Dim,
}

/// <summary>A piece of a drawing.</summary>
/// <param name="Class">Classes of stage.css.</param>
public abstract record SceneMark(string Class)
{
    /// <summary>True for what shows, once, that something has changed: it is a new element at each step, so that it
    /// moves again.</summary>
    public bool IsEffect => Class.EndsWith("effect", StringComparison.Ordinal);
}

/// <summary>A rectangle.</summary>
public sealed record RectMark(double X, double Y, double Width, double Height, double Radius, string Class)
    : SceneMark(Class);

/// <summary>A circle.</summary>
public sealed record DiscMark(double X, double Y, double Radius, string Class) : SceneMark(Class);

/// <summary>A path in SVG's own notation.</summary>
public sealed record PathMark(string Data, string Class) : SceneMark(Class);

/// <summary>A line of text on its baseline.</summary>
/// <param name="X">The anchor.</param>
/// <param name="Y">The baseline.</param>
/// <param name="Text">The words.</param>
/// <param name="Role">Its font and size.</param>
/// <param name="Anchor">Which end of the text stands at X.</param>
/// <param name="Class">Further classes.</param>
/// <param name="Was">The words before the step changed them, or null.</param>
public sealed record TextMark(
    double X, double Y, string Text, TextRole Role, TextAnchor Anchor, string Class = "", string? Was = null)
    : SceneMark(Class);

/// <summary>Which end of a text stands at its point.</summary>
public enum TextAnchor
{
    /// <summary>The start.</summary>
    Start,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>The end.</summary>
    End,
}

/// <summary>Something that moves along a lane, and the trace it leaves.</summary>
/// <param name="Key">Its identity within the step.</param>
/// <param name="Kind">The projection's kind, such as <c>map</c>.</param>
/// <param name="Owner">Who causes it.</param>
/// <param name="Lane">The way, as path data, up to the foot of the head.</param>
/// <param name="Way">The way of the token, as path data, to the tip.</param>
/// <param name="Head">The arrow's head as path data; empty for none.</param>
/// <param name="Style">How it moves.</param>
/// <param name="Bridge">True when it crosses Xen on a bridge.</param>
/// <param name="Token">What travels.</param>
/// <param name="TokenText">The token's words.</param>
/// <param name="RestX">Where the token rests afterwards.</param>
/// <param name="RestY">Where the token rests afterwards.</param>
/// <param name="Letter">The letter of the beat: a, b, c; empty when the step has one beat only.</param>
/// <param name="LetterX">Where the letter stands.</param>
/// <param name="LetterY">Where the letter stands.</param>
/// <param name="StartMs">When it starts.</param>
/// <param name="DurationMs">How long it travels.</param>
public sealed record SceneCarrier(
    string Key, string Kind, SceneOwner Owner, string Lane, string Way, string Head, CarrierStyle Style, bool Bridge,
    CarrierToken Token, string TokenText, double RestX, double RestY, string Letter, double LetterX, double LetterY,
    int StartMs, int DurationMs);

/// <summary>How a carrier moves.</summary>
public enum CarrierStyle
{
    /// <summary>A token travels, the lane lights.</summary>
    Travel,

    /// <summary>The arrow grows towards its head (a mapping).</summary>
    Grow,

    /// <summary>The arrow retracts (an unmapping).</summary>
    Retract,

    /// <summary>A quiet line without a head: xenstore.</summary>
    Line,

    /// <summary>Nothing is drawn of its own: the effect is all there is to see.</summary>
    None,
}

/// <summary>What travels.</summary>
public enum CarrierToken
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A grant reference: a notched ticket.</summary>
    Ticket,

    /// <summary>A notification: one bit.</summary>
    Bell,

    /// <summary>Bytes of a page.</summary>
    Page,

    /// <summary>A number that is no grant reference: a handle, a port.</summary>
    Tag,

    /// <summary>Something without a number.</summary>
    Dot,
}

/// <summary>A numbered circle.</summary>
/// <param name="Step">1 to 7.</param>
/// <param name="X">Its centre.</param>
/// <param name="Y">Its centre.</param>
/// <param name="State"><c>future</c>, <c>current</c> or <c>past</c>.</param>
/// <param name="Name">What it is called for a screen reader.</param>
public sealed record SceneCircle(int Step, double X, double Y, string State, string Name);

/// <summary>An object in words.</summary>
/// <param name="ObjectId">The id that the projection uses.</param>
/// <param name="Text">Name, owner, state and value.</param>
public sealed record SceneTwin(string ObjectId, string Text);
