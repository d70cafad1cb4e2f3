using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Rings;

/// <summary>
/// The frontend's private half of a ring. A value: each operation that moves an index returns the half after it.
/// The barriers of <c>io/ring.h</c> are named in the remarks; here everything happens in program order.
/// </summary>
/// <param name="ReqProdPvt">The next request to write; published by a push.</param>
/// <param name="RspCons">The next response to take.</param>
/// <param name="Size">Slots of the ring, a power of two.</param>
public readonly record struct FrontRing(RingIndex ReqProdPvt, RingIndex RspCons, int Size)
{
    /// <summary>Slots that may still be filled.</summary>
    public uint Free => RingMath.Free(ReqProdPvt, RspCons, Size);

    /// <summary>True when exactly no slot is free.</summary>
    public bool Full => RingMath.Full(ReqProdPvt, RspCons, Size);

    /// <summary>Makes the shared area an empty ring and returns the frontend's half of it.</summary>
    /// <param name="memory">The shared area.</param>
    /// <param name="entryBytes">The size of a slot in bytes.</param>
    /// <param name="start">0 in Xen.</param>
    [Cites("io/ring.h FRONT_RING_INIT")]
    public static FrontRing Init(IRingMemory memory, int entryBytes, RingIndex start = default)
    {
        SharedHeader.Init(memory, start);
        return Attach(memory, entryBytes, start);
    }

    /// <summary>Takes up a ring in use at an index; shared memory stays as it is.</summary>
    /// <inheritdoc cref="Init" path="/param"/>
    [Cites("io/ring.h FRONT_RING_ATTACH")]
    public static FrontRing Attach(IRingMemory memory, int entryBytes, RingIndex start) =>
        new(start, start, RingMath.SizeOf(memory.SizeBytes, entryBytes));

    /// <summary>The half after one more request was written.</summary>
    public FrontRing AfterRequest() => this with { ReqProdPvt = ReqProdPvt.Plus(1) };

    /// <summary>The half after one more response was taken.</summary>
    public FrontRing AfterResponse() => this with { RspCons = RspCons.Plus(1) };

    /// <summary>Publishes the written requests.</summary>
    /// <remarks>A write barrier comes before the store.</remarks>
    [Cites("io/ring.h RING_PUSH_REQUESTS")]
    public void Push(IRingMemory memory) => SharedHeader.Store(memory, Ring.ReqProd, ReqProdPvt);

    /// <summary>Publishes the written requests and tells whether the backend must be notified.</summary>
    /// <remarks>A write barrier comes before the store, a full barrier between it and the load of the event.</remarks>
    [Cites("io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY")]
    public bool PushAndCheckNotify(IRingMemory memory)
    {
        var old = SharedHeader.Load(memory, Ring.ReqProd);
        Push(memory);
        return RingMath.Notify(old, ReqProdPvt, SharedHeader.Load(memory, Ring.ReqEvent));
    }

    /// <summary>Responses that are published and not yet taken.</summary>
    [Cites("io/ring.h RING_HAS_UNCONSUMED_RESPONSES")]
    public uint UnconsumedResponses(IRingMemory memory) =>
        RingMath.UnconsumedResponses(SharedHeader.Load(memory, Ring.RspProd), RspCons);

    /// <summary>
    /// Looks for responses; finding none, arms the event index for the next one and looks once more.
    /// </summary>
    /// <returns>How many responses wait; 0 means that it is safe to sleep.</returns>
    /// <remarks>A full barrier comes between the store of the event and the second look.</remarks>
    [Cites("io/ring.h RING_FINAL_CHECK_FOR_RESPONSES")]
    public uint FinalCheck(IRingMemory memory)
    {
        var work = UnconsumedResponses(memory);
        if (work != 0)
        {
            return work;
        }

        ArmEvent(memory, 1);
        return UnconsumedResponses(memory);
    }

    /// <summary>
    /// Arms the event index <paramref name="count"/> responses ahead, without the second look. That is safe only
    /// with no request outstanding, or with a timer.
    /// </summary>
    public void ArmEvent(IRingMemory memory, uint count) =>
        SharedHeader.Store(memory, Ring.RspEvent, RspCons.Plus(count));

    /// <summary>True when the backend's producer index cannot be honest.</summary>
    [Cites("io/ring.h RING_RESPONSE_PROD_OVERFLOW")]
    public bool ResponseProducerOverflows(RingIndex rspProd) =>
        RingMath.ResponseProducerOverflows(rspProd, RspCons, Size);
}
