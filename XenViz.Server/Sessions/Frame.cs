using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Server.Sessions;

/// <summary>
/// One numbered view of a session. Its two messages are made once, when the first viewer over the hub asks, whatever
/// the number of viewers.
/// </summary>
internal sealed class Frame
{
    private readonly Lazy<FeedMessage> whole;
    private Lazy<FeedMessage>? delta;

    /// <param name="view">The view with its number.</param>
    /// <param name="before">The view before, or null when this is the first in this process.</param>
    public Frame(SessionView view, SessionView? before)
    {
        View = view;
        whole = new(() => new FeedMessage(view.Sequence, 0, ViewDelta.Whole(view)));
        if (before is not null)
        {
            Base = before.Sequence;
            delta = new(() => new FeedMessage(view.Sequence, before.Sequence, ViewDelta.Diff(before, view)));
        }
    }

    /// <summary>The view.</summary>
    public SessionView View { get; }

    /// <summary>The number of the frame that the delta leads from; 0 when there is none.</summary>
    public long Base { get; }

    /// <summary>The message for a viewer that has seen frame <paramref name="seen"/> (0 for none): the delta when it is
    /// exactly one behind, else the whole view.</summary>
    public FeedMessage MessageAfter(long seen)
    {
        var step = Volatile.Read(ref delta);
        return seen > 0 && seen == Base && step is not null ? step.Value : whole.Value;
    }

    /// <summary>Lets go of the view before, once newer frames are out.</summary>
    public void Retire() => Volatile.Write(ref delta, null);
}
