using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace XenViz.Core.Commands;

/// <summary>
/// A list of choices as text: a letter for each agent, <c>a</c> for agent 0, followed by how often when more than once:
/// <c>a12bc3</c> is twelve rows of agent 0, one of agent 1 and three of agent 2.
/// </summary>
public static class ChoiceText
{
    /// <summary>Reads the text.</summary>
    /// <returns>The choices; the default array when the text is malformed or says more than
    /// <see cref="RunLimits.Choices"/>.</returns>
    public static ImmutableArray<byte> Parse(string text)
    {
        var choices = ImmutableArray.CreateBuilder<byte>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is < 'a' or > 'z')
            {
                return default;
            }

            var agent = (byte)(text[at++] - 'a');
            var digits = at;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                digits++;
            }

            var times = 1;
            if (digits > at
                && (!int.TryParse(
                        text.AsSpan(at, digits - at), NumberStyles.None, CultureInfo.InvariantCulture, out times)
                    || times is 0 || times > RunLimits.Choices))
            {
                return default;
            }

            if (choices.Count + times > RunLimits.Choices)
            {
                return default;
            }

            choices.AddRange(Enumerable.Repeat(agent, times));
            at = digits;
        }

        return choices.DrainToImmutable();
    }

    /// <summary>Writes the text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An agent has no letter: that is a fault of the caller.</exception>
    public static string Format(ImmutableArray<byte> choices)
    {
        var text = new StringBuilder();
        for (var from = 0; from < choices.Length;)
        {
            var agent = choices[from];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(agent, RunLink.Agents, nameof(choices));
            var to = from + 1;
            while (to < choices.Length && choices[to] == agent)
            {
                to++;
            }

            text.Append((char)('a' + agent));
            if (to - from > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"{to - from}");
            }

            from = to;
        }

        return text.ToString();
    }
}
