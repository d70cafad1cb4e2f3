using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using XenViz.Client.Compare;
using XenViz.Client.Resources;
using XenViz.Client.Sessions;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>Two runs beside each other. Each is a session of its own; what differs is found here, in their views.
/// </summary>
public sealed partial class ComparePage : IAsyncDisposable
{
    private static readonly (string Id, string Icon, string Label, Command Command)[] Moves =
    [
        ("start", "reset", CompareTexts.ToStart, new Command.Seek(0)),
        ("back-numbered", "first", CompareTexts.BackNumbered, new Command.BackNumbered()),
        ("back", "back", CompareTexts.Back, new Command.Back()),
        ("next", "next", CompareTexts.Next, new Command.Next()),
        ("next-numbered", "last", CompareTexts.NextNumbered, new Command.NextNumbered()),
        ("end", "end", CompareTexts.ToEnd, new Command.RunToEnd()),
    ];

    private SessionHold? left;
    private SessionHold? right;
    private SessionView[] views = [];
    private ImmutableArray<ChangeView> differences = [];
    private (string A, string B) opened;
    private string? refused;
    private Redraw? redraw;

    /// <summary>The left run: the query of a share link. Without both, the first prepared pair is shown.</summary>
    [SupplyParameterFromQuery(Name = "a")]
    public string? A { get; set; }

    /// <summary>The right run.</summary>
    [SupplyParameterFromQuery(Name = "b")]
    public string? B { get; set; }

    [Inject]
    private ISessions Sessions { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private (string A, string B) Asked =>
        A is null && B is null ? (ComparePairs.All[0].Left, ComparePairs.All[0].Right) : (A ?? "", B ?? "");

    private ComparePairs.Pair? Pair => ComparePairs.All.FirstOrDefault(p => (p.Left, p.Right) == Asked);

    private Redraw Redrawn => redraw ??= new(
        InvokeAsync,
        () =>
        {
            Show();
            StateHasChanged();
        });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var hold in new[] { left, right })
        {
            if (hold is not null)
            {
                await hold.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || (left is not null && opened == Asked))
        {
            return;
        }

        opened = Asked;
        views = [];
        left ??= Hold();
        right ??= Hold();
        if (await left.OpenAsync(null, opened.A) && await right.OpenAsync(null, opened.B))
        {
            Show();
        }
    }

    private static string Said(string value) => value.Length == 0 ? CompareTexts.Nothing : value;

    private SessionHold Hold()
    {
        var hold = new SessionHold(Sessions);
        hold.Changed += Redrawn.Ask;
        return hold;
    }

    private void Show()
    {
        if (left?.View is { } a && right?.View is { } b)
        {
            views = [a, b];
            differences = ViewFacts.Between(a, b);
        }
    }

    private async Task SendAsync(SessionHold hold, Command command) =>
        refused = (await hold.SendAsync(command))?.Message;

    private async Task BothAsync(Command command)
    {
        var errors = await Task.WhenAll(left!.SendAsync(command), right!.SendAsync(command));
        refused = errors.FirstOrDefault(error => error is not null)?.Message;
    }

    private void Take(ChangeEventArgs change)
    {
        if (ComparePairs.All.FirstOrDefault(p => p.Key == change.Value?.ToString()) is { } pair)
        {
            Navigation.NavigateTo(CompareLinks.Of(pair.Left, pair.Right));
        }
    }

    private void WayOn() => Navigation.NavigateTo("/compare", forceLoad: true);
}
