namespace XenViz.Core.Projection;

/// <summary>What a person wants on stage where a run has several of it; by default what the last row was about.
/// </summary>
/// <param name="Guest">The guest whose interface, or null.</param>
/// <param name="Ring">The ring, as in <see cref="RingLineView.Ring"/>, or null.</param>
public readonly record struct OnStage(int? Guest, int? Ring);
