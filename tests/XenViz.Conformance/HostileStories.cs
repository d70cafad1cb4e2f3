using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;

namespace XenViz.Conformance;

/// <summary>Anything at all that guests can do to event channels, and what Xen does besides.</summary>
static class HostileStories
{
    static readonly Gen<uint> Port = Gen.Frequency(
        (1, Below(260)), (1, Gen.Choose(0, int.MaxValue)), (1, Gen.Constant(0)), (17, Below(24)))
        .Select(port => (uint)port);

    static readonly Gen<ushort> Named = Gen.Frequency(
        (3, Gen.Constant((int)Xen.Domain.Self)), (1, Below(65536)), (6, Below(4))).Select(id => (ushort)id);

    static readonly Gen<byte[]> Noise = Gen.ArrayOf(Gen.Choose(0, 0xFFFFFF), HostileAct.ArgumentBytes / 3)
        .Select(parts => (byte[])[.. parts.SelectMany(p => (byte[])[(byte)p, (byte)(p >> 8), (byte)(p >> 16)])]);

    static readonly Gen<HostileAct> Act = Below(4).SelectMany(Acts);

    /// <summary>Stories of so many acts.</summary>
    /// <param name="acts">How many.</param>
    /// <param name="withDeath">False when nobody dies.</param>
    public static Arbitrary<HostileStory> Of(int acts, bool withDeath = true) => Arb.From(
        from shapes in Gen.ArrayOf(Shape(), 4)
        from all in Gen.ArrayOf(withDeath ? Act : Act.Where(act => act.Op.Kind != HostileKind.Kill), acts)
        select new HostileStory(shapes, all),
        story => Simpler.Stories(story.Acts, act => act.Simpler()).Select(short_ => story with { Acts = short_ }));

    static Gen<HostileShape> Shape() =>
        from vcpus in Gen.Choose(1, 3)
        from ports in Gen.Elements(6u, 40u, 127u, 4095u)
        select new HostileShape(vcpus, ports);

    static Gen<HostileAct> Acts(int domain)
    {
        var hostile = domain is 1 or 3 ? domain : 1;
        return Gen.Frequency(
            (55, Hypercall(domain)),
            (25, Guest(domain)),
            (3, Op(HostileKind.Poll, domain, OneIn(20, Below(131), Below(3)).Select(n => (uint)n), Port)),
            (1, Op(HostileKind.Block, domain, 1)),
            (6, Op(HostileKind.SendVirq, domain, 26)),
            (2, Op(HostileKind.SetHandler, domain, 26)),
            (1, Op(HostileKind.AllocForXen, domain, 4)),
            (2, Op(HostileKind.Notify, domain, Port)),
            (1, Op(HostileKind.FreeChannel, domain, Port)),
            (2, Op(HostileKind.SendPirq, domain, 10)),
            (1, Op(HostileKind.Pause, hostile, 2)),
            (1, domain == hostile
                ? OneIn(20, Op(HostileKind.Kill, domain, 1), Told(HostileKind.SendVirq, domain, Virq.Timer))
                : Told(HostileKind.SendVirq, domain, Virq.Timer)));
    }

    static Gen<HostileAct> Guest(int domain)
    {
        // A careful guest runs its handlers to the end.
        var careful = domain is HostileEvents.CarefulTwoLevel or HostileEvents.CarefulFifo;
        var handle = careful
            ? Op(HostileKind.HandleQueues, domain, Gen.Constant(100_000u), Gen.Constant(0u))
            : Op(HostileKind.HandleQueues, domain, Below(5).Select(n => (uint)n), Below(2).Select(n => (uint)n));
        (int, Gen<HostileAct>)[] all =
        [
            (3, handle),
            (2, Op(HostileKind.SetMask, domain, Port)),
            (1, Op(HostileKind.SetUpcallMask, domain, 2)),
            (1, Op(HostileKind.ClearMask, domain, Port)),
            (1, Op(HostileKind.ClearPending, domain, Port)),
            (1, Op(HostileKind.ClearUpcall, domain, 1)),
            (1, Op(HostileKind.TakeSelector, domain, 1)),
        ];
        return Gen.Frequency(careful ? all[..3] : all);
    }

    static Gen<HostileAct> Hypercall(int domain) => Gen.Frequency(
        [
            .. Enumerable.Range(0, 15).Select(command => (1, Hypercall(domain, (uint)command))),
            (1, Hypercall(domain, EventChannel.Op.Send)), (1, Hypercall(domain, EventChannel.Op.BindInterdomain)),
        ]);

    static Gen<HostileAct> Hypercall(int domain, uint command)
    {
        var careful = domain is HostileEvents.CarefulTwoLevel or HostileEvents.CarefulFifo;
        return command switch
        {
            EventChannel.Op.BindInterdomain => Call(
                domain, command, Put(EventChannel.BindInterdomain.RemoteDom, Named),
                Put(EventChannel.BindInterdomain.RemotePort, Port)),
            EventChannel.Op.BindVirq or EventChannel.Op.BindPirq => Call(
                domain, command, Put(EventChannel.BindVirq.Virq, Below(26)),
                Put(EventChannel.BindVirq.Vcpu, OneIn(2, Gen.Constant(0), Below(4)))),
            EventChannel.Op.Status => Call(
                domain, command, Put(EventChannel.StatusOf.Dom, Named), Put(EventChannel.StatusOf.Port, Port)),
            EventChannel.Op.AllocUnbound => Call(
                domain, command, Put(EventChannel.AllocUnbound.Dom, Named),
                Put(EventChannel.AllocUnbound.RemoteDom, Named)),
            EventChannel.Op.BindIpi => Call(domain, command, Put(EventChannel.BindIpi.Vcpu, Below(4))),
            EventChannel.Op.Reset or EventChannel.Op.ResetContinue => Reset(domain, command),
            EventChannel.Op.InitControl when careful => Told(HostileKind.SendVirq, domain, Virq.Debug),
            EventChannel.Op.ExpandArray when domain == HostileEvents.CarefulTwoLevel =>
                Told(HostileKind.SendVirq, domain, Virq.Debug),
            EventChannel.Op.InitControl => Call(
                domain, command, Put64(EventChannel.InitControl.ControlGfn, domain),
                Put(EventChannel.InitControl.Offset,
                    from place in Below(520) from odd in OneIn(9, Gen.Constant(7), Gen.Constant(8)) select place * odd),
                Put(EventChannel.InitControl.Vcpu, Below(4))),
            EventChannel.Op.ExpandArray => Call(domain, command, Put64(EventChannel.ExpandArray.ArrayGfn, domain)),

            // Close, send, unmask, bind_vcpu and set_priority begin with a port.
            _ => Call(
                domain, command, Put(EventChannel.Send.Port, Port),
                Put(EventChannel.BindVcpu.Vcpu, OneIn(4, Below(20), Below(3)))),
        };
    }

    // Resets are rare, or there would be nothing else to see; nobody resets the careful FIFO guest.
    static Gen<HostileAct> Reset(int domain, uint command)
    {
        var quiet = Told(HostileKind.SendVirq, domain, Virq.Xenoprof);
        var of = OneIn(8, Gen.Constant(Xen.Domain.Self), Gen.Elements((ushort)1, (ushort)3));
        return domain == HostileEvents.CarefulFifo
            ? quiet
            : OneIn(8, Call(domain, command, Put(EventChannel.Reset.Dom, of)), quiet);
    }

    static Gen<HostileAct> Call(int domain, uint command, params Gen<Action<byte[]>>[] puts) =>
        from noise in Noise
        from all in Gen.CollectToArray(puts)
        select Put(new(new(HostileKind.Hypercall, domain, 0, command, 0), [.. noise]), all);

    static HostileAct Put(HostileAct act, Action<byte[]>[] puts)
    {
        Array.ForEach(puts, put => put(act.Argument));
        return act;
    }

    static Gen<Action<byte[]>> Put(Field field, Gen<int> value) => Put(field, value.Select(v => (uint)v));

    static Gen<Action<byte[]>> Put(Field field, Gen<uint> value) => value.Select<uint, Action<byte[]>>(
        v => bytes => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(field.OffsetBytes), v));

    static Gen<Action<byte[]>> Put(Field field, Gen<ushort> value) => value.Select<ushort, Action<byte[]>>(
        v => bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(field.OffsetBytes), v));

    static Gen<Action<byte[]>> Put64(Field field, int domain) => Below(5).Select<int, Action<byte[]>>(
        frame => bytes => BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(field.OffsetBytes), HostileEvents.FrameOf(domain, frame)));

    static Gen<HostileAct> Op(HostileKind kind, int domain, int below) =>
        Op(kind, domain, Below(below).Select(a => (uint)a));

    static Gen<HostileAct> Op(HostileKind kind, int domain, Gen<uint> a) => Op(kind, domain, a, Gen.Constant(0u));

    static Gen<HostileAct> Op(HostileKind kind, int domain, Gen<uint> a, Gen<uint> b) =>
        from vcpu in Below(3) from x in a from y in b select new HostileAct(new(kind, domain, vcpu, x, y));

    static Gen<HostileAct> Told(HostileKind kind, int domain, uint a) => Op(kind, domain, Gen.Constant(a));

    static Gen<int> Below(int limit) => Gen.Choose(0, limit - 1);

    static Gen<T> OneIn<T>(int n, Gen<T> rare, Gen<T> usual) => Gen.Frequency((1, rare), (n - 1, usual));
}
