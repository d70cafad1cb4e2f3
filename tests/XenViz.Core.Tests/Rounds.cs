using FsCheck;

namespace XenViz.Core.Tests;

/// <summary>How often FsCheck tries a property. It throws, with the shortest failure, and says nothing else.</summary>
internal static class Rounds
{
    /// <summary>So many times.</summary>
    public static Config Of(int rounds) =>
        Config.QuickThrowOnFailure.WithMaxTest(rounds).WithQuietOnSuccess(true);
}
