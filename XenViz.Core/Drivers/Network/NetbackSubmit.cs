using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>
/// The rows that bring a checked packet to the bridge (Linux <c>xenvif_tx_create_map_op</c>,
/// <c>xenvif_tx_check_gop</c>, <c>xenvif_tx_submit</c>): copy the headers, map the rest read-only, hand it over.
/// </summary>
internal static class NetbackSubmit
{
    /// <summary>Bytes of a packet that are always copied (<c>XEN_NETBACK_TX_COPY_LEN</c>).</summary>
    public const int HeaderBytes = 128;

    /// <summary>The rows.</summary>
    public static IEnumerable<Row<NetThreadLocals>> Rows() =>
    [
        new()
        {
            Label = "header", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_copy",
            Text = "GNTTABOP_copy(the first 128 bytes into a page of its own)", Body = CopyHeader,
        },
        new()
        {
            Label = "copied",
            Decide = (in NetThreadLocals f, Machine m) =>
                !((PageCopyResults)Result(m)).Okay ? "copy_failed"
                : f.Pieces.Any(p => p.Mapped > 0) ? "map"
                : "bridge",
        },
        new()
        {
            Label = "map", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_map_grant_ref",
            Text = "gnttab_map_refs(the pages with the rest, read-only)", Body = Map,
        },
        new()
        {
            Label = "bridge", Kind = AccessKind.Dma, Cites = "xen-netback/netback.c xenvif_tx_submit",
            Text = "netif_receive_skb: the bridge looks at the address and hands the frame on", Body = Submit,
        },
        new()
        {
            Label = "copy_failed", Kind = AccessKind.Private, Cites = "xen-netback/netback.c xenvif_tx_check_gop",
            Text = "a copy failed: the packet is answered with ERROR",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) => NetbackGather.Answer(
                ref f, cpu.Draft, NetifStatus.Error),
        },
        new()
        {
            Label = "more",
            Decide = (in NetThreadLocals f, Machine m) =>
                ((NetbackState)m.Back!).Vifs[f.Vif].TxReqCons == f.Prod ? "final_load"
                : ((NetbackState)m.Back!).HasPages ? "copy"
                : "pause",
        },
        new()
        {
            Label = "pause", Kind = AccessKind.Private,
            Cites = "xen-netback/netback.c xenvif_tx_pending_slots_available",
            Text = "no pages for another packet: answer what is done first",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                var state = Netback.State(cpu.Draft);
                cpu.Draft.Back = state.With(f.Vif, state.Vifs[f.Vif] with { Wake = true });
                return Flow.To("top");
            },
        },
    ];

    private static PrivateState Result(Machine machine) => machine.Agents[Block.BackendAgent.Index].Result!;

    private static void Touched(in NetThreadLocals f, Draft draft) => draft.Say(new MachineEvent.RequestTouched(
        f.Pieces[0].Request.Id, f.Key.Value, Netback.RingOf(draft, f.Vif, false)));

    private static Flow CopyHeader(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Netback.State(draft);
        var granter = state.Vifs[f.Vif].Peer;
        var pieces = f.Pieces.ToBuilder();
        var copies = ImmutableArray.CreateBuilder<PageCopy>();
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            var bytes = state.Path == TxPath.Copy ? piece.Bytes : i == 0 ? Math.Min(HeaderBytes, piece.Bytes) : 0;
            if (bytes == 0)
            {
                continue;
            }

            (state, var own) = state.TakePage();
            pieces[i] = piece with { Copied = bytes, Own = own };
            copies.Add(new PageCopy(own, piece.Request.Ref, granter, true, piece.Request.Offset, bytes)
            {
                OwnOffset = 0,
            });
        }

        f.Pieces = pieces.ToImmutable();
        draft.Back = state;
        Touched(f, draft);
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_copy", copies[0].Ref.Value, granter.Value,
            (ulong)copies.Sum(c => c.Bytes), copies.Count);
        var copy = new PageCopyLocals
        {
            Caller = cpu.Domain, Copies = copies.ToImmutable(), Results = [], Part = Phase.Serve,
        };
        return Flow.Call(caller => PageCopies.Listing.Start(copy, caller));
    }

    private static Flow Map(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Netback.State(draft);
        var granter = state.Vifs[f.Vif].Peer;
        const uint flags = GrantTable.Gntmap.HostMap | GrantTable.Gntmap.ReadOnly;
        var (slots, taken) = state.Slots.Take(f.Pieces.Count(p => p.Mapped > 0));
        var pieces = f.Pieces.ToBuilder();
        var ops = ImmutableArray.CreateBuilder<MapOp>();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Mapped > 0)
            {
                pieces[i] = pieces[i] with { Slot = taken[ops.Count] };
                ops.Add(new MapOp(state.AddressOf(pieces[i].Slot), flags, pieces[i].Request.Ref, granter));
            }
        }

        f.Pieces = pieces.ToImmutable();
        draft.Back = state with { Slots = slots };
        Touched(f, draft);
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_map_grant_ref", ops[0].Ref.Value, granter.Value, flags, ops.Count);
        var map = new MapLocals { Caller = cpu.Domain, Ops = ops.ToImmutable(), Results = [], Part = Phase.Serve };
        return Flow.Call(caller => GrantMap.Listing.Start(map, caller));
    }

    private static Flow Submit(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var draft = cpu.Draft;
        f.Pieces = WithHandles(f.Pieces, cpu.Result);
        var packet = new BackPacket(f.Vif, f.Key, f.Pieces, f.Gso);
        Touched(f, draft);
        if (f.Pieces.Any(p => p is { Slot: >= 0, Handle: null }))
        {
            // Linux as well: what was mapped is unmapped by the answer.
            return NetbackGather.Answer(ref f, draft, NetifStatus.Error);
        }

        Bridge.FromGuest(draft, packet, Elements(f.Pieces, ref cpu));
        return Flow.To("more");
    }

    private static ImmutableArray<BackPiece> WithHandles(ImmutableArray<BackPiece> pieces, PrivateState? result)
    {
        if (result is not MapResults results)
        {
            return pieces;
        }

        var next = 0;
        var after = pieces.ToBuilder();
        for (var i = 0; i < after.Count; i++)
        {
            if (after[i].Slot >= 0)
            {
                var mapped = results.All[next++];
                after[i] = after[i] with { Handle = mapped.Status == GrantStatus.Okay ? mapped.Handle : null };
            }
        }

        return after.ToImmutable();
    }

    private static ImmutableArray<Part> Elements(ImmutableArray<BackPiece> pieces, ref GuestCpu cpu)
    {
        var state = Netback.State(cpu.Draft);
        var parts = ImmutableArray.CreateBuilder<Part>();
        foreach (var piece in pieces)
        {
            if (piece.Own is { } own)
            {
                parts.Add(new Part(own, 0, piece.Copied));
            }

            if (piece.Mapped > 0)
            {
                var frame = cpu.Translate(state.AddressOf(piece.Slot));
                parts.Add(new Part(frame, piece.Request.Offset + piece.Copied, piece.Mapped));
            }
        }

        return parts.ToImmutable();
    }
}
