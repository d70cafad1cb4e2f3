using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Server.Sessions;
using XenViz.Server.Storage;
using XenViz.Server.Tests.Hubs;

namespace XenViz.Server.Tests.Sessions;

public sealed class SessionLifeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recording_and_its_log_survive_an_orderly_restart()
    {
        var data = Directory.CreateTempSubdirectory("xenviz-").FullName;
        try
        {
            string id;
            await using (var host = ServerHost.Start(data, settings: ("XenViz:Sessions:SaveSeconds", "600")))
            {
                var (reader, made) = await HubReader.JoinedAsync(host);
                await using var closing = reader;
                id = made;
                Assert.Null((await reader.SendAsync(new Command.Seek(17))).Error);
                Assert.Null((await reader.SendAsync(new Command.Next())).Error);
            }

            await using var again = ServerHost.Start(data);
            var (other, _) = await HubReader.JoinedAsync(again, id);
            await using var closingOther = other;
            Assert.Equal(18, other.View!.Run.Position);

            await using var database = await again.Services
                .GetRequiredService<IDbContextFactory<XenVizDbContext>>().CreateDbContextAsync(Cancellation);
            var log = await database.Commands.Where(row => row.Session == id).OrderBy(row => row.Sequence)
                .Select(row => row.Command).ToListAsync(Cancellation);
            Assert.Equal(["""{"kind":"seek","position":17}""", """{"kind":"next"}"""], log);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_change_is_saved_soon_without_waiting_for_the_end()
    {
        await using var host = ServerHost.Start(settings: ("XenViz:Sessions:SaveSeconds", "0.2"));
        var (reader, id) = await HubReader.JoinedAsync(host);
        await using var closing = reader;
        Assert.Null((await reader.SendAsync(new Command.Seek(17))).Error);
        var store = host.Services.GetRequiredService<ISessionStore>();
        await UntilAsync(async () => (await store.FindAsync(id, Cancellation))!.Recording.Contains("17"));
    }

    [Fact]
    public async Task An_idle_session_leaves_memory_and_comes_back_for_the_viewer_that_stayed()
    {
        await using var host = ServerHost.Start();
        var (reader, id) = await HubReader.JoinedAsync(host);
        await using var closing = reader;
        Assert.Null((await reader.SendAsync(new Command.Seek(17))).Error);
        await reader.UntilAsync(17);

        var count = host.Services.GetRequiredService<SessionCount>();
        Assert.True(count.IsActive(id));
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0)
            .ForceActivationCollection(TimeSpan.Zero, Cancellation);
        await UntilAsync(() => Task.FromResult(!count.IsActive(id)));

        var before = reader.View!.Sequence;
        var result = await reader.SendAsync(new Command.Next());
        Assert.Null(result.Error);
        Assert.True(result.Sequence > before);
        await reader.UntilAsync(18);
        Assert.True(count.IsActive(id));
    }

    [Fact]
    public async Task Two_owners_of_one_session_cannot_both_write()
    {
        await using var host = ServerHost.Start();
        var store = host.Services.GetRequiredService<ISessionStore>();
        var row = new SessionRow { Id = "twice", Recording = "{}", Sequence = 5 };
        CommandRow[] log = [new CommandRow { Session = "twice", Sequence = 5, Command = "{}" }];
        Assert.True(await store.SaveAsync(row, log, Cancellation));
        row.Recording = "the other's";
        Assert.False(await store.SaveAsync(row, log, Cancellation));
        Assert.Equal("{}", (await store.FindAsync("twice", Cancellation))!.Recording);
    }

    [Fact]
    public async Task No_more_sessions_are_in_memory_than_may_be()
    {
        await using var host = ServerHost.Start(settings: ("XenViz:Sessions:Active", "2"));
        await using var reader = await HubReader.OpenAsync(host);
        Assert.Null((await reader.CreateAsync("")).Error);
        Assert.Null((await reader.CreateAsync("")).Error);
        Assert.Equal("too_many", (await reader.CreateAsync("")).Error!.Code);
    }

    [Fact]
    public async Task The_longest_unused_session_makes_room_for_a_new_one()
    {
        await using var host = ServerHost.Start(settings: ("XenViz:Sessions:Kept", "2"));
        await using var reader = await HubReader.OpenAsync(host);
        var first = (await reader.CreateAsync("")).Id!;
        var count = host.Services.GetRequiredService<SessionCount>();
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0)
            .ForceActivationCollection(TimeSpan.Zero, Cancellation);
        await UntilAsync(() => Task.FromResult(!count.IsActive(first)));
        var second = (await reader.CreateAsync("")).Id!;
        Assert.NotNull((await reader.CreateAsync("")).Id);
        Assert.Equal("unknown_session", (await reader.JoinAsync(first)).Error!.Code);
        Assert.Null((await reader.JoinAsync(second)).Error);
    }

    [Fact]
    public async Task A_channel_goes_with_its_last_user()
    {
        await using var host = ServerHost.Start();
        var channels = host.Services.GetRequiredService<SessionChannels>();
        await using (var reader = await HubReader.OpenAsync(host))
        {
            await reader.JoinAsync("nobody");
        }

        await UntilAsync(() => Task.FromResult(channels.Count == 0));
    }

    [Fact]
    public async Task A_page_on_the_server_sees_the_views_themselves()
    {
        await using var host = ServerHost.Start();
        await using var scope = host.Services.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<ISessions>();
        var (id, created) = await sessions.CreateAsync("at=3", Cancellation);
        Assert.Null(created);
        var (session, feed, joined) = await sessions.JoinAsync(id!, Cancellation);
        Assert.Null(joined);
        await using var closing = feed;
        Assert.Equal(3, feed!.Current.Run.Position);

        var changed = new TaskCompletionSource();
        feed.Changed += () => changed.TrySetResult();
        Assert.True((await session!.SendAsync(new Command.Next(), Cancellation)).Ok);
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal(4, feed.Current.Run.Position);

        Assert.Equal("unknown_session", (await sessions.JoinAsync("nobody", Cancellation)).Error!.Code);
        Assert.Equal("id", (await sessions.JoinAsync("no body", Cancellation)).Error!.Field);
        var many = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ =>
            session.SendAsync(new Command.Next(), Cancellation)));
        Assert.Contains(many, result => result.Error is { Code: "too_many_commands" });
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        var clock = Stopwatch.StartNew();
        while (!await reached())
        {
            Assert.True(clock.Elapsed.TotalSeconds < 10, "It never came to that.");
            await Task.Delay(20, Cancellation);
        }
    }
}
