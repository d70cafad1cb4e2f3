using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using XenViz.Client.Controls;
using XenViz.Client.Resources;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Time;

/// <summary>
/// Finds rows of the whole run, goes to them, and narrows the timeline down to them. The rows are looked for where the
/// run is; here are only those that are in sight.
/// </summary>
public sealed partial class FindPanel
{
    private const int FirstHits = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private ElementReference field;
    private Virtualize<HitView>? list;
    private FindAnswer? answer;
    private string typed = "";
    private string text = "";
    private (string Text, bool ChangesOnly)? answered;
    private bool changesOnly;
    private bool mustFocus;
    private int asked;
    private (int Branch, int Length, string Run) lookedAt = (-1, 0, "");
    private RunParameters? run;

    /// <summary>What is on screen.</summary>
    [Parameter, EditorRequired]
    public required SessionView View { get; set; }

    /// <summary>Asks about the rows; null when there is no connection.</summary>
    [Parameter, EditorRequired]
    public required Func<FindRequest, Task<FindAnswer?>> Find { get; set; }

    /// <summary>True while it is open. What was looked for stays when it is closed.</summary>
    [Parameter]
    public bool Open { get; set; }

    /// <summary>Opened or closed.</summary>
    [Parameter]
    public EventCallback<bool> OpenChanged { get; set; }

    /// <summary>What the timeline is narrowed down to, or null.</summary>
    [Parameter]
    public RowFilter? Only { get; set; }

    /// <summary>The timeline is narrowed down, or shows everything again.</summary>
    [Parameter]
    public EventCallback<RowFilter?> OnlyChanged { get; set; }

    /// <summary>A row was chosen.</summary>
    [Parameter]
    public EventCallback<Command> OnCommand { get; set; }

    /// <summary>One walks through what was found: which of the rows one comes to, 0 the first.</summary>
    [Parameter]
    public EventCallback<int> OnWalk { get; set; }

    private RowFilter? Rows => answer is null
        ? null
        : new RowFilter(text, changesOnly, answer.Branch, answer.Length, [.. answer.Positions]);

    private string Count => text.Length == 0 ? ""
        : answer is null ? TimeTexts.Find_Looking
        : answer.Error is { } error ? error.Message
        : answer.Total == 0 ? TimeTexts.Find_None
        : TimeTexts.Find_Count.With(answer.Total, answer.Length);

    /// <summary>A key outside of fields: <c>/</c> opens, <c>n</c> and <c>N</c> go to the next row and the one before.
    /// </summary>
    /// <param name="key">As the browser names it.</param>
    /// <returns>True when the key was one of these.</returns>
    public async Task<bool> KeyAsync(string key)
    {
        switch (key)
        {
            case "/":
                await OpenChanged.InvokeAsync(true);
                StateHasChanged();
                return true;
            case "n":
                await WalkAsync(Rows?.After(View.Run.Position));
                return true;
            case "N":
                await WalkAsync(Rows?.Before(View.Run.Position));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Looks for all rows of a step of the figure: what its circle stands for.</summary>
    /// <param name="step">1 to 7.</param>
    /// <returns>How many of them come before the one before that at which the run stands: what is not looked at
    /// first.</returns>
    public async Task<int> OpenStepAsync(int step)
    {
        (typed, changesOnly, mustFocus) = (TimeTexts.Step_Question.With(step), false, true);
        text = typed;
        await AskAsync();
        return Math.Max(0, (Rows?.Passed(View.Run.Position) ?? 0) - 2);
    }

    /// <summary>Looks for this, as if it had been typed.</summary>
    /// <param name="question">What to look for.</param>
    public async Task TakeAsync(string question)
    {
        (typed, text, changesOnly, mustFocus) = (question, question, true, true);
        await AskAsync();
        if (answer is { Error: null, Total: 0 })
        {
            // Nothing changes it in this run: then who looks at it.
            changesOnly = false;
            await AskAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // Hardly any view brings another run, and writing its link takes a browser a while.
        var link = ReferenceEquals(run, View.Run.Parameters)
            ? lookedAt.Run
            : new RunLink { Parameters = View.Run.Parameters }.Format();
        run = View.Run.Parameters;
        var now = (View.Run.Branch, View.Run.Length, link);
        var other = lookedAt.Branch >= 0 && lookedAt != now;
        lookedAt = now;
        if (other && text.Length > 0)
        {
            await AskAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Open && mustFocus)
        {
            mustFocus = false;
            await field.GiveAsync();
        }
    }

    private async Task TypeAsync()
    {
        text = typed.Trim();
        var mine = ++asked;
        await Task.Delay(Pause);
        if (mine == asked)
        {
            await AskAsync();
        }
    }

    private Task ChangesAsync(bool only)
    {
        changesOnly = only;
        return AskAsync();
    }

    private async Task AskAsync()
    {
        var mine = ++asked;
        var found = text.Length == 0 ? null : await Find(new FindRequest(text, changesOnly, 0, FirstHits));
        if (mine != asked)
        {
            return;
        }

        (answer, answered) = (found, found is null ? null : (text, changesOnly));
        if (Only is not null)
        {
            await OnlyChanged.InvokeAsync(Rows is { Positions.IsEmpty: false } rows ? rows : null);
        }

        StateHasChanged();
        if (list is not null)
        {
            await list.RefreshDataAsync();
            StateHasChanged();
        }
    }

    private async ValueTask<ItemsProviderResult<HitView>> PageAsync(ItemsProviderRequest request)
    {
        if (answer is null)
        {
            return new ItemsProviderResult<HitView>([], 0);
        }

        var count = Math.Min(Math.Min(request.Count, FindRequest.MostHits), answer.Total - request.StartIndex);
        if (request.StartIndex + count <= answer.Hits.Count)
        {
            return new(answer.Hits.Skip(request.StartIndex).Take(count), answer.Total);
        }

        var total = answer.Total;
        var more = await Find(new FindRequest(text, changesOnly, request.StartIndex, count));
        return new(more?.Hits ?? [], total);
    }

    private Task NarrowAsync(bool only) => OnlyChanged.InvokeAsync(only ? Rows : null);

    private Task GoAsync(int? position) =>
        position is { } there ? OnCommand.InvokeAsync(new Command.Seek(there)) : Task.CompletedTask;

    // The list goes along: the row that one comes to is in sight in it.
    private async Task WalkAsync(int? position)
    {
        if (position is { } there && Rows is { } rows)
        {
            await GoAsync(there);
            await OnWalk.InvokeAsync(rows.Passed(there) - 1);
        }
    }

    private Task OnKeyDown(KeyboardEventArgs key) =>
        key.Key == "Escape" ? OpenChanged.InvokeAsync(false) : Task.CompletedTask;

    // Enter walks through what was found, as in every editor.
    private async Task OnFieldKey(KeyboardEventArgs key)
    {
        if (key.Key != "Enter")
        {
            return;
        }

        // Who types fast is here before the answer: Enter is about these words, not about those before.
        if (text.Length > 0 && answered != (text, changesOnly))
        {
            await AskAsync();
        }

        if (answered == (text, changesOnly))
        {
            await WalkAsync(key.ShiftKey ? Rows?.Before(View.Run.Position) : Rows?.After(View.Run.Position));
        }
    }
}
