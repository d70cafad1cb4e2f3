namespace XenViz.Conformance;

/// <summary>Plays a <see cref="HostileStory"/>, and checks after every act what must hold.</summary>
static class HostilePlay
{
    /// <summary>Plays.</summary>
    /// <returns>Acts that were done, those of the opening among them, and the first property that does not hold, or
    /// null.</returns>
    public static (int Done, string? Broken) Of(HostileStory story)
    {
        var hostile = new HostileEvents(story.Shapes);
        Span<byte> argument = stackalloc byte[HostileAct.ArgumentBytes];
        var done = 0;
        foreach (var act in hostile.Opening())
        {
            act.CopyTo(argument);
            hostile.Target.Apply(act.Op, argument);
            done++;
            if (EventInvariants.Broken(hostile.Events) is { } broken)
            {
                return (done, $"{act}: {broken}");
            }
        }

        foreach (var told in story.Acts)
        {
            if (hostile.Now(told) is not { } act)
            {
                continue;
            }

            act.CopyTo(argument);
            hostile.Target.Apply(act.Op, argument);
            done++;
            if (Broken(hostile) is { } broken)
            {
                return (done, $"{act}: {broken}");
            }
        }

        return (done, null);
    }

    static string? Broken(HostileEvents hostile) =>
        EventInvariants.Broken(hostile.Events)
        ?? EventInvariants.LostTwoLevel(hostile.Events.Domains[HostileEvents.CarefulTwoLevel])
        ?? EventInvariants.LostFifo(
            hostile.Events.Domains[HostileEvents.CarefulFifo], hostile.Guests[HostileEvents.CarefulFifo]);
}
