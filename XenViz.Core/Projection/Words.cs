using System.Globalization;
using System.Resources;

namespace XenViz.Core.Projection;

/// <summary>Numbers and texts as the views write them.</summary>
internal static class Words
{
    /// <summary>A number in hexadecimal: <c>0x5A21</c>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">At least so many digits.</param>
    public static string Hex(ulong value, int digits = 1) =>
        "0x" + value.ToString("X" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A number in decimal.</summary>
    public static string Decimal(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The texts of a resource of this namespace.</summary>
    public static ResourceManager Resource(string name) =>
        new("XenViz.Core.Projection." + name, typeof(Words).Assembly);

    /// <summary>A text with its places filled; the key itself when there is no such text, so that a gap is seen.
    /// </summary>
    public static string Say(this ResourceManager texts, string key, params ReadOnlySpan<object?> values) =>
        string.Format(
            CultureInfo.InvariantCulture, texts.GetString(key, CultureInfo.InvariantCulture) ?? key, values);
}
