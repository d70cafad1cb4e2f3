using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>What a key means. The browser's side (<c>js/workbench.js</c>) only says which key it was.</summary>
public static class Keys
{
    private static readonly double[] Speeds = [0.25, 0.5, 1, 2, 4];

    /// <summary>The command of a key, or null when it has none here.</summary>
    /// <param name="key">As the browser names it: <c>ArrowLeft</c>, <c>Home</c>, <c>.</c></param>
    /// <param name="shift">True with the shift key.</param>
    /// <param name="view">What is on screen.</param>
    public static Command? CommandOf(string key, bool shift, SessionView view) => key switch
    {
        "ArrowRight" => shift ? new Command.NextNumbered() : new Command.Next(),
        "ArrowLeft" => shift ? new Command.BackNumbered() : new Command.Back(),
        "PageDown" => new Command.Next(),
        "PageUp" => new Command.Back(),
        "Home" => new Command.Seek(0),
        "End" => new Command.RunToEnd(),
        " " or "." => view.Run.Playing ? new Command.Pause() : new Command.Play(),
        "c" or "C" => shift ? new Command.RunBack() : new Command.RunOn(),
        "t" or "T" => view.Run is { InsideXen: true, LeftOut: true }
            ? new Command.SetDetail(false, false)
            : new Command.SetDetail(true, true),
        "[" => Speed(view.Run.Speed, -1),
        "]" => Speed(view.Run.Speed, 1),
        [>= '1' and <= '7'] => Steps.EndOf(view, key[0] - '0') is { } end ? new Command.Seek(end) : null,
        _ => null,
    };

    private static Command.SetSpeed? Speed(double now, int by)
    {
        var index = Array.IndexOf(Speeds, now) + by;
        return index >= 0 && index < Speeds.Length ? new Command.SetSpeed(Speeds[index]) : null;
    }
}
