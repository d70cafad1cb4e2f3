using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Rings;

/// <summary>The four words of a ring's header, by name, and the shared initialisation.</summary>
public static class SharedHeader
{
    /// <summary>Reads one word of the header as an index.</summary>
    /// <param name="memory">The shared area.</param>
    /// <param name="field">A 32-bit field of <see cref="Ring"/>.</param>
    public static RingIndex Load(IRingMemory memory, Field field) => new(memory.Load32(field.OffsetBytes));

    /// <summary>Writes one word of the header.</summary>
    /// <inheritdoc cref="Load" path="/param"/>
    /// <param name="value">The index.</param>
    public static void Store(IRingMemory memory, Field field, RingIndex value) =>
        memory.Store32(field.OffsetBytes, value.Value);

    /// <summary>
    /// Makes an empty ring that starts at an index: both producers there, both event indices one further, so that
    /// the very first request and response ring. The rest of the header becomes zeros; slots keep their bytes.
    /// </summary>
    /// <param name="memory">The shared area.</param>
    /// <param name="start">0 in Xen; another number starts a ring in the middle of its life.</param>
    [Cites("io/ring.h SHARED_RING_INIT")]
    public static void Init(IRingMemory memory, RingIndex start)
    {
        Store(memory, Ring.ReqProd, start);
        Store(memory, Ring.RspProd, start);
        Store(memory, Ring.ReqEvent, start.Plus(1));
        Store(memory, Ring.RspEvent, start.Plus(1));
        memory.Write(Ring.Pvt.OffsetBytes, new byte[Ring.HeaderBytes - Ring.Pvt.OffsetBytes]);
    }
}
