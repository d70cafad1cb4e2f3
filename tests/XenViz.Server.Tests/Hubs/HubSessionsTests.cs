using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Client.Sessions;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Server.Hubs;

namespace XenViz.Server.Tests.Hubs;

/// <summary>The client's own side of the hub, against the real host.</summary>
public sealed class HubSessionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_makes_joins_and_drives_a_session()
    {
        await using var host = ServerHost.Start();
        await using var sessions = new HubSessions(host.Address);
        var (session, feed) = await JoinAsync(sessions);
        await using var closing = feed;
        Assert.Equal(FeedState.Live, feed.State);
        Assert.True((await session.SendAsync(new Command.Seek(17), Cancellation)).Ok);
        await UntilAsync(feed, () => feed.Current.Run.Position == 17);
        Assert.Equal("position", (await session.SendAsync(new Command.Seek(-1), Cancellation)).Error!.Field);
    }

    [Fact]
    public async Task A_page_finds_rows_of_the_run()
    {
        await using var host = ServerHost.Start();
        await using var sessions = new HubSessions(host.Address);
        var (session, feed) = await JoinAsync(sessions);
        await using var closing = feed;
        var sequence = feed.Current.Sequence;
        var answer = await session.FindAsync(new FindRequest("grant 9", ChangesOnly: true), Cancellation);
        Assert.Null(answer.Error);
        Assert.Equal(7, Assert.Single(answer.Positions));
        Assert.Equal(new HitView(7, "2.1", Actor.Frontend, "grant 9", "slot 0", true), Assert.Single(answer.Hits));
        Assert.Equal(sequence, feed.Current.Sequence);
    }

    [Fact]
    public async Task What_is_wrong_comes_back_as_an_error()
    {
        await using var host = ServerHost.Start();
        await using var sessions = new HubSessions(host.Address);
        Assert.Equal("slots", (await sessions.CreateAsync("slots=1", Cancellation)).Error!.Field);
        Assert.Equal("unknown_session", (await sessions.JoinAsync("nobody", Cancellation)).Error!.Code);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error_and_no_exception()
    {
        await using var sessions = new HubSessions(new Uri("http://127.0.0.1:9"));
        Assert.Equal("unavailable", (await sessions.CreateAsync("", Cancellation)).Error!.Code);
        Assert.Equal("unavailable", (await sessions.JoinAsync("abc", Cancellation)).Error!.Code);
    }

    [Fact]
    public async Task A_gap_is_noticed_and_filled_with_the_whole_view()
    {
        await using var host = ServerHost.Start();
        await using var sessions = new HubSessions(host.Address);
        var (session, feed) = await JoinAsync(sessions);
        await using var closing = feed;
        var before = feed.Current;

        // A frame that leads from one which this client has never seen.
        var hub = host.Services.GetRequiredService<IHubContext<MachineHub, IMachineClient>>();
        await hub.Clients.All.Frame(new FeedMessage(900, 899, "{}"));
        await UntilAsync(feed, () => !ReferenceEquals(feed.Current, before));
        Assert.Equal(before.Sequence, feed.Current.Sequence);

        Assert.True((await session.SendAsync(new Command.Next(), Cancellation)).Ok);
        await UntilAsync(feed, () => feed.Current.Run.Position == 1);
    }

    [Fact]
    public async Task A_client_finds_its_session_again_after_the_server_was_away()
    {
        var data = Directory.CreateTempSubdirectory("xenviz-").FullName;
        try
        {
            var host = ServerHost.Start(data);
            var address = host.Address;
            await using var sessions = new HubSessions(address);
            var (session, feed) = await JoinAsync(sessions);
            await using var closing = feed;
            Assert.True((await session.SendAsync(new Command.Seek(17), Cancellation)).Ok);
            await UntilAsync(feed, () => feed.Current.Run.Position == 17);
            var seen = feed.Current;

            var clock = Stopwatch.StartNew();
            await host.DisposeAsync();
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
            await UntilAsync(feed, () => feed.State == FeedState.Reconnecting);
            Assert.Same(seen, feed.Current);

            await using var again = ServerHost.Start(data, address.Port);
            await UntilAsync(feed, () => feed.State == FeedState.Live);
            Assert.NotSame(seen, feed.Current);
            Assert.Equal(17, feed.Current.Run.Position);
            Assert.True((await session.SendAsync(new Command.Next(), Cancellation)).Ok);
            await UntilAsync(feed, () => feed.Current.Run.Position == 18);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<(ISession Session, ISessionFeed Feed)> JoinAsync(HubSessions sessions)
    {
        var (id, created) = await sessions.CreateAsync("", Cancellation);
        Assert.Null(created);
        var (session, feed, joined) = await sessions.JoinAsync(id!, Cancellation);
        Assert.Null(joined);
        return (session!, feed!);
    }

    private static async Task UntilAsync(ISessionFeed feed, Func<bool> reached)
    {
        using var news = new SemaphoreSlim(0);
        void Tell() => news.Release();
        feed.Changed += Tell;
        try
        {
            while (!reached())
            {
                Assert.True(await news.WaitAsync(TimeSpan.FromSeconds(15), Cancellation), "Nothing changed any more.");
            }
        }
        finally
        {
            feed.Changed -= Tell;
        }
    }
}
