using System.Collections.Immutable;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The agents of a run: who can go next, and where each stands in its code.</summary>
internal static class AgentViews
{
    /// <summary>Who can take the next row, and who does by default.</summary>
    public static ImmutableArray<ChoiceView> Choices(Machine machine)
    {
        var chosen = Stepper.Default(machine);
        var choices = ImmutableArray.CreateBuilder<ChoiceView>();
        for (var agent = 0; agent < machine.Agents.Length; agent++)
        {
            if (Stepper.Next(machine, agent) is { } next)
            {
                var record = new StepRecord(new Choice((byte)agent), next.Row, next.Phase);
                choices.Add(new ChoiceView(
                    agent, AgentName(machine, agent), StageCarriers.LaneOf(record, machine),
                    StepNumbers.Of(next.Row, next.Phase, machine), chosen?.Agent == agent));
            }
        }

        return choices.ToImmutable();
    }

    private static string AgentName(Machine machine, int agent) =>
        SessionProjector.Text("Agent_" + machine.Agents[agent].Kind.Name);

    /// <summary>Where an agent stands in its listing, and the row that it ran last.</summary>
    public static CursorView Cursor(Machine machine, int agent, PlayedRow? last)
    {
        var next = Stepper.Next(machine, agent);
        var ran = last is { } l && l.Record.Choice.Agent == agent ? l : null;
        var state = next is not null ? "ready"
            : machine.Agents[agent].Top == Activation.Finished || IsDone(machine, agent) ? "finished"
            : "waiting";
        return new CursorView(
            agent, AgentName(machine, agent), next?.Row.Listing ?? "", next?.Row.Index ?? -1,
            next is { } n ? StepNumbers.Of(n.Row, n.Phase, machine) : "", state, ran is not null,
            ran?.Record.Row.Listing ?? "", ran?.Record.Row.Index ?? -1);
    }

    private static bool IsDone(Machine machine, int agent) =>
        agent == 0 && machine.Application is ApplicationState { Done: true } or NetApplicationState { Done: true };
}
