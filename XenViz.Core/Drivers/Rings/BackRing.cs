using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Rings;

/// <summary>
/// The backend's private half of a ring. A value: each operation that moves an index returns the half after it.
/// The barriers of <c>io/ring.h</c> are named in the remarks; here everything happens in program order.
/// </summary>
/// <param name="RspProdPvt">The next response to write; published by a push.</param>
/// <param name="ReqCons">The next request to take.</param>
/// <param name="Size">Slots of the ring, a power of two.</param>
public readonly record struct BackRing(RingIndex RspProdPvt, RingIndex ReqCons, int Size)
{
    /// <summary>True when as many requests are unanswered as the ring has slots.</summary>
    public bool Full => RingMath.RequestConsumerOverflows(ReqCons, RspProdPvt, Size);

    /// <summary>
    /// Takes up a ring at an index; shared memory stays as it is. A backend that restarts attaches at the shared
    /// rsp_prod, so that it sees every unanswered request again.
    /// </summary>
    /// <param name="memory">The shared area.</param>
    /// <param name="entryBytes">The size of a slot in bytes.</param>
    /// <param name="start">0 for a new ring.</param>
    [Cites("io/ring.h BACK_RING_ATTACH")]
    [Cites("io/ring.h BACK_RING_INIT")]
    public static BackRing Attach(IRingMemory memory, int entryBytes, RingIndex start = default) =>
        new(start, start, RingMath.SizeOf(memory.SizeBytes, entryBytes));

    /// <summary>The half after one more response was written.</summary>
    public BackRing AfterResponse() => this with { RspProdPvt = RspProdPvt.Plus(1) };

    /// <summary>The half after one more request was taken.</summary>
    public BackRing AfterRequest() => this with { ReqCons = ReqCons.Plus(1) };

    /// <summary>Publishes the written responses.</summary>
    /// <remarks>A write barrier comes before the store.</remarks>
    [Cites("io/ring.h RING_PUSH_RESPONSES")]
    public void Push(IRingMemory memory) => SharedHeader.Store(memory, Ring.RspProd, RspProdPvt);

    /// <summary>Publishes the written responses and tells whether the frontend must be notified.</summary>
    /// <remarks>A write barrier comes before the store, a full barrier between it and the load of the event.</remarks>
    [Cites("io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY")]
    public bool PushAndCheckNotify(IRingMemory memory)
    {
        var old = SharedHeader.Load(memory, Ring.RspProd);
        Push(memory);
        return RingMath.Notify(old, RspProdPvt, SharedHeader.Load(memory, Ring.RspEvent));
    }

    /// <summary>Requests that may be taken.</summary>
    [Cites("io/ring.h RING_HAS_UNCONSUMED_REQUESTS")]
    public uint UnconsumedRequests(IRingMemory memory) =>
        RingMath.UnconsumedRequests(SharedHeader.Load(memory, Ring.ReqProd), ReqCons, RspProdPvt, Size);

    /// <summary>
    /// Looks for requests; finding none, arms the event index for the next one and looks once more.
    /// </summary>
    /// <returns>How many requests wait; 0 means that it is safe to sleep.</returns>
    /// <remarks>A full barrier comes between the store of the event and the second look.</remarks>
    [Cites("io/ring.h RING_FINAL_CHECK_FOR_REQUESTS")]
    public uint FinalCheck(IRingMemory memory)
    {
        var work = UnconsumedRequests(memory);
        if (work != 0)
        {
            return work;
        }

        ArmEvent(memory, 1);
        return UnconsumedRequests(memory);
    }

    /// <summary>Arms the event index <paramref name="count"/> requests ahead, without the second look.</summary>
    public void ArmEvent(IRingMemory memory, uint count) =>
        SharedHeader.Store(memory, Ring.ReqEvent, ReqCons.Plus(count));

    /// <summary>True when the frontend's producer index cannot be honest.</summary>
    [Cites("io/ring.h RING_REQUEST_PROD_OVERFLOW")]
    public bool RequestProducerOverflows(RingIndex reqProd) =>
        RingMath.RequestProducerOverflows(reqProd, RspProdPvt, Size);

    /// <summary>True when taking the request at <paramref name="reqCons"/> would overrun the ring.</summary>
    [Cites("io/ring.h RING_REQUEST_CONS_OVERFLOW")]
    public bool RequestConsumerOverflows(RingIndex reqCons) =>
        RingMath.RequestConsumerOverflows(reqCons, RspProdPvt, Size);
}
