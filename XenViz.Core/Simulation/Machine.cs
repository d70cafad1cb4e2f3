using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>
/// The whole computer as one immutable value: memory, Xen's tables, devices, and the agents with what they do next.
/// <see cref="Stepper"/> is the only thing that makes a new one from an old one.
/// </summary>
public sealed record Machine
{
    /// <summary>All frames.</summary>
    public required FrameTable Frames { get; init; }

    /// <summary>The domains, in a fixed order.</summary>
    public required ImmutableArray<Domain> Domains { get; init; }

    /// <summary>The agents, in a fixed order: a choice is an index.</summary>
    public required ImmutableArray<Agent> Agents { get; init; }

    /// <summary>The frontend driver's variables.</summary>
    public PrivateState? Front
    {
        get => States.Front;
        init => States = States with { Front = value };
    }

    /// <summary>The backend driver's variables.</summary>
    public PrivateState? Back
    {
        get => States.Back;
        init => States = States with { Back = value };
    }

    /// <summary>The application's variables.</summary>
    public PrivateState? Application
    {
        get => States.Application;
        init => States = States with { Application = value };
    }

    /// <summary>The device: a disk with its queue and its bytes, or a network card.</summary>
    public PrivateState? Disk
    {
        get => States.Disk;
        init => States = States with { Disk = value };
    }

    /// <summary>The frontend driver's variables in a second guest, when there is one.</summary>
    public PrivateState? PeerFront
    {
        get => States.PeerFront;
        init => States = States with { PeerFront = value };
    }

    /// <summary>The application's variables in a second guest, when there is one.</summary>
    public PrivateState? PeerApplication
    {
        get => States.PeerApplication;
        init => States = States with { PeerApplication = value };
    }

    /// <summary>Xenstore.</summary>
    public PrivateState? Store
    {
        get => States.Store;
        init => States = States with { Store = value };
    }

    /// <summary>All of these together.</summary>
    internal PrivateStates States { get; init; } = PrivateStates.None;

    /// <summary>The agent that took the last step.</summary>
    public int LastAgent { get; init; }

    /// <summary>The domain, which must exist.</summary>
    public Domain this[DomId id]
    {
        get
        {
            foreach (var domain in Domains)
            {
                if (domain.Id == id)
                {
                    return domain;
                }
            }

            throw new InvalidOperationException($"There is no domain {id} in this world.");
        }
    }

    /// <summary>The domain, or null when there is none.</summary>
    public Domain? Find(DomId id) => Domains.FirstOrDefault(d => d.Id == id);

    /// <summary>
    /// A number that is equal for equal machines, on every machine and in every run: everything that can influence a
    /// later step goes into it, and nothing else. Who took the last step does not: it only says
    /// who goes next by default.
    /// </summary>
    public ulong Fingerprint()
    {
        var h = Hasher.Start();
        foreach (var frame in Frames.All())
        {
            h.Add(frame.Mfn.Value);
            h.Add(frame.Page.Hash);
            h.Add(frame.References);
            h.Add(frame.WritableUses);
        }

        foreach (var domain in Domains)
        {
            domain.AddTo(ref h);
        }

        foreach (var agent in Agents)
        {
            var depth = 0;
            for (var a = agent.Top; a is not null; a = a.Caller)
            {
                depth++;
                a.AddTo(ref h);
            }

            h.Add(depth);
            h.Add(agent.Result is not null);
            agent.Result?.AddTo(ref h);
        }

        Front?.AddTo(ref h);
        Back?.AddTo(ref h);
        Application?.AddTo(ref h);
        Disk?.AddTo(ref h);
        Store?.AddTo(ref h);
        PeerFront?.AddTo(ref h);
        PeerApplication?.AddTo(ref h);
        return h.Value;
    }
}
