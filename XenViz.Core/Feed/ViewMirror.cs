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

        if (ViewDelta.TryApply(message.Base == 0 ? null : Current, message.Json) is not { } view)
        {
            return false;
        }

        Current = view with { Sequence = message.Sequence };
        return true;
    }
}
