using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Names a field of the Bytes tab from one position to the next, and finds what is known of it.</summary>
public static class FieldKey
{
    /// <summary>The field's name: its area, offset in the frame, and name.</summary>
    public static string Of(HexAreaView area, HexFieldView field) =>
        string.Create(CultureInfo.InvariantCulture, $"{area.Id}@{field.Offset}.{field.Name}");

    /// <summary>The field with this name and its area; nulls when it is not on show.</summary>
    public static (HexAreaView? Area, HexFieldView? Field) Find(HexView bytes, string? key)
    {
        foreach (var area in bytes.Areas)
        {
            foreach (var field in area.Fields)
            {
                if (Of(area, field) == key)
                {
                    return (area, field);
                }
            }
        }

        return (null, null);
    }

    /// <summary>What the session is asked about a field.</summary>
    public static string Question(HexAreaView area, HexFieldView field) =>
        string.Create(CultureInfo.InvariantCulture, $"field.{area.Mfn}.{field.Offset}.{field.Length}");

    /// <summary>The steps that led to what was changed last at a position, the last one first.</summary>
    /// <param name="steps">The steps that are known.</param>
    /// <param name="changed">The position after the last row that changed it, or 0.</param>
    public static ImmutableArray<WhyStepView> Chain(ImmutableArray<WhyStepView> steps, int changed)
    {
        var chain = ImmutableArray.CreateBuilder<WhyStepView>();
        var at = changed;
        while (at > 0 && chain.Count < steps.Length && steps.FirstOrDefault(s => s.Position == at) is { } step)
        {
            chain.Add(step);
            at = step.Cause;
        }

        return chain.ToImmutable();
    }
}
