using System.Collections.Immutable;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>A state of a run that components are looked at in.</summary>
/// <param name="Name">A stable word.</param>
/// <param name="Link">The run and its position, as in a share link.</param>
public sealed record GalleryState(string Name, string Link);

/// <summary>The states of the gallery: real runs, so that what is looked at cannot be out of date.</summary>
public static class GalleryStates
{
    /// <summary>The main states.</summary>
    public static ImmutableArray<GalleryState> All { get; } =
    [
        new("start", ""),
        new("published", "at=13"),
        new("mapped", "at=41"),
        new("moved", "at=55"),
        new("stale", "xen=on&leftout=on&at=64"),
        new("iommu-off", "iommu=off&at=55"),
        new("answered", "at=80"),
        new("done", "at=99"),
        new("read", "op=read&slots=32&at=55"),
        new("connecting", "scenario=connect&at=12"),
        new("left-out", "xen=on&leftout=on&at=60"),
        new("many", "scenario=workload&slots=32&depth=8&segments=1&path=copy&work=read%3A0%2F64&at=90"),
        new("queues", "scenario=workload&queues=2&depth=4&work=read%3A0%2F32&at=70"),
        new("fifo", "scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read%3A0%2F32&xen=on&at=107"),
        new("liar", "scenario=overflow&at=20"),
        new("net-sent", "scenario=net-tx&at=30"),
        new("net-large", "scenario=net-tx&depth=2&work=send:5054/256/1448/0:large&work=send:60:a&at=70"),
        new("net-dropped", "scenario=net-endless&xen=on&leftout=on&at=200"),
        new("net-guests", "scenario=net-guests&at=60"),
        new("flip", "scenario=net-flip&xen=on&leftout=on&at=40"),
        new("unplugged", "scenario=disconnect&at=60"),
        new("crash", "scenario=reconnect&depth=2&crash=1&work=read%3A0%2F16&at=60"),
    ];

    /// <summary>The view of a state; null when its link does not open.</summary>
    /// <param name="state">One of <see cref="All"/>.</param>
    public static SessionView? ViewOf(GalleryState state) =>
        RunLink.Parse(state.Link).Link is { } link ? ViewOf(link) : null;

    /// <summary>A run after some commands, to look at and to ask; null when its link does not open.</summary>
    /// <param name="query">The run, as in a share link.</param>
    /// <param name="commands">What is done with it, in order.</param>
    public static SessionEngine? Played(string query, params ReadOnlySpan<Command> commands)
    {
        if (RunLink.Parse(query).Link is not { } link || SessionEngine.Create(link, null).Engine is not { } engine)
        {
            return null;
        }

        foreach (var command in commands)
        {
            engine.Apply(command);
        }

        return engine;
    }

    /// <summary>A run with a second branch, two breakpoints, and a stop at one of them; null when it does not open.
    /// </summary>
    public static SessionEngine? Forked()
    {
        var engine = Played("", new Command.AddBreakpoint("map", false), new Command.AddBreakpoint("violation", true));
        for (var at = 0; engine is not null && at < engine.View().Run.Length; at++)
        {
            engine.Apply(new Command.Seek(at));
            if (engine.View().Narration.Choices.FirstOrDefault(choice => !choice.IsDefault) is { } other)
            {
                engine.Apply(new Command.Choose(other.Agent));
                engine.Apply(new Command.RunOn());
                break;
            }
        }

        return engine;
    }

    /// <summary>What a state says of an object; null when its link does not open.</summary>
    /// <param name="state">One of <see cref="All"/>.</param>
    /// <param name="id">The object.</param>
    public static DetailAnswer? DetailsOf(GalleryState state, string id) =>
        RunLink.Parse(state.Link).Link is { } link ? SessionEngine.Create(link, null).Engine?.Details(id) : null;

    // A run may be shorter than the position that was once chosen for it: then its end is shown.
    private static SessionView? ViewOf(RunLink link)
    {
        if (SessionEngine.Create(link, null).Engine is { } engine)
        {
            return engine.View() with { Sequence = 1 };
        }

        if (SessionEngine.Create(link with { Position = 0 }, null).Engine is not { } start)
        {
            return null;
        }

        start.Apply(new Command.RunToEnd());
        return start.View() with { Sequence = 1 };
    }
}
