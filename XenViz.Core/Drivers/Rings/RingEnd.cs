using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Rings;

/// <summary>One end of a ring, as the rows need it that all rings have.</summary>
/// <param name="Ring">The frame of the ring's page.</param>
/// <param name="Next">For a push: the private producer index; for a final check: the private consumer index.</param>
/// <param name="Port">The end's event channel.</param>
/// <param name="Size">Slots of the ring.</param>
public readonly record struct RingEnd(Mfn Ring, RingIndex Next, Port Port, int Size);

/// <summary>Finds the end of a ring that a row is about.</summary>
public delegate RingEnd RingEndOf<T>(in T locals, ref GuestCpu cpu)
    where T : struct, ILocals;

/// <summary>Says which request a row is about, for captions and for the stage.</summary>
public delegate void Touch<T>(in T locals, Draft draft)
    where T : struct, ILocals;

/// <summary>Locals of a listing that pushes.</summary>
public interface IPushLocals : ILocals
{
    /// <summary>The shared index before the push.</summary>
    RingIndex Old { get; set; }
}

/// <summary>Locals of a listing that looks for more before it goes to sleep.</summary>
public interface IConsumerLocals : ILocals
{
    /// <summary>The producer index, read once.</summary>
    RingIndex Prod { get; set; }
}
