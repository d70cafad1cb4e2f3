namespace XenViz.Core.Projection;

/// <summary>A step of a causal chain: who changed bytes, and what made them do it.</summary>
/// <param name="Position">The position after the row: where a jump goes.</param>
/// <param name="Number">The row's number, as in the narration.</param>
/// <param name="Agent">Who ran it, in words.</param>
/// <param name="Caption">What it did, as the narration tells it.</param>
/// <param name="Cause">The position of the step that caused it, in the same list when the list reaches as far; 0 when
/// nothing before it did.</param>
/// <param name="Because">How the cause reached it, in words: what was read there, or who handed over. Empty without a
/// cause.</param>
public sealed record WhyStepView(
    int Position, string Number, string Agent, string Caption, int Cause, string Because);
