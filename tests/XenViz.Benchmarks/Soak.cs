using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using XenViz.Conformance;

namespace XenViz.Benchmarks;

/// <summary>The long run of the stories that tests play shortly: <c>--soak</c>, with a number of operations, and with
/// <c>grants</c> or <c>events</c> when only those are wanted. Every property is checked after every operation.
/// </summary>
internal static class Soak
{
    private const long Usual = 10_000_000;
    private const int Acts = 2000;

    /// <summary>Runs and says how far it came. The exit code is 0 when no property broke.</summary>
    public static int Run(string[] args)
    {
        var wanted = args.Select(Number).FirstOrDefault(n => n > 0, Usual);
        var all = !args.Contains("grants") && !args.Contains("events");
        var good = true;
        if (all || args.Contains("grants"))
        {
            good &= Play("grants", wanted, GrantStories.Of(Acts), story =>
            {
                var (play, broken) = GrantPlay.Of(story);
                return (play.Done, broken);
            });
        }

        if (all || args.Contains("events"))
        {
            good &= Play("event channels", wanted, HostileStories.Of(Acts), HostilePlay.Of);
        }

        return good ? 0 : 1;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static bool Play<T>(
        string name, long wanted, Arbitrary<T> stories, Func<T, (int Done, string? Broken)> play)
    {
        var clock = Stopwatch.StartNew();
        long done = 0;
        var told = wanted / 10;
        var property = Prop.ForAll(stories, story =>
        {
            var (played, broken) = play(story);
            done += played;
            return (broken is null).Label(broken ?? "");
        });
        try
        {
            // Some acts are not done, because their domain is dead: the rounds go on until enough are.
            while (done < wanted)
            {
                var rounds = (int)Math.Clamp((Math.Min(wanted, told) - done + Acts - 1) / Acts, 1, 1000);
                Check.One(Config.QuickThrowOnFailure.WithMaxTest(rounds).WithQuietOnSuccess(true), property);
                if (done >= told)
                {
                    Say($"{name}: {done} operations so far, {clock.Elapsed.TotalSeconds:0} s");
                    told += wanted / 10;
                }
            }
        }
        catch (Exception broken) when (broken.Message.Contains("Falsifiable", StringComparison.Ordinal))
        {
            Console.WriteLine($"{name}: {broken.Message}");
            return false;
        }

        Say($"{name}: {done} operations, no property broken, {clock.Elapsed.TotalSeconds:0} s");
        return true;
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
