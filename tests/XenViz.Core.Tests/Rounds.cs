using System.Globalization;
using FsCheck;

namespace XenViz.Core.Tests;

/// <summary>How often FsCheck tries a property. It throws, with the shortest failure, and says nothing else.</summary>
internal static class Rounds
{
    /// <summary>The variable XENVIZ_ROUNDS multiplies all rounds, for a long search: 1 to 10,000.</summary>
    private static readonly int Times =
        int.TryParse(Environment.GetEnvironmentVariable("XENVIZ_ROUNDS"), CultureInfo.InvariantCulture, out var times)
            ? Math.Clamp(times, 1, 10_000)
            : 1;

    /// <summary>So many times.</summary>
    public static Config Of(int rounds) =>
        Config.QuickThrowOnFailure.WithMaxTest(rounds * Times).WithQuietOnSuccess(true);
}
