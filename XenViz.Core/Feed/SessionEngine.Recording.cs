using System.Text.Json;
using System.Text.Json.Serialization;
using XenViz.Core.Commands;
using XenViz.Core.History;
using XenViz.Core.Projection;
using XenViz.Core.Simulation;

namespace XenViz.Core.Feed;

/// <summary>What is kept of a session: the scenario and the choices of every branch, as links.</summary>
/// <param name="Version">1.</param>
/// <param name="Branches">One link a branch, in their order.</param>
/// <param name="Branch">The branch on screen.</param>
/// <param name="Position">The position in it.</param>
/// <param name="Speed">The speed.</param>
/// <param name="Names">A name a branch, null for those without; null when none has one.</param>
/// <param name="Deleted">The places in <paramref name="Branches"/> of those that are deleted, or null.</param>
/// <param name="Breakpoints">The breakpoints, or null.</param>
/// <param name="Prices">The prices that were set, or null.</param>
public sealed record Recording(
    int Version, string[] Branches, int Branch, int Position, double Speed, string?[]? Names = null,
    int[]? Deleted = null, Breakpoint[]? Breakpoints = null, SetPriceView[]? Prices = null);

/// <summary>Recordings are read and written without reflection, so that trimming cannot break them.</summary>
[JsonSerializable(typeof(Recording))]
internal sealed partial class RecordingJson : JsonSerializerContext;

/// <summary>Saving and bringing back.</summary>
public sealed partial class SessionEngine
{
    /// <summary>
    /// The recording: parameters, branches as lists of choices, position and detail, as JSON (a few KB).
    /// </summary>
    public string Save() => JsonSerializer.Serialize(
        new Recording(
            1, [.. _timeline.Branches.Select(b => Link(b, 0).Format())], PlaceOf(_branch), _position, Speed,
            [.. _timeline.Branches.Select(b => b.Name)],
            [.. _timeline.Branches.Where(b => b.Deleted).Select(PlaceOf)], [.. _breakpoints.All],
            [.. WithPrices(new CostView()).Prices]),
        RecordingJson.Default.Recording);

    /// <summary>Brings a session back from its recording (<see cref="Save"/>).</summary>
    /// <param name="recording">What was saved.</param>
    /// <param name="image">The uploaded image when the run uses one.</param>
    public static (SessionEngine? Engine, CommandError? Error) Restore(string recording, byte[]? image)
    {
        Recording? saved;
        try
        {
            saved = JsonSerializer.Deserialize(recording, RecordingJson.Default.Recording);
        }
        catch (JsonException)
        {
            saved = null;
        }

        if (saved is not { Version: 1, Branches.Length: > 0 })
        {
            return (null, Bad("recording", "BadRecording"));
        }

        var (first, error) = RunLink.Parse(saved.Branches[0]);
        if (first is null)
        {
            return (null, error);
        }

        var (engine, refused) = Create(first, image);
        return engine is null ? (null, refused) : engine.Resume(saved);
    }

    // Numbers of branches may have gaps; places in the list have none.
    private int PlaceOf(Branch branch) => _timeline.Branches.ToList().IndexOf(branch);

    private (SessionEngine? Engine, CommandError? Error) Resume(Recording saved)
    {
        foreach (var text in saved.Branches.Skip(1))
        {
            var (link, error) = RunLink.Parse(text);
            if (link is null)
            {
                return (null, error);
            }

            var (branch, badAt) = _timeline.Follow([.. link.Choices.Select(a => new Choice(a))]);
            if (branch is null)
            {
                return (null, Bad("c", "BadChoices", badAt + 1));
            }
        }

        for (var i = 0; i < _timeline.Branches.Count && i < (saved.Names?.Length ?? 0); i++)
        {
            _timeline.Branches[i].Name = saved.Names![i];
        }

        foreach (var deleted in saved.Deleted ?? [])
        {
            _timeline.Delete(deleted);
        }

        _breakpoints.Take(saved.Breakpoints ?? []);
        foreach (var price in saved.Prices ?? [])
        {
            SetPrice(price.Key, price.Value);
        }

        if (SwitchTo(saved.Branch) is { } noBranch)
        {
            return (null, noBranch);
        }

        Speed = Speeds.Contains(saved.Speed) ? saved.Speed : 1;
        return Seek(saved.Position, "position") is { } bad ? (null, bad) : (this, null);
    }
}
