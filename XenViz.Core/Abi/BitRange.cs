namespace XenViz.Core.Abi;

/// <summary>Some bits of a field, for fields whose bits have different writers.</summary>
/// <param name="Shift">The lowest bit.</param>
/// <param name="WidthBits">How many bits.</param>
/// <param name="Name">Xen's name of the bits.</param>
/// <param name="Writer">Who may write them.</param>
/// <param name="Citation">The header, a space and the symbol of the mask.</param>
public readonly record struct BitRange(int Shift, int WidthBits, string Name, Writer Writer, string Citation)
{
    /// <summary>The bits as a mask over the field.</summary>
    public ulong Mask => ((1UL << WidthBits) - 1) << Shift;
}
