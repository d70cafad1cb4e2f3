using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using XenViz.Client.Compare;
using XenViz.Client.Panels;
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
    private CompareAxis axis = new();
    private (ImmutableArray<TimelineRow>, ImmutableArray<int>, ImmutableArray<TimelineRow>, ImmutableArray<int>) laid;
    private DotNetObjectReference<ComparePage>? self;
    private int? followed;
    private int? wanted;
    private (string A, string B) opened;
    private string? refused;
    private Redraw? redraw;

    /// <summary>The left run: the query of a share link. Without both, the first prepared pair is shown.</summary>
    [SupplyParameterFromQuery(Name = "a")]
    public string? A { get; set; }

    /// <summary>The right run.</summary>
    [SupplyParameterFromQuery(Name = "b")]
    public string? B { get; set; }

    /// <summary>The name of the left run's branch, or null.</summary>
    [SupplyParameterFromQuery(Name = "an")]
    public string? NameOfA { get; set; }

    /// <summary>The name of the right run's branch, or null.</summary>
    [SupplyParameterFromQuery(Name = "bn")]
    public string? NameOfB { get; set; }

    [Inject]
    private ISessions Sessions { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    // Where both are going; of runs that stand at different places, the farther one's.
    private int At => wanted is { } there ? there
        : views is [var a, var b] ? Math.Max(axis.At(a.Run.Position, left: true), axis.At(b.Run.Position, left: false))
        : -1;

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

    /// <summary>A key was pressed outside of fields; those of the workbench that move a run move both here.</summary>
    /// <param name="key">As the browser names it.</param>
    /// <param name="shift">True with the shift key.</param>
    [JSInvokable]
    public Task OnKey(string key, bool shift)
    {
        if (views is not [var a, var b])
        {
            return Task.CompletedTask;
        }

        return Keys.CommandOf(key, shift, a) is not { } command ? Task.CompletedTask
            : key is [>= '1' and <= '7'] ? SendBothAsync(command, Keys.CommandOf(key, shift, b))
            : BothAsync(command);
    }

    /// <summary>The timeline was clicked or dragged.</summary>
    /// <param name="scope"><c>page</c> for the places on show, <c>run</c> for the strip of the whole runs.</param>
    /// <param name="fraction">0 for the left edge, 1 for the right.</param>
    [JSInvokable]
    public Task OnScrub(string scope, double fraction)
    {
        var place = scope == "run"
            ? (int)Math.Round(fraction * axis.Places.Length) - 1
            : CompareLayout.Of(axis, At).PlaceAt(fraction);
        return GoAsync(place);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        self?.Dispose();
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

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            self = DotNetObjectReference.Create(this);
            await Js.InvokeVoidAsync("xenviz.start", self);
        }

        if (views.Length == 2 && followed != At)
        {
            followed = At;
            await Js.InvokeVoidAsync("xenviz.follow", (object?)null);
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
            var now = (a.Timeline.Rows, a.Timeline.Stops, b.Timeline.Rows, b.Timeline.Stops);
            if (laid != now)
            {
                (laid, axis, wanted) = (now, CompareAxis.Of(a.Timeline, b.Timeline), null);
            }

            // The two views come one after the other: in between the place is the one that was asked for.
            wanted = wanted is { } place && axis.PositionsAt(place) == (a.Run.Position, b.Run.Position) ? null : wanted;
        }
    }

    private Task SendAsync(SessionHold hold, Command command) =>
        hold == left ? SendBothAsync(command, null) : SendBothAsync(null, command);

    // Micro-steps go along the axis, so that a run waits where only the other one has something to do.
    private Task BothAsync(Command command) => command switch
    {
        Command.Next when At + 1 < axis.Places.Length => GoAsync(At + 1),
        Command.Back when At >= 0 => GoAsync(At - 1),
        Command.Seek { Position: 0 } => GoAsync(-1),
        Command.RunToEnd => GoAsync(axis.Places.Length - 1),
        _ => SendBothAsync(command, command),
    };

    private Task GoAsync(int place)
    {
        var there = Math.Clamp(place, -1, axis.Places.Length - 1);
        var (a, b) = axis.PositionsAt(there);
        return SendBothAsync(new Command.Seek(a), new Command.Seek(b), there);
    }

    private async Task SendBothAsync(Command? toLeft, Command? toRight, int? place = null)
    {
        wanted = place;
        var errors = await Task.WhenAll(Send(left!, toLeft), Send(right!, toRight));
        refused = errors.FirstOrDefault(error => error is not null)?.Message;
        wanted = refused is null ? wanted : null;

        static Task<CommandError?> Send(SessionHold hold, Command? command) =>
            command is null ? Task.FromResult<CommandError?>(null) : hold.SendAsync(command);
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
