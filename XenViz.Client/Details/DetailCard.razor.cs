using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using XenViz.Client.Controls;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;

namespace XenViz.Client.Details;

/// <summary>
/// Everything about one object of the screen. It is asked of the session whenever the object or the position is another
/// one, so it always tells of what is on screen.
/// </summary>
public sealed partial class DetailCard
{
    private ElementReference title;
    private DetailView? detail;
    private DetailPartView? part;
    private CommandError? error;
    private string? chosen;
    private string? shown;
    private bool mustFocus;
    private int asked;
    private (string? Id, int Branch, int Position, string State) lookedAt;

    /// <summary>What is on screen.</summary>
    [Parameter, EditorRequired]
    public required SessionView View { get; set; }

    /// <summary>Asks about an object; null when there is no connection.</summary>
    [Parameter, EditorRequired]
    public required Func<string, Task<DetailAnswer?>> Ask { get; set; }

    /// <summary>The object, one of the ids of <see cref="DetailView"/>; null while the card is closed.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>The part that is asked about, or null for the one that most likely is.</summary>
    [Parameter]
    public string? Part { get; set; }

    /// <summary>The card was closed by the person.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    /// <summary>A jump to another row.</summary>
    [Parameter]
    public EventCallback<Command> OnCommand { get; set; }

    /// <summary>A tab of the inspector is to be seen instead of the card.</summary>
    [Parameter]
    public EventCallback<int> OnTab { get; set; }

    /// <summary>Bytes are to be seen in the Bytes tab instead of the card.</summary>
    [Parameter]
    public EventCallback<BytesPlace> OnBytes { get; set; }

    // Who can go next is let go by clicking it: the agents that this object stands for.
    private IEnumerable<ChoiceView> Turns => View.Narration.Choices.Length < 2 ? []
        : View.Narration.Choices.Where(choice => choice.Actor switch
        {
            Actor.Application => Id is "app" or "guest",
            Actor.Frontend => Id is "front" or "guest",
            Actor.Xen => Id is "xen",
            Actor.Backend => Id is "back" or "driver" or "disk-driver",
            Actor.Device => Id is "dma" or "disk",
            _ => false,
        });

    private string TitleId => "details-" + Id;

    // Where the Bytes tab shows some of it, or null.
    private HexAreaView? Area => detail is { Mfn: { } mfn } it
        ? View.Bytes.Areas.FirstOrDefault(a => a.Mfn == mfn && a.Offset < it.Offset + it.Length
            && it.Offset < a.Offset + (a.Bytes.Length / 2))
        : null;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var now = (Id, View.Run.Branch, View.Run.Position, View.Run.Fingerprint);
        if (now == lookedAt)
        {
            return;
        }

        if (Id != lookedAt.Id)
        {
            (detail, part, error, chosen, mustFocus) = (null, null, null, Part, Id is not null);
        }

        lookedAt = now;
        if (Id is not null)
        {
            await AskAsync(Id);
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Choose();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (mustFocus && Id is not null)
        {
            mustFocus = false;
            await title.GiveAsync(preventScroll: true);
        }
    }

    // An answer that another question has overtaken is dropped.
    private async Task AskAsync(string id)
    {
        var mine = ++asked;
        var answer = await Ask(id);
        if (mine != asked)
        {
            return;
        }

        if (answer is null)
        {
            // There was no connection: it is asked for again with the next view. The object stays the same one, so that
            // neither the focus nor the part that was chosen is lost.
            lookedAt = (id, -1, -1, "");
            return;
        }

        error = answer.Error;
        if (answer.Read() is { } found)
        {
            detail = found;
        }
        else if (shown != id)
        {
            detail = null;
        }

        shown = id;
        Choose();
    }

    // Without a choice it is the first part that is new on screen, else the one that changed last: what one most likely
    // wonders about.
    private void Choose() => part = detail is null ? null
        : detail.Parts.FirstOrDefault(p => p.Name == chosen)
            ?? detail.Parts.FirstOrDefault(p => p.Changed > detail.Since)
            ?? detail.Parts.MaxBy(p => p.Changed);

    private void Pick(string name)
    {
        chosen = name;
        Choose();
    }

    // The button may be gone at the other position; the focus stays with the card.
    private async Task GoAsync(int position)
    {
        await title.GiveAsync(preventScroll: true);
        await OnCommand.InvokeAsync(new Command.Seek(position));
    }

    private Task CloseAsync() => OnClose.InvokeAsync();

    private Task ShowTabAsync(int tab) => OnTab.InvokeAsync(tab);

    private Task ShowBytesAsync() => detail is { Mfn: { } mfn } it && Area is { } area
        ? OnBytes.InvokeAsync(new BytesPlace(area.Id, mfn, it.Offset, it.Length))
        : Task.CompletedTask;

    private Task OnKeyDown(KeyboardEventArgs key) =>
        key.Key == "Escape" ? CloseAsync() : Task.CompletedTask;
}
