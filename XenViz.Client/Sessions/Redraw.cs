namespace XenViz.Client.Sessions;

/// <summary>
/// Draws a page anew when a feed has changed. Feeds tell it on any thread, and rendering must not happen there: many
/// changes while one waits are one.
/// </summary>
/// <param name="dispatch">The renderer's own thread: a component's <c>InvokeAsync</c>.</param>
/// <param name="draw">Takes the newest view and draws it.</param>
internal sealed class Redraw(Func<Action, Task> dispatch, Action draw)
{
    private int waiting;

    /// <summary>Something has changed.</summary>
    public void Ask()
    {
        if (Interlocked.Exchange(ref waiting, 1) == 0)
        {
            // A browser has one thread, and a way round by its queue takes as long as a small piece of the drawing.
            _ = OperatingSystem.IsBrowser() ? DrawAsync() : Task.Run(DrawAsync);
        }
    }

    private Task DrawAsync() => dispatch(() =>
    {
        Interlocked.Exchange(ref waiting, 0);
        draw();
    });
}
