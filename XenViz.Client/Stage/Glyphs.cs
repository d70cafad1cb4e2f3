using System.Globalization;

namespace XenViz.Client.Stage;

/// <summary>The small drawings that mean something wherever they stand.</summary>
internal static class Glyphs
{
    /// <summary>The shape of an owner, about 20 units wide, around its centre.</summary>
    public static string Owner(SceneOwner owner, double x, double y, double half = 10) => owner switch
    {
        SceneOwner.Guest => F($"M{x - half} {y - half} h{2 * half} v{2 * half} h{-2 * half}z"),
        SceneOwner.Driver => F($"M{x - half} {y - half} l{2 * half} {half} l{-2 * half} {half}z"),
        SceneOwner.Xen => F($"M{x - (1.15 * half)} {y} l{0.58 * half} {-half} h{1.15 * half} l{0.58 * half} {half} ")
            + F($"l{-0.58 * half} {half} h{-1.15 * half}z"),
        _ => F($"M{x} {y - (1.2 * half)} l{1.2 * half} {1.2 * half} l{-1.2 * half} {1.2 * half} ")
            + F($"l{-1.2 * half} {-1.2 * half}z"),
    };

    /// <summary>A ticket: the notched card of a grant reference, around its centre.</summary>
    public static string Ticket(double x, double y, double width, double height)
    {
        var top = y - (height / 2);
        var rise = (height - 12) / 2;
        return F($"M{x - (width / 2)} {top} h{width} v{rise} a6 6 0 0 0 0 12 v{rise} ")
            + F($"h{-width} v{-rise} a6 6 0 0 0 0 -12z");
    }

    /// <summary>The head of an arrow with its tip at a point.</summary>
    /// <param name="x">The tip.</param>
    /// <param name="y">The tip.</param>
    /// <param name="way">R, L, U or D.</param>
    /// <param name="big">True for a carrier that acts.</param>
    public static string Head(double x, double y, char way, bool big)
    {
        var (length, half) = big ? (24.0, 14.4) : (15.0, 9.0);
        return way switch
        {
            'R' => F($"M{x} {y} l{-length} {-half} v{2 * half} z"),
            'L' => F($"M{x} {y} l{length} {-half} v{2 * half} z"),
            'U' => F($"M{x} {y} l{-half} {length} h{2 * half} z"),
            _ => F($"M{x} {y} l{-half} {-length} h{2 * half} z"),
        };
    }

    /// <summary>A padlock around its centre, closed (read-only) or open (read and write).</summary>
    public static IEnumerable<SceneMark> Padlock(double x, double y, double scale, bool open)
    {
        var s = scale;
        yield return new PathMark(
            open
                ? F($"M{x - (8 * s)} {y - (2 * s)} v{-12 * s} a{8 * s} {8 * s} 0 0 1 {16 * s} 0 v{3 * s}")
                : F($"M{x - (8 * s)} {y - (2 * s)} v{-7 * s} a{8 * s} {8 * s} 0 0 1 {16 * s} 0 v{7 * s}"),
            "shackle");
        yield return new RectMark(x - (13 * s), y - (3 * s), 26 * s, 21 * s, 3, "lock");
        yield return new PathMark(
            F($"M{x - (3 * s)} {y + (6 * s)} a{3 * s} {3 * s} 0 0 1 {6 * s} 0 ")
            + F($"l{-1.7 * s} {7 * s} h{-2.6 * s}z"),
            "keyhole");
    }

    /// <summary>A page with its corner folded.</summary>
    public static string Page(double x, double y, double width, double height, double fold) =>
        F($"M{x} {y} h{width - fold} l{fold} {fold} v{height - fold} h{-width}z");

    /// <summary>The fold of such a page.</summary>
    public static string Fold(double x, double y, double width, double fold) =>
        F($"M{x + width - fold} {y} v{fold} h{fold}");

    /// <summary>Formats path data without a culture.</summary>
    public static string F(FormattableString data) => data.ToString(PathNumbers.Instance);

    private sealed class PathNumbers : IFormatProvider, ICustomFormatter
    {
        public static readonly PathNumbers Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            double number => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture),
            _ => Convert.ToString(arg, CultureInfo.InvariantCulture) ?? "",
        };
    }
}
