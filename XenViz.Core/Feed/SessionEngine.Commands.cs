using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Costs;
using XenViz.Core.History;
using XenViz.Core.Projection;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Feed;

/// <summary>The commands that carry arguments.</summary>
public sealed partial class SessionEngine
{
    private CommandError? ApplyWithArguments(Command command, byte[]? image)
    {
        switch (command)
        {
            case Command.Seek seek:
                Pause();
                return Seek(seek.Position, "position");
            case Command.SetSpeed speed:
                if (!Speeds.Contains(speed.Speed))
                {
                    return Bad("speed", "BadSpeed", speed.Speed);
                }

                Speed = speed.Speed;
                return null;
            case Command.Choose choose:
                Pause();
                return Choose(choose.Agent);
            case Command.SwitchBranch change:
                return SwitchTo(change.Branch);
            case Command.NameBranch or Command.DeleteBranch or Command.RestoreBranch:
                return ChangeBranch(command);
            case Command.AddBreakpoint add:
                return _breakpoints.Add(add.Text, add.ChangesOnly, Hits);
            case Command.RemoveBreakpoint remove:
                return _breakpoints.Remove(remove.Breakpoint);
            case Command.SwitchBreakpoint change:
                return _breakpoints.Switch(change.Breakpoint, change.On);
            case Command.ShowGuest show:
                return ShowGuest(show.Guest);
            case Command.ShowRing show:
                return ShowRing(show.Ring);
            case Command.SetPrice set:
                return SetPrice(set.Price, set.Value);
            case Command.ResetPrices:
                UsePrices(PriceList.Default);
                return null;
            case Command.PlayClock:
                return PlayClock();
            case Command.Load load:
                return Load(load.Parameters, image);
            case Command.Reset:
                Load(_scenario);
                return null;
            default:
                return Bad("kind", command.GetType().Name);
        }
    }

    // Only what is looked at: nothing of the run changes.
    private CommandError? ShowGuest(int guest)
    {
        var start = _branch.At(0);
        var known = guest is > 0 and <= ushort.MaxValue && SeenFrom.Sides(start) > 1
            && SeenFrom.SideOf(start, new DomId((ushort)guest)) is not null;
        if (guest != 0 && !known)
        {
            return CommandErrors.Bad("guest", "NoInterface", guest);
        }

        return Want(guest == 0 ? default : new OnStage(guest, null));
    }

    private CommandError? ShowRing(int ring)
    {
        var count = RingLines.Count(_branch.At(0));
        return ring < -1 || ring >= count
            ? CommandErrors.Bad("ring", "NoRing", ring, count)
            : Want(ring < 0 ? default : new OnStage(null, ring));
    }

    private CommandError? Want(OnStage wanted)
    {
        // The links of branches say it too.
        _wanted = wanted;
        _view = TimelineNow();
        return null;
    }

    private CommandError? Seek(int position, string field)
    {
        if (position < 0 || position > _branch.Length)
        {
            return Bad(field, "BadPosition", position, _branch.Length);
        }

        _position = position;
        return null;
    }

    private CommandError? Choose(int agent)
    {
        var enabled = Enumerable.Range(0, Now.Agents.Length).Where(a => Stepper.CanStep(Now, a)).ToList();
        if (!enabled.Contains(agent))
        {
            var names = enabled.Count == 0 ? SessionProjector.Text("AtEnd") : string.Join(", ", enabled);
            return Bad("agent", "BadAgent", agent, names);
        }

        if (_timeline.Choose(_branch, _position, new Choice((byte)agent)) is not { } branch)
        {
            return new CommandError("too_many", "agent", SessionProjector.Text("TooManyBranches"));
        }

        if (branch != _branch)
        {
            Show(branch);
        }

        _position = _stops.After(_position);
        return null;
    }

    private CommandError? SwitchTo(int id)
    {
        if (_timeline.Find(id) is not { } branch)
        {
            return BadBranch(id);
        }

        Pause();
        Show(branch);
        _position = Math.Min(_position, _branch.Length);
        return null;
    }

    private CommandError? Load(RunParameters parameters, byte[]? image)
    {
        var (scenario, error) = Scenario.Create(parameters, image);
        if (scenario is not null)
        {
            Load(scenario);
        }

        return error;
    }

    private void Load(Scenario scenario)
    {
        Pause();
        (_scenario, _title) = (scenario, null);
        _clock = [];
        _timeline = new Timeline(scenario.Start);
        (_position, _wanted) = (0, default);
        Show(_timeline.Branches[0]);
    }
}
