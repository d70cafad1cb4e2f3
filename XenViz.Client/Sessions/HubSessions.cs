using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Client.Sessions;

/// <summary>Sessions over the hub, for pages that run in the browser and for any other .NET program.</summary>
/// <param name="site">The site's address; the hub is at <c>hubs/machine</c> below it.</param>
/// <param name="configure">Changes to how connections are made, or null.</param>
public sealed class HubSessions(Uri site, Action<HttpConnectionOptions>? configure = null) : ISessions, IAsyncDisposable
{
    // The connection that made a session waits here for the join that nearly always follows.
    private HubConnection? waiting;

    /// <inheritdoc/>
    public async Task<(string? Id, CommandError? Error)> CreateAsync(
        string link, CancellationToken cancellation = default)
    {
        HubConnection? connection = null;
        try
        {
            connection = await ConnectAsync(cancellation);
            var answer = await connection.InvokeAsync<CreateAnswer>("Create", link, cancellation);
            var other = Interlocked.Exchange(ref waiting, connection);
            connection = other;
            return (answer.Id, answer.Error);
        }
        catch (Exception error) when (IsLost(error, cancellation))
        {
            return (null, Lost());
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    /// <inheritdoc/>
    public async Task<(ISession? Session, ISessionFeed? Feed, CommandError? Error)> JoinAsync(
        string id, CancellationToken cancellation = default)
    {
        HubConnection? connection = null;
        try
        {
            connection = await ConnectAsync(cancellation);
            var feed = new HubFeed(id, connection);
            if (await feed.JoinAsync(cancellation) is { } refused)
            {
                return (null, null, refused);
            }

            connection = null;
            return (new HubSession(id, feed), feed, null);
        }
        catch (Exception error) when (IsLost(error, cancellation))
        {
            return (null, null, Lost());
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(Interlocked.Exchange(ref waiting, null));

    /// <summary>The error for "no connection".</summary>
    internal static CommandError Lost() => CommandErrors.Make(CommandErrors.Unavailable, "", "Offline");

    /// <summary>True for what SignalR throws when a connection cannot be made or breaks, or when the server fails.
    /// </summary>
    internal static bool IsLost(Exception error, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && error is HubException or HttpRequestException or InvalidOperationException or IOException
            or OperationCanceledException or TimeoutException or System.Net.WebSockets.WebSocketException;

    private static async ValueTask CloseAsync(HubConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<HubConnection> ConnectAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref waiting, null) is { } ready)
        {
            if (ready.State == HubConnectionState.Connected)
            {
                return ready;
            }

            await ready.DisposeAsync();
        }

        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(site, "hubs/machine"), options => configure?.Invoke(options))
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, HubJson.Default))
            .WithAutomaticReconnect(new PatientRetry())
            .Build();
        try
        {
            await connection.StartAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
