using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using XenViz.Client.Controls;
using XenViz.Client.Resources;
using XenViz.Client.Sessions;
using XenViz.Client.TextView;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>A run as structured text: the same session, the same commands, no picture.</summary>
public sealed partial class TextPage : IAsyncDisposable
{
    private readonly Dictionary<string, ElementReference> heads = new(StringComparer.Ordinal);
    private readonly Speech speech = new();
    private SessionHold? hold;
    private SessionView? view;
    private ImmutableArray<TextSection> sections = [];
    private string? refused;
    private string? about;
    private string cameFrom = "stage";
    private int row;
    private Redraw? redraw;

    /// <summary>The session in the address, or null for a new one.</summary>
    [Parameter]
    public string? SessionId { get; set; }

    [Inject]
    private ISessions Sessions { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private IEnumerable<(string Key, string Heading)> Contents =>
    [
        ("now", TextViewTexts.Now), ("controls", TextViewTexts.Controls), ("steps", TextViewTexts.Steps),
        .. sections.Select(section => (section.Id, section.Heading)),
    ];

    private Redraw Redrawn => redraw ??= new(
        InvokeAsync,
        () =>
        {
            Show();
            StateHasChanged();
        });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => hold?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || (hold is not null && hold.Id == SessionId))
        {
            return;
        }

        if (hold is null)
        {
            hold = new SessionHold(Sessions);
            hold.Changed += Redrawn.Ask;
        }

        var open = await hold.OpenAsync(SessionId, new Uri(Navigation.Uri).Query.TrimStart('?'));
        Show();
        if (open && SessionId is null)
        {
            Navigation.NavigateTo($"/a11y-view/{hold.Id}", replace: true);
        }
    }

    private static string StateOf(string state, int? end) => end is null
        ? TextViewTexts.Steps_Missing
        : TextViewTexts.ResourceManager.GetString("State_" + state) ?? state;

    private void Show()
    {
        if (hold?.View is { } newest && !ReferenceEquals(newest, view))
        {
            view = newest;
            sections = TextSections.Of(newest);
        }
    }

    // True when the session did it; why not is said beside the controls.
    private async Task<bool> SendAsync(Command command)
    {
        refused = (await hold!.SendAsync(command))?.Message;
        return refused is null;
    }

    // Reading goes on at the heading that the focus is on, also for a screen reader.
    private async Task FocusAsync(string key)
    {
        if (heads.TryGetValue(key, out var head))
        {
            await head.GiveAsync();
        }
    }

    private void Explain(string id, string section) => (about, cameFrom) = (id, section);

    private async Task CloseDetailsAsync()
    {
        about = null;
        await FocusAsync(cameFrom);
    }

    private void WayOn() => Navigation.NavigateTo("/a11y-view", forceLoad: true);
}
