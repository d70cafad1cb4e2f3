using XenViz.Core.Commands;
using XenViz.Core.History;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>What is done to branches, and what stops a run.</summary>
public sealed partial class SessionEngine
{
    /// <summary>Most characters of a branch's name.</summary>
    public const int MostNameCharacters = 40;

    private readonly Breakpoints _breakpoints = new();

    private FindAnswer Hits(FindRequest request) => _projector.Search.Find(request, _branch.Id);

    private CommandError? ChangeBranch(Command command) => command switch
    {
        Command.NameBranch name => Name(name.Branch, name.Name),
        Command.DeleteBranch delete => Delete(delete.Branch),
        Command.RestoreBranch restore => Restore(restore.Branch),
        _ => Bad("kind", command.GetType().Name),
    };

    private CommandError? Name(int id, string name)
    {
        if (_timeline.Find(id) is not { } branch)
        {
            return BadBranch(id);
        }

        name = name.Trim();
        if (name.Length > MostNameCharacters || name.Any(char.IsControl))
        {
            return Bad("text", "BadBranchName", MostNameCharacters);
        }

        branch.Name = name.Length == 0 ? null : name;
        Show(_branch);
        return null;
    }

    private CommandError? Delete(int id)
    {
        if (_timeline.Find(id) is not { } branch)
        {
            return BadBranch(id);
        }

        var (parent, forkAt) = _timeline.ForkOf(branch);
        if (parent is not { } up || !_timeline.Delete(id))
        {
            return Bad("branch", "FirstBranch");
        }

        if (branch == _branch)
        {
            // What both have in common is where one stays.
            Pause();
            _position = Math.Min(_position, forkAt);
            Show(_timeline.Find(up)!);
        }
        else
        {
            Show(_branch);
        }

        return null;
    }

    private CommandError? Restore(int id)
    {
        if (_timeline.Restore(id) is not { } branch)
        {
            return BadBranch(id);
        }

        Pause();
        Show(branch);
        _position = Math.Min(_position, branch.Length);
        return null;
    }

    private CommandError BadBranch(int id) => Bad(
        "branch", "BadBranch", id, string.Join(", ", _timeline.Branches.Where(b => !b.Deleted).Select(b => b.Id)));
}
