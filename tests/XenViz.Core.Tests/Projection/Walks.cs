using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Runs as who steps through them sees them.</summary>
internal static class Walks
{
    /// <summary>The view at the start and at each stop to the end.</summary>
    /// <param name="link">What is run, with what is told of it.</param>
    public static List<SessionView> Of(string link)
    {
        var (parsed, error) = RunLink.Parse(link);
        Assert.Null(error);
        var engine = SessionEngine.Create(parsed!, null).Engine!;
        Assert.Null(engine.Apply(new Command.Seek(0)));
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            views.Add(engine.View());
        }

        return views;
    }
}
