using XenViz.Core.Abi;

namespace XenViz.Client.Panels;

/// <summary>A share of the sum of cycles.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Lane">Whose it is, for the colour, or null.</param>
/// <param name="SoFar">Cycles up to the position.</param>
/// <param name="ToEnd">Cycles of the whole branch.</param>
public sealed record CostShare(string Name, Actor? Lane, long SoFar, long ToEnd);
