using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Who is who in a machine with one frontend and one backend, and where each of them stands.</summary>
internal static class Parties
{
    /// <summary>The frontend's variables.</summary>
    public static BlkfrontState Frontend(this Machine machine) => (BlkfrontState)machine.Front!;

    /// <summary>The backend's variables.</summary>
    public static BlkbackState Backend(this Machine machine) => (BlkbackState)machine.Back!;

    /// <summary>The granter: the domain that the backend serves.</summary>
    public static Domain Guest(this Machine machine) => machine[RingSides.Of(machine).Guest];

    /// <summary>The mapper: the domain that the frontend asks.</summary>
    public static Domain Driver(this Machine machine) => machine[RingSides.Of(machine).Driver];

    /// <summary>True from the crash of the driver domain until it is started again.</summary>
    public static bool IsDead(this Machine machine, DomId domain) =>
        domain == Scenarios.World.Driver && machine.Agents[BackendAgent.Index].Top == Activation.Finished
        && machine.NextRow(Scenarios.World.Dom0, "toolstack_restart") is not null;

    /// <summary>Both ends of the ring on stage.</summary>
    public static RingSides Sides(this Moment moment) => RingSides.Of(moment.Machine, moment.Ring);

    /// <summary>The driver domain's port that is bound to a device's interrupt; 0 when there is none.</summary>
    public static Port DiskPort(this Machine machine)
    {
        var channels = machine.Driver().Channels;
        for (var port = 1; port < channels.Length; port++)
        {
            if (channels[port].State == ChannelState.Pirq)
            {
                return new Port((uint)port);
            }
        }

        return default;
    }

    /// <summary>The ports on show: both ends of each ring's channel, the backend's first, then the device's interrupt.
    /// </summary>
    public static IEnumerable<(DomId Domain, Port Port)> EventPorts(this Machine machine)
    {
        var (guest, driver) = (machine.Guest().Id, machine.Driver().Id);
        var rings = (machine.Front, machine.Back) is (BlkfrontState front, BlkbackState back)
            ? front.Queues.Zip(back.Queues, (f, b) => (Front: f.Port, Back: b.Port))
            : [(RingSides.Of(machine).FrontPort, RingSides.Of(machine).BackPort)];
        foreach (var (ours, theirs) in rings)
        {
            if (theirs.Value != 0)
            {
                yield return (driver, theirs);
            }

            if (ours.Value != 0)
            {
                yield return (guest, ours);
            }
        }

        if (machine.DiskPort() is { Value: not 0 } device)
        {
            yield return (driver, device);
        }
    }

    /// <summary>
    /// The label of the row of a listing that a domain's vCPU runs next, or null when it is not in that listing. An
    /// interrupted listing counts: its driver has begun and will go on.
    /// </summary>
    public static string? NextRow(this Machine machine, DomId domain, string listing)
    {
        foreach (var agent in machine.Agents)
        {
            if (agent.Kind.Domain != domain)
            {
                continue;
            }

            for (var at = agent.Top; at is not null && at != Activation.Finished; at = at.Caller)
            {
                // An activation that stands at a decision has no row.
                if (at.Row is { } row && row.Listing == listing)
                {
                    return row.Label;
                }
            }
        }

        return null;
    }
}
