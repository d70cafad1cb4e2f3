using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Server.Tests.Hubs;

/// <summary>A client of the hub as docs/hub.md describes it, with its messages in a list.</summary>
internal sealed class HubReader : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Channel<FeedMessage> messages = Channel.CreateUnbounded<FeedMessage>();
    private readonly ViewMirror mirror = new();

    private HubReader(HubConnection connection)
    {
        Connection = connection;
        connection.On<FeedMessage>("Frame", message => messages.Writer.TryWrite(message));
    }

    public HubConnection Connection { get; }

    public SessionView? View => mirror.Current;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HubReader> OpenAsync(ServerHost host, bool messagePack = false) =>
        new(await host.ConnectAsync(messagePack));

    /// <summary>Connects, makes a session unless one is given, joins it and takes the first view.</summary>
    public static async Task<(HubReader Reader, string Id)> JoinedAsync(
        ServerHost host, string? id = null, bool messagePack = false)
    {
        var reader = await OpenAsync(host, messagePack);
        id ??= (await reader.CreateAsync("")).Id!;
        Assert.Null((await reader.JoinAsync(id)).Error);
        Assert.Equal(0, (await reader.NextAsync()).Base);
        return (reader, id);
    }

    public Task<CreateAnswer> CreateAsync(string? link) =>
        Connection.InvokeAsync<CreateAnswer>("Create", link, Cancellation);

    public Task<CommandResult> JoinAsync(string? id) => Connection.InvokeAsync<CommandResult>("Join", id, Cancellation);

    public Task<CommandResult> SendAsync(CommandDto? command) =>
        Connection.InvokeAsync<CommandResult>("Send", command, Cancellation);

    public Task<CommandResult> SendAsync(Command command) => SendAsync(command.ToDto());

    public Task<FindAnswer> FindAsync(FindRequest request) =>
        Connection.InvokeAsync<FindAnswer>("Find", request, Cancellation);

    public Task<DetailAnswer> DetailsAsync(string? about) =>
        Connection.InvokeAsync<DetailAnswer>("Details", about, Cancellation);

    public Task<CommandResult> AgainAsync() => Connection.InvokeAsync<CommandResult>("Again", Cancellation);

    /// <summary>The next message; it must fit the view that is here.</summary>
    public async Task<FeedMessage> NextAsync()
    {
        var message = await messages.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation);
        Assert.True(mirror.TryApply(message), $"{message.Base} -> {message.Sequence} does not fit {View?.Sequence}.");
        return message;
    }

    /// <summary>Reads until the view stands at a position.</summary>
    public async Task UntilAsync(int position)
    {
        while (View?.Run.Position != position)
        {
            await NextAsync();
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
