using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace XenViz.Core.Simulation;

/// <summary>Up to four words of a page that were written since its chunks were copied, each at most once.</summary>
internal readonly struct WordPatches
{
    /// <summary>Bytes of a word; words lie at multiples of it.</summary>
    public const int WordSize = 8;

    /// <summary>Most words. One more and all go into the chunks: by then that costs less than carrying them.</summary>
    private const int Most = 4;

    // 16 bits each: the word's number in the page, from 1; 0 for none.
    private readonly ulong _places;
    private readonly Values _values;

    private WordPatches(ulong places, in Values values)
    {
        _places = places;
        _values = values;
    }

    /// <summary>How many there are.</summary>
    public int Count => _places == 0 ? 0 : 1 + (System.Numerics.BitOperations.Log2(_places) / 16);

    /// <summary>A word: the offset of its first byte in the page, and what it holds.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public (int Offset, ulong Value) this[int index] => ((PlaceAt(index) - 1) * WordSize, _values[index]);

    /// <summary>The word that holds a byte, or null when it is not here.</summary>
    /// <param name="offset">The byte's offset in the page.</param>
    public ulong? Find(int offset) => IndexOf(offset) is >= 0 and var index ? _values[index] : null;

    /// <summary>True when a word can be put here.</summary>
    /// <param name="offset">The offset of one of its bytes.</param>
    public bool HasRoom(int offset) => _places >> ((Most - 1) * 16) == 0 || IndexOf(offset) >= 0;

    /// <summary>These words and one more, or another value of one of them; there must be room.</summary>
    /// <param name="offset">The offset of one of its bytes.</param>
    /// <param name="value">The word, little-endian.</param>
    public WordPatches With(int offset, ulong value)
    {
        var (places, values) = (_places, _values);
        var index = IndexOf(offset);
        if (index < 0)
        {
            index = Count;
            places |= (ulong)((offset / WordSize) + 1) << (index * 16);
        }

        values[index] = value;
        return new WordPatches(places, values);
    }

    /// <summary>Puts what is here over bytes that were read without it.</summary>
    /// <param name="offset">The first byte's offset in the page.</param>
    /// <param name="into">The bytes.</param>
    public void Over(int offset, Span<byte> into)
    {
        Span<byte> word = stackalloc byte[WordSize];
        for (var i = 0; i < Count; i++)
        {
            var (at, value) = this[i];
            var first = Math.Max(at, offset);
            var end = Math.Min(at + WordSize, offset + into.Length);
            if (first < end)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, value);
                word[(first - at)..(end - at)].CopyTo(into[(first - offset)..]);
            }
        }
    }

    private int IndexOf(int offset)
    {
        var place = (offset / WordSize) + 1;
        for (var i = 0; i < Most; i++)
        {
            if (PlaceAt(i) == place)
            {
                return i;
            }
        }

        return -1;
    }

    private int PlaceAt(int index) => (int)(_places >> (index * 16)) & 0xFFFF;

    [InlineArray(Most)]
    private struct Values
    {
        private ulong _first;
    }
}
