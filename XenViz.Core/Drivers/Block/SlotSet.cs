using System.Collections.Immutable;
using System.Numerics;

namespace XenViz.Core.Drivers.Block;

/// <summary>Which of the backend's places for mappings are taken: an immutable set of small numbers, one bit each.
/// </summary>
public readonly struct SlotSet
{
    private const int Bits = 64;
    private readonly ImmutableArray<ulong> _words;

    private SlotSet(ImmutableArray<ulong> words, int count)
    {
        _words = words;
        Count = count;
    }

    /// <summary>How many are taken.</summary>
    public int Count { get; }

    private ReadOnlySpan<ulong> Words => _words.IsDefault ? [] : _words.AsSpan();

    /// <summary>True when a place is taken.</summary>
    public bool Contains(int slot) => slot / Bits < Words.Length && (Words[slot / Bits] >> (slot % Bits) & 1) != 0;

    /// <summary>Takes some places, the lowest free ones first.</summary>
    public (SlotSet After, ImmutableArray<int> Taken) Take(int count)
    {
        var words = Words.ToArray();
        var taken = ImmutableArray.CreateBuilder<int>(count);
        for (var at = 0; taken.Count < count; at++)
        {
            if (at == words.Length)
            {
                Array.Resize(ref words, at + 1);
            }

            while (words[at] != ulong.MaxValue && taken.Count < count)
            {
                var bit = BitOperations.TrailingZeroCount(~words[at]);
                words[at] |= 1UL << bit;
                taken.Add((at * Bits) + bit);
            }
        }

        return (new SlotSet(ImmutableArray.Create(words), Count + count), taken.MoveToImmutable());
    }

    /// <summary>Gives places back; one that is free already stays free.</summary>
    public SlotSet Except(IEnumerable<int> slots)
    {
        var words = Words.ToArray();
        var count = Count;
        foreach (var slot in slots)
        {
            var bit = 1UL << (slot % Bits);
            if (slot / Bits < words.Length && (words[slot / Bits] & bit) != 0)
            {
                words[slot / Bits] &= ~bit;
                count--;
            }
        }

        return new SlotSet(ImmutableArray.Create(words), count);
    }
}
