using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Core.Commands;
using XenViz.Server.Sessions;

namespace XenViz.Server.Tests.Hubs;

public sealed class SlowViewerTests(HubHost fixture) : IClassFixture<HubHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_viewer_delays_nobody_and_then_gets_the_latest_frame_without_those_between()
    {
        var (fast, id) = await HubReader.JoinedAsync(fixture.Host);
        await using var closing = fast;
        using var slow = await RawSocket.OpenAsync(fixture.Host.Address);
        await BlockAsync(slow, id);

        var clock = Stopwatch.StartNew();
        for (var position = 1; position <= 30; position++)
        {
            Assert.Null((await fast.SendAsync(new Command.Seek(position))).Error);
            await fast.UntilAsync(position);
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2.5);
        var frames = 0;
        (long Sequence, long Base, string Json)? last;
        do
        {
            last = await slow.NextFrameAsync();
            Assert.NotNull(last);
            frames++;
        }
        while (last.Value.Sequence < fast.View!.Sequence);

        Assert.InRange(frames, 1, 12);
        Assert.Equal(0, last.Value.Base);
        Assert.Equal(
            30, JsonElement.Parse(last.Value.Json).GetProperty("run").GetProperty("position").GetInt32());
    }

    [Fact]
    public async Task A_viewer_that_never_reads_is_let_go_and_the_others_stay()
    {
        var (fast, id) = await HubReader.JoinedAsync(fixture.Host);
        await using var closing = fast;
        using var dead = await RawSocket.OpenAsync(fixture.Host.Address);
        await BlockAsync(dead, id);
        using var lease = fixture.Host.Services.GetRequiredService<SessionChannels>().Take(id);
        Assert.Equal(2, lease.Channel.Viewers);

        var clock = Stopwatch.StartNew();
        while (lease.Channel.Viewers > 1 && clock.Elapsed.TotalSeconds < 15)
        {
            await Task.Delay(100, Cancellation);
        }

        Assert.Equal(1, lease.Channel.Viewers);
        Assert.Null((await fast.SendAsync(new Command.Seek(9))).Error);
        await fast.UntilAsync(9);
    }

    /// <summary>Joins, asks for the whole view again and again, and reads none of it.</summary>
    private static async Task BlockAsync(RawSocket socket, string id)
    {
        await socket.InvokeAsync("Join", id);
        Assert.NotNull(await socket.NextFrameAsync());
        for (var i = 0; i < 4; i++)
        {
            await socket.InvokeAsync("Again");
            await Task.Delay(30, Cancellation);
        }
    }
}
