using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Projection;

/// <summary>The event word of a port with the FIFO ABI.</summary>
/// <param name="Word">Its 32 bits.</param>
/// <param name="Linked">LINKED: the port stands in a queue.</param>
/// <param name="Busy">BUSY: Xen holds the word while it changes the link.</param>
/// <param name="Link">The next port of the queue, or 0.</param>
/// <param name="Priority">The priority of its future events, 0 (served first) to 15; Xen alone knows it.</param>
/// <param name="Ready">True when the bit of its queue is set in the ready word.</param>
public sealed record EventWordView(uint Word, bool Linked, bool Busy, uint Link, int Priority, bool Ready);

/// <summary>What a domain shares with Xen for its events, beside the bits of single ports.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Abi"><c>2l</c> or <c>fifo</c>.</param>
/// <param name="Fields">The words, in the order of memory.</param>
/// <param name="Queues">FIFO: the queues that hold ports, the highest priority first.</param>
public sealed record EventDomainView(
    ushort Domain, string Abi, ImmutableArray<EventFieldView> Fields, ImmutableArray<EventQueueView> Queues);

/// <summary>A word that a domain shares with Xen for its events.</summary>
/// <param name="Name">The header's name: <c>ready</c>, <c>head[7]</c>, <c>evtchn_pending[1]</c>.</param>
/// <param name="Value">Decoded, in hexadecimal where it holds bits.</param>
/// <param name="Before">The value before the last visible micro-step, or null when it is the same.</param>
/// <param name="Writer">Who may write it.</param>
/// <param name="Mfn">The frame that it lies in.</param>
/// <param name="Offset">Its first byte in the frame.</param>
/// <param name="Length">Its bytes.</param>
public sealed record EventFieldView(
    string Name, string Value, string? Before, Writer Writer, ulong Mfn, int Offset, int Length);

/// <summary>A queue of ports of vCPU 0 with the FIFO ABI.</summary>
/// <param name="Priority">0, served first, to 15.</param>
/// <param name="Ready">True when its bit is set in the ready word; false once the handler has taken the bits.</param>
/// <param name="Tail">The last port as Xen remembers it.</param>
/// <param name="Ports">The ports that are LINKED, in the order in which they are served.</param>
public sealed record EventQueueView(int Priority, bool Ready, uint Tail, ImmutableArray<EventLinkView> Ports);

/// <summary>A port in a queue.</summary>
/// <param name="Number">The port.</param>
/// <param name="Pending">PENDING; a port that was closed meanwhile stands in the queue without it.</param>
/// <param name="Masked">MASKED.</param>
/// <param name="Joined">False for a port that is LINKED and that no link leads to yet.</param>
public sealed record EventLinkView(uint Number, bool Pending, bool Masked, bool Joined);
