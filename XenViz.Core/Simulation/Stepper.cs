using XenViz.Core.Abi;
using XenViz.Core.Events;

namespace XenViz.Core.Simulation;

/// <summary>Which agent takes the next row.</summary>
/// <param name="Agent">Its index in <see cref="Machine.Agents"/>.</param>
public readonly record struct Choice(byte Agent);

/// <summary>What a step was: enough to name it; what it did is found by taking it again.</summary>
/// <param name="Choice">Who took it.</param>
/// <param name="Row">The row.</param>
/// <param name="Phase">The part of the story that it belonged to.</param>
public readonly record struct StepRecord(Choice Choice, RowInfo Row, Phase Phase);

/// <summary>The one function that moves the machine.</summary>
public static class Stepper
{
    /// <summary>Takes one step.</summary>
    /// <param name="machine">Where from; not changed.</param>
    /// <param name="choice">Who; must be enabled.</param>
    /// <param name="events">Takes what happened, or null.</param>
    /// <param name="record">What the step was.</param>
    public static Machine Step(Machine machine, Choice choice, List<MachineEvent>? events, out StepRecord record)
    {
        var at = At(machine, choice.Agent)
            ?? throw new InvalidOperationException($"Agent {choice.Agent} cannot take a step.");
        var draft = new Draft(machine, events);
        record = new StepRecord(choice, at.Row, at.Phase);
        at.Run(draft, choice.Agent);
        return draft.Done(choice.Agent);
    }

    /// <summary>The row that an agent would run next, with its phase; null when it cannot take a step.</summary>
    public static (RowInfo Row, Phase Phase)? Next(Machine machine, int agent) =>
        At(machine, agent) is { } at ? (at.Row, at.Phase) : null;

    /// <summary>True when an agent can take a step.</summary>
    public static bool CanStep(Machine machine, int agent) => At(machine, agent) is not null;

    /// <summary>
    /// The agent that goes on by default: the one that went last while it can, else the one of lowest rank that
    /// can; this order tells the figure. Null when nobody can take a step.
    /// </summary>
    public static Choice? Default(Machine machine)
    {
        if (CanStep(machine, machine.LastAgent))
        {
            return new Choice((byte)machine.LastAgent);
        }

        Choice? best = null;
        for (var i = 0; i < machine.Agents.Length; i++)
        {
            if ((best is not { } b || machine.Agents[i].Kind.Rank < machine.Agents[b.Agent].Kind.Rank)
                && CanStep(machine, i))
            {
                best = new Choice((byte)i);
            }
        }

        return best;
    }

    private static Activation? At(Machine machine, int agent)
    {
        var a = machine.Agents[agent];
        return a.Kind.Domain is { } id && machine[id].Blocked ? null : TopOf(machine, a).Settle(machine);
    }

    // An event that is pending and not masked interrupts the guest before its next row, never inside a hypercall.
    private static Activation TopOf(Machine machine, Agent agent)
    {
        if (agent.Kind.Upcall is not { } upcall || agent.Top.InXen)
        {
            return agent.Top;
        }

        var info = machine.Frames[machine[agent.Kind.Domain!.Value].SharedInfo].Page;
        var pending = info.Load(Xen.VcpuInfo.UpcallPending.OffsetBytes, 1) != 0;
        var masked = info.Load(Xen.VcpuInfo.UpcallMask.OffsetBytes, 1) != 0;
        return pending && !masked ? upcall(machine, agent.Top) : agent.Top;
    }
}
