using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Server.Tests.Hubs;

namespace XenViz.Server.Tests.Sessions;

/// <summary>The host with the engine that is shipped.</summary>
public sealed class RealEngineTests
{
    [Fact]
    public async Task A_session_comes_back_from_its_recording_as_it_was_after_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("xenviz-").FullName;
        try
        {
            string id;
            string before;
            await using (var host = ServerHost.StartReal(data))
            {
                var (reader, made) = await HubReader.JoinedAsync(host);
                await using var closing = reader;
                id = made;
                foreach (var command in new Command[]
                {
                    new Command.Load(new RunParameters { Read = true, Slots = 16 }), new Command.SetDetail(true, true),
                    new Command.Seek(23), new Command.Choose(1), new Command.Next(), new Command.SetSpeed(2),
                })
                {
                    Assert.Null((await reader.SendAsync(command)).Error);
                }

                before = await WholeAsync(reader);
            }

            await using var again = ServerHost.StartReal(data);
            var (other, _) = await HubReader.JoinedAsync(again, id);
            await using var closingOther = other;
            Assert.Equal(before, await WholeAsync(other));
            Assert.Equal(2, other.View!.Timeline.Branches.Length);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task Two_viewers_of_one_session_see_the_same_over_either_protocol()
    {
        await using var host = ServerHost.StartReal();
        var (json, id) = await HubReader.JoinedAsync(host);
        await using var closing = json;
        var (pack, _) = await HubReader.JoinedAsync(host, id, messagePack: true);
        await using var closingPack = pack;
        for (var step = 0; step < 7; step++)
        {
            Assert.Null((await (step % 2 == 0 ? json : pack).SendAsync(new Command.NextNumbered())).Error);
        }

        Assert.Equal(await WholeAsync(json), await WholeAsync(pack));
        Assert.Equal("7.10", json.View!.Narration.Number);
    }

    // The view without its number, which is the host's and not the model's.
    private static async Task<string> WholeAsync(HubReader reader)
    {
        var newest = (await reader.AgainAsync()).Sequence;
        for (var frame = await reader.NextAsync(); frame.Base != 0 || frame.Sequence < newest;)
        {
            // What was on its way before the question.
            frame = await reader.NextAsync();
        }

        return ViewDelta.Whole(reader.View! with { Sequence = 0 });
    }
}
