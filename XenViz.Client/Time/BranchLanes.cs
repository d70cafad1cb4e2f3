using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Time;

/// <summary>Branches as lanes: each under the one it forked from, on one scale, with lines that lead to it.</summary>
internal static class BranchLanes
{
    /// <summary>A lane.</summary>
    /// <param name="Branch">The branch.</param>
    /// <param name="Fork">Where it leaves its parent, in per cent of the width; 0 for the first.</param>
    /// <param name="End">Where it ends, in per cent.</param>
    /// <param name="Through">Fork lines that pass through the lane on their way down, in per cent.</param>
    /// <param name="Starts">Fork lines that leave this lane, in per cent.</param>
    internal sealed record Lane(
        BranchView Branch, double Fork, double End, ImmutableArray<double> Through, ImmutableArray<double> Starts);

    /// <summary>The lanes, from the top.</summary>
    /// <param name="branches">The branches.</param>
    public static ImmutableArray<Lane> Of(ImmutableArray<BranchView> branches)
    {
        var ordered = new List<BranchView>();
        foreach (var branch in branches.Where(b => b.Parent is null))
        {
            Add(branch);
        }

        double most = Math.Max(1, branches.IsEmpty ? 1 : branches.Max(b => b.Length));
        return
        [
            .. ordered.Select((branch, row) => new Lane(
                branch, At(branch.ForkAt), At(branch.Length),
                [.. ordered.Skip(row + 1).Where(b => RowOf(b.Parent) < row).Select(b => At(b.ForkAt))],
                [.. ordered.Skip(row + 1).Where(b => b.Parent == branch.Id).Select(b => At(b.ForkAt))])),
        ];

        double At(int position) => position * 100 / most;

        int RowOf(int? id) => id is null ? int.MaxValue : ordered.FindIndex(b => b.Id == id);

        void Add(BranchView branch)
        {
            ordered.Add(branch);
            foreach (var child in branches.Where(b => b.Parent == branch.Id))
            {
                Add(child);
            }
        }
    }
}
