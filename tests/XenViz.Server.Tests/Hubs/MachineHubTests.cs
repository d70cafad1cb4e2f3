using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Server.Tests.Hubs;

public sealed class HubHost : IAsyncLifetime
{
    public ServerHost Host { get; private set; } = default!;

    public ValueTask InitializeAsync()
    {
        Host = ServerHost.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

public sealed class MachineHubTests(HubHost fixture) : IClassFixture<HubHost>
{
    private ServerHost Host => fixture.Host;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Joining_gives_the_whole_view_and_commands_give_small_deltas(bool messagePack)
    {
        var (reader, _) = await HubReader.JoinedAsync(Host, messagePack: messagePack);
        await using var closing = reader;
        Assert.Equal(1000, reader.View!.Timeline.Rows.Length);

        var result = await reader.SendAsync(new Command.Next());
        Assert.Null(result.Error);
        var delta = await reader.NextAsync();
        Assert.Equal((result.Sequence, result.Sequence - 1), (delta.Sequence, delta.Base));
        Assert.Equal(1, reader.View.Run.Position);
        Assert.InRange(Encoding.UTF8.GetByteCount(delta.Json), 1, 1024);
    }

    [Fact]
    public async Task Two_clients_with_two_protocols_see_the_same()
    {
        var (one, id) = await HubReader.JoinedAsync(Host);
        var (other, _) = await HubReader.JoinedAsync(Host, id, messagePack: true);
        await using var closingOne = one;
        await using var closingOther = other;

        Assert.Null((await other.SendAsync(new Command.Seek(17))).Error);
        await one.UntilAsync(17);
        await other.UntilAsync(17);
        Assert.Equal(one.View!.Sequence, other.View!.Sequence);
        Assert.Equal(one.View.Run.Fingerprint, other.View.Run.Fingerprint);
    }

    [Fact]
    public async Task A_link_opens_at_its_position()
    {
        await using var reader = await HubReader.OpenAsync(Host);
        var answer = await reader.CreateAsync("scenario=connect&at=7");
        Assert.Null(answer.Error);
        Assert.Null((await reader.JoinAsync(answer.Id)).Error);
        await reader.NextAsync();
        Assert.Equal(("connect", 7), (reader.View!.Run.Parameters.Scenario, reader.View.Run.Position));
    }

    [Fact]
    public async Task Playing_moves_by_itself_until_paused()
    {
        var (reader, _) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        Assert.Null((await reader.SendAsync(new Command.SetSpeed(4))).Error);
        Assert.Null((await reader.SendAsync(new Command.Play())).Error);
        await reader.UntilAsync(5);
        Assert.Null((await reader.SendAsync(new Command.Pause())).Error);
        while (reader.View!.Run.Playing)
        {
            await reader.NextAsync();
        }

        var stands = reader.View.Run.Position;
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Null((await reader.SendAsync(new Command.Next())).Error);
        await reader.NextAsync();
        Assert.Equal(stands + 1, reader.View.Run.Position);
    }

    [Fact]
    public async Task Asking_again_gives_the_whole_view()
    {
        var (reader, _) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        Assert.Null((await reader.AgainAsync()).Error);
        Assert.Equal(0, (await reader.NextAsync()).Base);
    }

    [Theory]
    [InlineData(null, "bad_argument", "id")]
    [InlineData("", "bad_argument", "id")]
    [InlineData("../etc/passwd", "bad_argument", "id")]
    [InlineData("no-such-session", "unknown_session", "id")]
    public async Task Joining_what_is_not_there_is_refused(string? id, string code, string field)
    {
        await using var reader = await HubReader.OpenAsync(Host);
        var error = (await reader.JoinAsync(id)).Error!;
        Assert.Equal((code, field), (error.Code, error.Field));
        Assert.NotEmpty(error.Message);
        Assert.NotNull((await reader.CreateAsync("")).Id);
    }

    [Theory]
    [InlineData("slots=9", "slots", "bad_argument")]
    [InlineData("op=erase", "op", "bad_argument")]
    [InlineData("image=00ff", "image", "unknown_image")]
    [InlineData("image=../x", "image", "bad_argument")]
    public async Task A_wrong_link_is_refused_by_the_name_of_its_part(string link, string field, string code)
    {
        await using var reader = await HubReader.OpenAsync(Host);
        var answer = await reader.CreateAsync(link);
        Assert.Null(answer.Id);
        Assert.Equal((code, field), (answer.Error!.Code, answer.Error.Field));
    }

    public static TheoryData<CommandDto?, string> WrongCommands { get; } = new()
    {
        { null, "kind" },
        { new CommandDto("explode"), "kind" },
        { new CommandDto("seek"), "position" },
        { new CommandDto("seek", Position: -1), "position" },
        { new CommandDto("seek", Position: int.MaxValue), "position" },
        { new CommandDto("setSpeed", Speed: 3), "speed" },
        { new CommandDto("choose", Agent: 9), "agent" },
        { new CommandDto("setDetail", InsideXen: true), "leftOut" },
        { new CommandDto("load", Link: "depth=0"), "depth" },
        { new CommandDto("load", Link: "image=abc"), "image" },
    };

    [Theory]
    [MemberData(nameof(WrongCommands))]
    public async Task A_wrong_command_is_refused_by_its_field_and_the_connection_lives_on(
        CommandDto? command, string field)
    {
        var (reader, _) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        var error = (await reader.SendAsync(command)).Error!;
        Assert.Equal(field, error.Field);
        Assert.NotEmpty(error.Message);

        Assert.Null((await reader.SendAsync(new Command.Next())).Error);
        await reader.UntilAsync(1);
    }

    [Fact]
    public async Task A_command_before_joining_is_refused()
    {
        await using var reader = await HubReader.OpenAsync(Host);
        Assert.Equal("id", (await reader.SendAsync(new Command.Next())).Error!.Field);
        Assert.Equal("id", (await reader.AgainAsync()).Error!.Field);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_are_found_in_both_protocols_after_joining_only(bool messagePack)
    {
        await using var stranger = await HubReader.OpenAsync(Host, messagePack: messagePack);
        Assert.Equal("id", (await stranger.FindAsync(new FindRequest("grant 9"))).Error!.Field);
        var (reader, _) = await HubReader.JoinedAsync(Host, messagePack: messagePack);
        await using var closing = reader;
        var answer = await reader.FindAsync(new FindRequest("grant 9", ChangesOnly: true));
        Assert.Equal((null, 1000, 1), (answer.Error, answer.Length, answer.Total));
        Assert.Equal(new HitView(7, "2.1", Actor.Frontend, "grant 9", "slot 0", true), Assert.Single(answer.Hits));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_is_explained_in_both_protocols_after_joining_only(bool messagePack)
    {
        await using var stranger = await HubReader.OpenAsync(Host, messagePack: messagePack);
        Assert.Equal("id", (await stranger.DetailsAsync("grant.9")).Error!.Field);
        var (reader, _) = await HubReader.JoinedAsync(Host, messagePack: messagePack);
        await using var closing = reader;
        var answer = await reader.DetailsAsync("grant.9");
        Assert.Null(answer.Error);
        Assert.Equal("grant.9", answer.Read()!.Title);
        Assert.Equal("", (await reader.DetailsAsync(null)).Read()!.Title);
    }

    [Fact]
    public async Task A_fault_of_the_model_ends_only_its_command()
    {
        var (reader, _) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        Assert.Equal("unavailable", (await reader.SendAsync(new Command.Choose(66))).Error!.Code);
        Assert.Null((await reader.SendAsync(new Command.Next())).Error);
        await reader.UntilAsync(1);
    }

    [Fact]
    public async Task An_argument_of_the_wrong_type_does_not_end_the_connection()
    {
        var (reader, _) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        await Assert.ThrowsAsync<HubException>(() => reader.Connection.InvokeAsync<CommandResult>(
            "Send", new { kind = "seek", position = "seventeen" }, TestContext.Current.CancellationToken));
        Assert.Null((await reader.SendAsync(new Command.Next())).Error);
    }

    [Fact]
    public async Task Too_many_commands_are_refused_and_the_connection_lives_on()
    {
        var (reader, id) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        var all = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => reader.SendAsync(new Command.Seek(3))));
        var refused = all.Count(result => result.Error is { Code: "too_many_commands" });
        Assert.InRange(refused, 100, 350);
        Assert.All(all.Where(result => result.Error is not null), result => Assert.NotEmpty(result.Error!.Message));

        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Null((await reader.SendAsync(new Command.Seek(5))).Error);
        await reader.UntilAsync(5);

        // Another connection has a budget of its own.
        var (other, _) = await HubReader.JoinedAsync(Host, id);
        await using var closingOther = other;
        Assert.Null((await other.SendAsync(new Command.Seek(6))).Error);
    }

    [Fact]
    public async Task Leaving_ends_the_frames_and_joining_another_session_follows_that_one()
    {
        var (reader, first) = await HubReader.JoinedAsync(Host);
        await using var closing = reader;
        var (other, second) = await HubReader.JoinedAsync(Host);
        await using var closingOther = other;
        Assert.Null((await other.SendAsync(new Command.Seek(40))).Error);
        Assert.Null((await reader.JoinAsync(second)).Error);
        Assert.Equal(0, (await reader.NextAsync()).Base);
        await reader.UntilAsync(40);
        Assert.NotEqual(first, second);
        Assert.Null((await reader.SendAsync(new Command.Seek(41))).Error);
        await other.UntilAsync(41);
    }
}
