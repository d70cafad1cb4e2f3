using XenViz.Core.Events;

namespace XenViz.Core.Projection;

/// <summary>The pushes of a branch: each knows the one before it.</summary>
internal static class Pushes
{
    /// <summary>The last push that computed "notify?", with its number; null when there was none.</summary>
    /// <param name="index">The rows.</param>
    /// <param name="facts">The last row, or null at the start.</param>
    /// <param name="side">The interface that it must be about: 0, or 1 for that of a second guest.</param>
    /// <param name="ring">The ring of it: as <see cref="RowFacts.Ring"/>.</param>
    public static (MachineEvent.Pushed Push, string Number)? Last(RowIndex index, RowFacts? facts, int side, int ring)
    {
        var at = facts?.LastPush ?? -1;
        while (at >= 0 && (index.Rows[at].Side, index.Rows[at].Ring) != (side, ring))
        {
            at = at > 0 ? index.Rows[at - 1].LastPush : -1;
        }

        return at < 0 ? null : (index.Play(at).Events.OfType<MachineEvent.Pushed>().Last(), index.Rows[at].Number);
    }
}
