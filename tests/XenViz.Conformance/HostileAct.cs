using System.Buffers.Binary;

namespace XenViz.Conformance;

/// <summary>An operation with the 24 bytes of its argument, as a guest gives them.</summary>
sealed record HostileAct(HostileOp Op, byte[] Argument)
{
    public const int ArgumentBytes = 24;

    /// <summary>An operation without an argument.</summary>
    public HostileAct(HostileOp op) : this(op, [])
    {
    }

    public override string ToString() =>
        Argument.Length == 0 ? $"{Op}" : $"{Op} {Convert.ToHexStringLower(Argument)}";

    /// <summary>The argument in a buffer that takes the outputs; zeros behind its end.</summary>
    public void CopyTo(Span<byte> argument)
    {
        argument.Clear();
        Argument.CopyTo(argument);
    }

    /// <summary>The same with a number of the argument made smaller. Who asks stays: careful guests must stay careful.
    /// </summary>
    public IEnumerable<HostileAct> Simpler()
    {
        for (var at = 0; at < Argument.Length; at += 4)
        {
            var number = BinaryPrimitives.ReadUInt32LittleEndian(Argument.AsSpan(at));
            uint[] candidates = number == 0 ? [] : [0, number / 2, number - 1];
            foreach (var smaller in candidates.Distinct())
            {
                byte[] argument = [.. Argument];
                BinaryPrimitives.WriteUInt32LittleEndian(argument.AsSpan(at), smaller);
                yield return this with { Argument = argument };
            }
        }
    }
}

/// <summary>What is fixed about a domain of a story.</summary>
readonly record struct HostileShape(int Vcpus, uint MaxPort);

/// <summary>Four domains and what happens, one act after another.</summary>
sealed record HostileStory(HostileShape[] Shapes, HostileAct[] Acts)
{
    /// <summary>Domains as large as they come, and nothing happens.</summary>
    public static HostileStory Quiet { get; } = new([.. Enumerable.Repeat(new HostileShape(3, 4095), 4)], []);

    public override string ToString() =>
        $"{string.Join(", ", Shapes)}{Environment.NewLine}{string.Join<HostileAct>(Environment.NewLine, Acts)}";
}
