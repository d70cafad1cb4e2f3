using XenViz.Core.Abi;

namespace XenViz.Core.Drivers.Network;

/// <summary>Bytes of one page that belong to a packet.</summary>
/// <param name="Page">The page.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Bytes">How many.</param>
public readonly record struct Part(Mfn Page, int Offset, int Bytes);
