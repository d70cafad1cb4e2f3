using System.Numerics;

namespace XenViz.Core.Simulation;

/// <summary>
/// A 64-bit hash that is the same on every machine and in every run (the runtime's own hashes are seeded). Multiply and
/// rotate, then a final mix; not meant against an adversary.
/// </summary>
public struct Hasher
{
    private ulong _state;

    /// <summary>The hash of all that was added.</summary>
    public readonly ulong Value
    {
        get
        {
            var h = _state;
            h ^= h >> 33;
            h *= 0xFF51AFD7ED558CCD;
            h ^= h >> 33;
            h *= 0xC4CEB9FE1A85EC53;
            return h ^ (h >> 33);
        }
    }

    /// <summary>An empty hash.</summary>
    public static Hasher Start() => new() { _state = 0x9E3779B97F4A7C15 };

    /// <summary>Adds a number.</summary>
    public void Add(ulong value) =>
        _state = (BitOperations.RotateLeft(_state, 23) ^ value) * 0x9FB21C651E98DF25 + 0x632BE59BD9B4E019;

    /// <summary>Adds a number.</summary>
    public void Add(long value) => Add(unchecked((ulong)value));

    /// <summary>Adds a number.</summary>
    public void Add(int value) => Add(unchecked((ulong)value));

    /// <summary>Adds a number.</summary>
    public void Add(uint value) => Add((ulong)value);

    /// <summary>Adds a truth.</summary>
    public void Add(bool value) => Add(value ? 1UL : 0UL);

    /// <summary>Adds a text, UTF-16 unit by unit, with its length.</summary>
    public void Add(string value)
    {
        Add(value.Length);
        foreach (var c in value)
        {
            Add((ulong)c);
        }
    }
}
