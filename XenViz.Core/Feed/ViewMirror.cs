using System.Text.Json;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>The receiving end of a feed: applies messages in order and notices when one is missing.</summary>
public sealed class ViewMirror
{
    /// <summary>The newest view, or null before the first whole one.</summary>
    public SessionView? Current { get; private set; }

    /// <summary>Applies a message.</summary>
    /// <returns>False when it cannot be applied to what is here (a gap, no view yet, or no JSON of a view): ask for the
    /// whole view. <see cref="Current"/> is then what it was.</returns>
    public bool TryApply(FeedMessage message)
    {
        if (message.Base != 0 && message.Base != Current?.Sequence)
        {
            return false;
        }

        try
        {
            var view = message.Base == 0 ? ViewDelta.Read(message.Json) : ViewDelta.Apply(Current!, message.Json);
            Current = view with { Sequence = message.Sequence };
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Applies to the view what it says already, of its short parts. Nothing changes; but an interpreter prepares code
    /// when it first runs, and the first key is then answered as fast as the next ones.
    /// </summary>
    /// <returns>True when there is a view and it could be.</returns>
    public bool Rehearse()
    {
        if (Current is not { } view)
        {
            return false;
        }

        var parts = view with
        {
            Timeline = new TimelineView(), Code = new CodeView(), Bytes = new HexView(), Cost = new CostView(),
        };
        var applied = TryApply(new FeedMessage(view.Sequence, view.Sequence, ViewDelta.Whole(parts)));
        Current = view;
        return applied;
    }
}
