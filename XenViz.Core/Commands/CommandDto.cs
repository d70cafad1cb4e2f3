namespace XenViz.Core.Commands;

/// <summary>A command as it travels: flat, the same in JSON and MessagePack. Unused fields are null.</summary>
/// <param name="Kind">
/// <c>next</c>, <c>back</c>, <c>nextNumbered</c>, <c>backNumbered</c>, <c>seek</c>, <c>runToEnd</c>, <c>play</c>,
/// <c>pause</c>, <c>setSpeed</c>, <c>choose</c>, <c>switchBranch</c>, <c>nameBranch</c>, <c>deleteBranch</c>,
/// <c>restoreBranch</c>, <c>addBreakpoint</c>, <c>removeBreakpoint</c>, <c>switchBreakpoint</c>, <c>runOn</c>,
/// <c>runBack</c>, <c>setPrice</c>, <c>resetPrices</c>, <c>playClock</c>, <c>showGuest</c>, <c>showRing</c>,
/// <c>setDetail</c>, <c>load</c> or
/// <c>reset</c>.
/// </param>
/// <param name="Position">For <c>seek</c>: rows since the start.</param>
/// <param name="Speed">For <c>setSpeed</c>: 0.25, 0.5, 1, 2 or 4.</param>
/// <param name="Agent">For <c>choose</c>.</param>
/// <param name="Branch">For <c>switchBranch</c>, <c>nameBranch</c>, <c>deleteBranch</c>, <c>restoreBranch</c>.</param>
/// <param name="InsideXen">For <c>setDetail</c>.</param>
/// <param name="LeftOut">For <c>setDetail</c>.</param>
/// <param name="Link">For <c>load</c>: the run's parameters as in a share link (<see cref="RunLink"/>).</param>
/// <param name="Text">For <c>nameBranch</c>: the name; for <c>addBreakpoint</c>: what to stop at.</param>
/// <param name="ChangesOnly">For <c>addBreakpoint</c>: only rows that change the objects.</param>
/// <param name="Breakpoint">For <c>removeBreakpoint</c> and <c>switchBreakpoint</c>: its number.</param>
/// <param name="On">For <c>switchBreakpoint</c>.</param>
/// <param name="Price">For <c>setPrice</c>: the price's name.</param>
/// <param name="Value">For <c>setPrice</c>.</param>
/// <param name="Guest">For <c>showGuest</c>.</param>
/// <param name="Ring">For <c>showRing</c>.</param>
public sealed record CommandDto(
    string? Kind, int? Position = null, double? Speed = null, int? Agent = null, int? Branch = null,
    bool? InsideXen = null, bool? LeftOut = null, string? Link = null, string? Text = null,
    bool? ChangesOnly = null, int? Breakpoint = null, bool? On = null, string? Price = null, long? Value = null,
    int? Guest = null, int? Ring = null);
