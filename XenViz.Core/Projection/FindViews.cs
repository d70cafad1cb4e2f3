using System.Text.Json.Serialization;
using XenViz.Core.Abi;
using XenViz.Core.Commands;

namespace XenViz.Core.Projection;

/// <summary>A question about the whole branch on screen: which rows are about this?</summary>
/// <param name="Text">
/// Words that must all occur, a row's number (<c>4.12</c>) or label (<c>grant_flags</c>), or objects: <c>grant 42</c>,
/// <c>port 27</c>, <c>slot 5</c>, <c>frame 0x4b7e2</c>, <c>handle 6</c>, <c>request 5</c>, <c>vcpu 3</c>; a field may
/// follow its object: <c>grant 42 flags</c>; or a step of the figure: <c>step 4</c>. Upper and lower case are the same.
/// </param>
/// <param name="ChangesOnly">True for rows that change the objects, not those that only look at them.</param>
/// <param name="From">The number of the first hit to tell about, from 0.</param>
/// <param name="Count">How many hits to tell about, 0 to <see cref="MostHits"/>.</param>
public sealed record FindRequest(string Text, bool ChangesOnly = false, int From = 0, int Count = 50)
{
    /// <summary>Most hits told about in one answer.</summary>
    public const int MostHits = 200;

    /// <summary>Most characters of a question.</summary>
    public const int MostCharacters = 200;
}

/// <summary>The rows that a question found.</summary>
/// <param name="Error">Why nothing was looked for, or null.</param>
/// <param name="Branch">The branch that was looked through.</param>
/// <param name="Length">Its rows.</param>
/// <param name="Total">How many rows were found.</param>
/// <param name="Positions">The positions after the found rows, ascending; all of them when the question asked from
/// hit 0, else none.</param>
/// <param name="Hits">What was asked to be told about.</param>
public sealed record FindAnswer(
    CommandError? Error, int Branch, int Length, int Total, IReadOnlyList<int> Positions,
    IReadOnlyList<HitView> Hits)
{
    /// <summary>The answer to a question that was refused.</summary>
    /// <param name="error">Why.</param>
    public static FindAnswer Refused(CommandError error) => new(error, 0, 0, 0, [], []);
}

/// <summary>A row that was found.</summary>
/// <param name="Position">The position after it: what <see cref="Command.Seek"/> takes.</param>
/// <param name="Number">Its number: <c>4.12</c>.</param>
/// <param name="Lane">Whose row it is.</param>
/// <param name="Caption">What it does, in words.</param>
/// <param name="Detail">What it does to the object that was asked for: <c>grant 42 flags 0x0005 → 0x000D</c>; or
/// empty.</param>
/// <param name="Changes">True when it changes that object.</param>
public sealed record HitView(
    int Position, string Number, [property: JsonConverter(typeof(ActorWord))] Actor Lane, string Caption,
    string Detail, bool Changes);

/// <summary>An actor as a word in camel case.</summary>
public sealed class ActorWord()
    : JsonStringEnumConverter<Actor>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);
