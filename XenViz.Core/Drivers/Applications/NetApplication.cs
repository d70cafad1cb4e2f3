using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Applications;

/// <summary>The variables of an application that sends and receives packets.</summary>
public sealed record NetApplicationState : PrivateState
{
    /// <summary>What it sends, one after the other.</summary>
    public required ImmutableArray<NetJob> Jobs { get; init; }

    /// <summary>Its pages.</summary>
    public required ImmutableArray<Mfn> Pages { get; init; }

    /// <summary>How many packets it waits for.</summary>
    public int Expected { get; init; }

    /// <summary>Most packets in flight at once.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The job at work.</summary>
    public int Current { get; init; }

    /// <summary>Packets that were handed over and are not given back.</summary>
    public int InFlight { get; init; }

    /// <summary>Packets that came and that it has not looked at.</summary>
    public ImmutableArray<ImmutableArray<Part>> Inbox { get; init; } = [];

    /// <summary>The bytes of the packets that it has looked at.</summary>
    public ImmutableArray<ImmutableArray<byte>> Received { get; init; } = [];

    /// <summary>Packets that came damaged and were dropped.</summary>
    public int Dropped { get; init; }

    /// <summary>The job at work, or null when all is sent.</summary>
    public NetJob? Job => Current < Jobs.Length ? Jobs[Current] : null;

    /// <summary>True when everything is sent and everything has come.</summary>
    public bool Done => Job is null && InFlight == 0 && Inbox.IsEmpty && Received.Length + Dropped >= Expected;

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        hasher.Add(Jobs.Length);
        hasher.Add(Expected);
        hasher.Add(Current);
        hasher.Add(InFlight);
        hasher.Add(Inbox.Length);
        hasher.Add(Received.Length);
        hasher.Add(Dropped);
    }
}

/// <summary>The locals of the application.</summary>
public struct NetApplicationLocals : ILocals
{
    /// <summary>Whose application.</summary>
    public DomId Domain;

    /// <summary>Pages of the next packet that are filled.</summary>
    public int Filled;

    /// <summary>Pages of the packet that it has looked at.</summary>
    public int Looked;

    /// <summary>True when looking at a packet.</summary>
    public bool Looks;

    /// <inheritdoc/>
    public readonly Phase Phase => Looks ? Phase.Complete : Phase.Submit;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Domain.Value);
        hasher.Add(Filled);
        hasher.Add(Looked);
        hasher.Add(Looks);
    }
}

/// <summary>
/// An application that uses the network: it fills pages and hands them to the frontend, and it looks at what arrives.
/// The network stack between it and the driver is left out.
/// </summary>
public static class NetApplication
{
    /// <summary>The plain application.</summary>
    public static Listing<NetApplicationLocals> Listing { get; } = Make(NetfrontTx.Listing);

    /// <summary>The application over a frontend whose packets never end.</summary>
    public static Listing<NetApplicationLocals> Endless { get; } = Make(NetfrontTx.Endless);

    /// <summary>The frontend gives a packet back.</summary>
    public static void Sent(Draft draft, DomId domain)
    {
        var state = Netfront.Application(draft, domain);
        Netfront.Put(draft, domain, state with { InFlight = state.InFlight - 1 });
    }

    /// <summary>The frontend brings a packet; a damaged one is dropped and its pages are free at once.</summary>
    public static void Arrived(Draft draft, DomId domain, ImmutableArray<Part> packet, bool damaged)
    {
        var state = Netfront.Application(draft, domain);
        Netfront.Put(draft, domain, damaged
            ? state with { Dropped = state.Dropped + 1 }
            : state with { Inbox = state.Inbox.Add(packet) });
        if (damaged)
        {
            GiveBack(draft, domain, packet);
        }
    }

    private static Listing<NetApplicationLocals> Make(Listing<TxLocals> transmit) =>
        new("net_application", "main", Actor.Application, false, Rows(transmit));

    private static Row<NetApplicationLocals>[] Rows(Listing<TxLocals> transmit) =>
    [
        new() { Label = "next", Decide = Next },
        new()
        {
            Label = "offer",
            Enter = (f, _, here) => NetfrontRx.Offer.Start(new OfferLocals { Domain = f.Domain }, here),
        },
        new() { Label = "offered", Decide = (in NetApplicationLocals _, Machine _) => "next" },
        .. NetPrepare.Rows(),
        new()
        {
            Label = "fill", Lane = Actor.Application, Kind = AccessKind.Store, Cites = "send(2)",
            Text = "write the packet into a page", Body = Fill,
        },
        new()
        {
            Label = "hand_over", Lane = Actor.Application, Kind = AccessKind.Private,
            Cites = "netdevice.h ndo_start_xmit", Text = "give the packet to netfront",
            Body = (ref NetApplicationLocals f, ref GuestCpu cpu) => HandOver(ref f, ref cpu, transmit),
        },
        NetPrepare.Drop(),
        new()
        {
            Label = "wait", Lane = Actor.Frontend, Kind = AccessKind.Hypercall, Cites = "sched.h SCHEDOP_block",
            Text = "nothing to do: HYPERVISOR_sched_op(SCHEDOP_block)",
            Body = (ref NetApplicationLocals f, ref GuestCpu cpu) =>
            {
                cpu.Hypercall(Xen.Hypercall.SchedOp, "SCHEDOP_block", 0);
                SchedOps.Block(cpu.Draft, cpu.Domain);
                return Flow.To("next");
            },
        },
        new()
        {
            Label = "begin_look",
            Decide = (in NetApplicationLocals _, Machine _) => "look",
        },
        new()
        {
            Label = "look", Lane = Actor.Application, Kind = AccessKind.Load, Cites = "recv(2)",
            Text = "look at the packet", Body = Look,
        },
    ];

    /// <summary>What it does next, or null when it has nothing to do.</summary>
    internal static string? Next(in NetApplicationLocals f, Machine machine)
    {
        var state = Netfront.Application(machine, f.Domain);
        var front = Netfront.State(machine, f.Domain);
        if (front.Broken)
        {
            return null;
        }

        if (front.Rx.WantsMore)
        {
            return "offer";
        }

        if (!state.Inbox.IsEmpty)
        {
            return "look";
        }

        if (state.Job is { } job)
        {
            return NetPrepare.Need(job, front.Agreed)
                ?? (state.InFlight < state.Depth && front.Tx.Free >= job.Slots ? "fill" : "wait");
        }

        return state.Done ? null : "wait";
    }

    private static Flow Fill(ref NetApplicationLocals f, ref GuestCpu cpu)
    {
        var state = Netfront.Application(cpu.Draft, f.Domain);
        var job = state.Job!;
        var (from, offset, bytes) = job.PartOf(f.Filled);
        cpu.StoreBytes(state.Pages[job.FirstPage + f.Filled], offset, job.Frame.AsSpan().Slice(from, bytes));
        f.Filled++;
        return f.Filled < job.Pages ? Flow.To("fill") : Flow.Next;
    }

    private static Flow HandOver(ref NetApplicationLocals f, ref GuestCpu cpu, Listing<TxLocals> transmit)
    {
        var draft = cpu.Draft;
        var domain = f.Domain;
        var state = Netfront.Application(draft, domain);
        var job = state.Job!;
        var front = Netfront.State(draft, domain);
        if (job.Pages > 1 && !front.Agreed.ScatterGather)
        {
            return Flow.To("drop");
        }

        var pieces = ImmutableArray.CreateBuilder<TxPiece>(job.Pages);
        var (index, ids) = (front.Tx.ReqProdPvt, front.Tx.FreeIds);
        for (var page = 0; page < job.Pages; page++)
        {
            (front, var reference) = front.TakeRef();
            ids = ids.Dequeue(out var id);
            var (_, offset, bytes) = job.PartOf(page);
            pieces.Add(new TxPiece(id, index, reference, state.Pages[job.FirstPage + page], offset, bytes));
            index = index.Plus(page == 0 && job.SegmentBytes > 0 ? 2u : 1u);
        }

        var packet = new TxPacket(
            front.Packets, pieces.MoveToImmutable(), job.Flags,
            job.SegmentBytes > 0 ? ExtraInfo.Gso(job.SegmentBytes) : null);
        var slots = front.Tx.Slots;
        for (var i = 0; i < packet.Pieces.Length; i++)
        {
            slots = slots.SetItem(packet.Pieces[i].Id, new TxSlot(packet, i));
        }

        Netfront.Put(draft, domain, front with
        {
            Tx = front.Tx with { FreeIds = ids, Slots = slots }, Packets = front.Packets + 1,
        });
        Netfront.Put(draft, domain, state with { Current = state.Current + 1, InFlight = state.InFlight + 1 });
        draft.Say(new MachineEvent.RequestTouched(
            packet.Pieces[0].Id, packet.Pieces[0].Index.Value, Netfront.RingOf(domain, false)));
        f.Filled = 0;
        var locals = new TxLocals { Domain = domain, Packet = packet };
        return Flow.Call(caller => transmit.Start(locals, caller), "next");
    }

    private static Flow Look(ref NetApplicationLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Netfront.Application(draft, f.Domain);
        var packet = state.Inbox[0];
        var part = packet[f.Looked];
        cpu.LookAt(part.Page, part.Offset, Math.Max(1, part.Bytes));
        f.Looked++;
        f.Looks = true;
        if (f.Looked < packet.Length)
        {
            return Flow.To("look");
        }

        (f.Looked, f.Looks) = (0, false);
        Netfront.Put(draft, f.Domain, state with
        {
            Inbox = state.Inbox.RemoveAt(0), Received = state.Received.Add(BytesOf(draft, packet)),
        });
        GiveBack(draft, f.Domain, packet);
        return Flow.To("next");
    }

    private static ImmutableArray<byte> BytesOf(Draft draft, ImmutableArray<Part> packet)
    {
        var all = ImmutableArray.CreateBuilder<byte>(packet.Sum(p => p.Bytes));
        foreach (var part in packet)
        {
            all.AddRange(draft.PeekBytes(part.Page, part.Offset, part.Bytes));
        }

        return all.MoveToImmutable();
    }

    private static void GiveBack(Draft draft, DomId domain, ImmutableArray<Part> packet)
    {
        var front = Netfront.State(draft, domain);
        var free = packet.Aggregate(front.Rx.FreePages, (pages, part) => pages.Enqueue(part.Page));
        Netfront.Put(draft, domain, front with { Rx = front.Rx with { FreePages = free } });
    }
}
