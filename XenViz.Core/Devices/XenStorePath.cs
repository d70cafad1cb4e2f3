using XenViz.Core.Abi;

namespace XenViz.Core.Devices;

/// <summary>Rules of paths (<c>docs/misc/xenstore.txt</c>, <c>io/xs_wire.h</c>).</summary>
public static class XenStorePath
{
    /// <summary>Most characters of an absolute path.</summary>
    [Cites("io/xs_wire.h XENSTORE_ABS_PATH_MAX")]
    public const int MaxAbsolute = 3072;

    /// <summary>Most characters of a relative path.</summary>
    [Cites("io/xs_wire.h XENSTORE_REL_PATH_MAX")]
    public const int MaxRelative = 2048;

    /// <summary>The special watch that fires when a domain dies.</summary>
    public const string ReleaseDomain = "@releaseDomain";

    /// <summary>The directory of a domain.</summary>
    public static string Home(DomId domain) => $"/local/domain/{domain}";

    /// <summary>Makes a path absolute: one that does not begin with a stroke is relative to the caller's directory.
    /// </summary>
    /// <returns>The path, or null when it is not one: empty, too long, a doubled or trailing stroke, or a character
    /// other than letters, digits and <c>-_@</c>.</returns>
    public static string? Absolute(DomId caller, string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (path[0] != '/')
        {
            if (path.Length > MaxRelative)
            {
                return null;
            }

            path = Home(caller) + "/" + path;
        }

        return IsValid(path) ? path : null;
    }

    /// <summary>True for an absolute path in the permitted form.</summary>
    public static bool IsValid(string path)
    {
        if (path == "/")
        {
            return true;
        }

        if (path.Length is 0 or > MaxAbsolute || path[0] != '/' || path[^1] == '/'
            || path.Contains("//", StringComparison.Ordinal))
        {
            return false;
        }

        return path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '@');
    }

    /// <summary>The parent of a path that is not the root.</summary>
    public static string Parent(string path)
    {
        var at = path.LastIndexOf('/');
        return at == 0 ? "/" : path[..at];
    }

    /// <summary>True when the first path is the second one or lies below it.</summary>
    public static bool IsBelow(string path, string above) =>
        above == "/"
            ? path.Length > 0 && path[0] == '/'
            : path.StartsWith(above, StringComparison.Ordinal)
                && (path.Length == above.Length || path[above.Length] == '/');
}
