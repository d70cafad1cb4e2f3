using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>Real runs with several of everything, at each of their stops.</summary>
internal static class Runs
{
    public const string TwoQueues =
        "scenario=workload&queues=2&depth=4&segments=1&work=write:2048:One&work=write:2056:Two"
        + "&work=write:2064:Three&work=write:2072:Four";

    public const string FourQueues =
        "scenario=workload&queues=4&depth=4&segments=1&work=write:2048:One&work=write:2056:Two"
        + "&work=write:2064:Three&work=write:2072:Four";

    public static readonly string[] All =
    [
        "", "op=read", TwoQueues, FourQueues, BothBusy, "scenario=connect", "scenario=net-connect", "scenario=net-tx",
        "scenario=net-rx", "scenario=net-flip", "scenario=net-guests", "scenario=net-stall", "scenario=disconnect",
        "scenario=reconnect&depth=4&segments=1&crash=1&work=write:2048:One&work=write:2056:Two",
        "scenario=net-reconnect&depth=2&work=send:1500:One&work=send:1500:Two",
        "scenario=workload&path=copy&work=write:2048/32:One",
        "scenario=workload&path=persistent&work=write:2048/32:One",
        "scenario=workload&bounce=on&work=write:2048:One&work=read:2048/8",
        "scenario=workload&path=copy&work=read:2048/8",
        "scenario=overflow", "scenario=revoke",
    ];

    public const string BothBusy = "scenario=workload&queues=2&depth=4&segments=1&work=read:0/64";

    public static SessionEngine Engine(string link) => SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;

    public static IEnumerable<SessionView> Views(SessionEngine engine)
    {
        var view = engine.View();
        yield return view;
        while (view.Run.Position < view.Run.Length)
        {
            engine.Apply(new Command.Next());
            view = engine.View();
            yield return view;
        }
    }

    public static IEnumerable<SessionView> Views(string link) => Views(Engine(link));
}
