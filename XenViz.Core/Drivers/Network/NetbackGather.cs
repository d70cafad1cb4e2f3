using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>
/// The rows with which netback takes a packet out of the transmit ring (Linux <c>xenvif_tx_build_gops</c>,
/// <c>xenvif_get_extras</c>, <c>xenvif_count_requests</c>): each slot is copied once, each copy is checked, in Linux's
/// order. Some faults cost the packet, others the interface.
/// </summary>
internal static class NetbackGather
{
    /// <summary>Further slots after which a frontend counts as malicious (<c>fatal_skb_slots</c>).</summary>
    public const int FatalSlots = 20;

    /// <summary>The rows.</summary>
    public static IEnumerable<Row<NetThreadLocals>> Rows() =>
    [
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-netback/netback.c xenvif_tx_build_gops",
            Text = "work = tx.req_prod - req_cons; more than size: fatal",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                f = new NetThreadLocals { Vif = Netback.Awake(Netback.State(cpu.Draft)) };
                var state = Netback.State(cpu.Draft);
                var vif = state.Vifs[f.Vif] with { Wake = false };
                f.Prod = new RingIndex((uint)cpu.Load(Netback.TxRing(ref cpu, f.Vif), Ring.ReqProd.OffsetBytes, 4));
                cpu.Draft.Back = (state with { Answered = false }).With(f.Vif, vif);
                if (f.Prod.Since(vif.TxReqCons) > NetfrontState.Size)
                {
                    return Netback.Disable(ref f, cpu.Draft);
                }

                if (f.Prod != vif.TxReqCons)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome("none"));
                return Flow.To("final_load");
            },
        },
        new()
        {
            Label = "rmb", Kind = AccessKind.Fence, Cites = "xen-netback/netback.c xenvif_tx_build_gops",
            Text = "rmb()",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Read);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "copy", Kind = AccessKind.Load, Cites = "io/ring.h RING_COPY_REQUEST",
            Text = "req = RING_COPY_REQUEST(req_cons++)", Body = Copy,
        },
        new()
        {
            Label = "copy_extra", Kind = AccessKind.Load, Cites = "xen-netback/netback.c xenvif_get_extras",
            Text = "extra = RING_COPY_REQUEST(req_cons++); a type that is not known: fatal", Body = CopyExtra,
        },
        new()
        {
            Label = "copy_more", Kind = AccessKind.Load, Cites = "xen-netback/netback.c xenvif_count_requests",
            Text = "txp = RING_COPY_REQUEST(req_cons++); past req_prod, too many or across a page: fatal",
            Body = CopyMore,
        },
    ];

    private static byte[] Take(ref NetThreadLocals f, ref GuestCpu cpu, int bytes)
    {
        var state = Netback.State(cpu.Draft);
        var vif = state.Vifs[f.Vif];
        var at = RingMath.SlotOffset(vif.TxReqCons, NetfrontState.Size, Netif.TxSlotBytes);
        var slot = cpu.LoadBytes(Netback.TxRing(ref cpu, f.Vif), at, bytes);
        cpu.Draft.Back = state.With(f.Vif, vif with { TxReqCons = vif.TxReqCons.Plus(1) });
        return slot;
    }

    private static bool AtEnd(in NetThreadLocals f, Draft draft) =>
        Netback.State(draft).Vifs[f.Vif].TxReqCons == f.Prod;

    private static Flow Copy(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        var key = Netback.State(cpu.Draft).Vifs[f.Vif].TxReqCons;
        var request = TxRequest.Decode(Take(ref f, ref cpu, Netif.TxRequest.SizeBytes));
        cpu.Draft.Say(new MachineEvent.RequestTouched(
            request.Id, key.Value, Netback.RingOf(cpu.Draft, f.Vif, false)));
        f = new NetThreadLocals
        {
            Vif = f.Vif, Prod = f.Prod, Key = key, Left = request.Size,
            Pieces = [new BackPiece(request, request.Size, 0, 0)],
        };
        return (request.Flags & NetTxFlags.ExtraInfo) != NetTxFlags.None
            ? AtEnd(f, cpu.Draft) ? Netback.Disable(ref f, cpu.Draft) : Flow.To("copy_extra")
            : After(ref f, cpu.Draft, request);
    }

    private static Flow CopyExtra(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        var extra = ExtraInfo.Decode(Take(ref f, ref cpu, Netif.Extra.SizeBytes));
        var first = f.Pieces[0];
        f.Pieces = f.Pieces.SetItem(0, first with { Extras = first.Extras + 1 });
        cpu.Draft.Say(new MachineEvent.RequestTouched(
            first.Request.Id, f.Key.Value, Netback.RingOf(cpu.Draft, f.Vif, false)));
        if (extra.Type == NetExtraType.None || (int)extra.Type >= Netif.Extra.TypeMax)
        {
            return Netback.Disable(ref f, cpu.Draft);
        }

        if (extra.Type == NetExtraType.Gso)
        {
            if (extra.GsoSize == 0 || extra.GsoType is not (NetGsoType.TcpV4 or NetGsoType.TcpV6))
            {
                return Netback.Disable(ref f, cpu.Draft);
            }

            f.Gso = extra.GsoSize;
        }

        f.Group = extra.Type is NetExtraType.McastAdd or NetExtraType.McastDel ? extra : f.Group;
        return !extra.More ? After(ref f, cpu.Draft, first.Request)
            : AtEnd(f, cpu.Draft) ? Netback.Disable(ref f, cpu.Draft)
            : Flow.To("copy_extra");
    }

    private static Flow CopyMore(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        var request = TxRequest.Decode(Take(ref f, ref cpu, Netif.TxRequest.SizeBytes));
        cpu.Draft.Say(new MachineEvent.RequestTouched(
            request.Id, f.Key.Value, Netback.RingOf(cpu.Draft, f.Vif, false)));
        f.Drop |= f.Pieces.Length - 1 >= Netif.MinFragments || request.Size > f.Left;
        f.Pieces = f.Pieces.Add(new BackPiece(request, request.Size, 0, 0));
        f.Left -= request.Size;
        return request.Offset + request.Size > PageSize.Bytes
            ? Netback.Disable(ref f, cpu.Draft)
            : After(ref f, cpu.Draft, request);
    }

    // Where a chain goes on, and what is checked when it is whole.
    private static Flow After(ref NetThreadLocals f, Draft draft, TxRequest request)
    {
        if ((f.Group.Bytes & 0xFF) != 0)
        {
            return JoinOrLeave(ref f, draft);
        }

        if ((request.Flags & NetTxFlags.MoreData) != NetTxFlags.None)
        {
            return AtEnd(f, draft) || f.Pieces.Length - 1 >= FatalSlots
                ? Netback.Disable(ref f, draft)
                : Flow.To("copy_more");
        }

        var first = f.Pieces[0];
        f.Drop |= first.Request.Size < EthernetFrames.EthernetBytes;
        if (f.Drop)
        {
            return Answer(ref f, draft, NetifStatus.Error);
        }

        if (first.Request.Offset + f.Left > PageSize.Bytes)
        {
            return Netback.Disable(ref f, draft);
        }

        f.Pieces = f.Pieces.SetItem(0, first with { Bytes = f.Left });
        return Flow.To("header");
    }

    private static Flow JoinOrLeave(ref NetThreadLocals f, Draft draft)
    {
        var state = Netback.State(draft);
        var vif = state.Vifs[f.Vif];
        Span<byte> bytes = stackalloc byte[Netif.Extra.SizeBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, f.Group.Bytes);
        var group = MacAddress.From(bytes[Netif.Extra.McastAddr.OffsetBytes..]).Value;
        draft.Back = state.With(f.Vif, vif with
        {
            Groups = f.Group.Type == NetExtraType.McastAdd ? vif.Groups.Add(group) : vif.Groups.Remove(group),
        });
        return Answer(ref f, draft, NetifStatus.Okay);
    }

    /// <summary>The packet is over without having gone anywhere.</summary>
    internal static Flow Answer(ref NetThreadLocals f, Draft draft, NetifStatus status)
    {
        var state = Netback.State(draft);
        draft.Back = state with
        {
            Finished = state.Finished.Add(new BackPacket(f.Vif, f.Key, f.Pieces, f.Gso) { Status = status }),
        };
        if (status != NetifStatus.Okay)
        {
            draft.Say(new MachineEvent.Outcome("invalid"));
        }

        return Flow.To("more");
    }
}
