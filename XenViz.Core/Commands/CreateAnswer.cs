namespace XenViz.Core.Commands;

/// <summary>The answer to making a session: one of the two is null.</summary>
/// <param name="Id">The session's id: 1 to 64 letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Error">Why there is none.</param>
public sealed record CreateAnswer(string? Id, CommandError? Error);
