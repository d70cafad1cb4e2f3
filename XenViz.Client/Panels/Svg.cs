using System.Globalization;

namespace XenViz.Client.Panels;

/// <summary>Numbers and paths for drawings.</summary>
internal static class Svg
{
    // A drawing has thousands of coordinates, and a browser's interpreted runtime is slow to write a double.
    private static readonly string[] whole =
        [.. Enumerable.Range(0, 2000).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>A coordinate with at most two decimals and a point.</summary>
    public static string N(double value) => Fixed(value, 100);

    /// <summary>A per cent coordinate.</summary>
    public static string Percent(double value) => Fixed(value, 1000) + "%";

    /// <summary>A number as <c>0x5A21</c>.</summary>
    public static string Hex(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture);

    /// <summary>A number as <c>0x</c> and at least <paramref name="digits"/> digits.</summary>
    public static string Hex(ulong value, int digits) =>
        "0x" + value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A whole number with a comma after each three digits: <c>33,800</c>.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A point of a circle; the angle is in turns, clockwise from the top.</summary>
    public static (double X, double Y) OnCircle(double centreX, double centreY, double radius, double turns)
    {
        var angle = turns * 2 * Math.PI;
        return (centreX + (radius * Math.Sin(angle)), centreY - (radius * Math.Cos(angle)));
    }

    /// <summary>A piece of a ring between two radii and two angles in turns.</summary>
    public static string RingPiece(double centreX, double centreY, double outer, double inner, double from, double to)
    {
        var (ax, ay) = OnCircle(centreX, centreY, outer, from);
        var (bx, by) = OnCircle(centreX, centreY, outer, to);
        var (cx, cy) = OnCircle(centreX, centreY, inner, to);
        var (dx, dy) = OnCircle(centreX, centreY, inner, from);
        var large = to - from > 0.5 ? 1 : 0;
        return $"M{N(ax)} {N(ay)} A{N(outer)} {N(outer)} 0 {large} 1 {N(bx)} {N(by)} "
            + $"L{N(cx)} {N(cy)} A{N(inner)} {N(inner)} 0 {large} 0 {N(dx)} {N(dy)} Z";
    }

    private static string Fixed(double value, int scale)
    {
        var parts = (long)Math.Round(value * scale);
        if (parts < 0)
        {
            return "-" + Fixed(-value, scale);
        }

        var (units, rest) = Math.DivRem(parts, scale);
        var text = units < whole.Length ? whole[units] : units.ToString(CultureInfo.InvariantCulture);
        if (rest == 0)
        {
            return text;
        }

        // The leading one keeps the zeros after the point.
        var decimals = (rest + scale).ToString(CultureInfo.InvariantCulture).AsSpan(1).TrimEnd('0');
        return string.Concat(text, ".", decimals);
    }

    /// <summary>A number that may be long, cut to its last four digits: <c>…7295</c>.</summary>
    public static string Short(uint value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Length <= 5 ? text : "…" + text[^4..];
    }
}
