using Microsoft.AspNetCore.SignalR.Client;
using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Server.Tests.Hubs;

/// <summary>The .NET client that docs/hub.md shows, word by word.</summary>
internal static class DocumentedClient
{
    public static async Task<IReadOnlyList<string>> PlayAsync(Uri site)
    {
        var captions = new List<string>();

        // sample
        var mirror = new ViewMirror();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(site, "hubs/machine"))
            .WithAutomaticReconnect()
            .Build();
        var frames = System.Threading.Channels.Channel.CreateUnbounded<FeedMessage>();
        hub.On<FeedMessage>("Frame", message => frames.Writer.TryWrite(message));
        await hub.StartAsync();

        var made = await hub.InvokeAsync<CreateAnswer>("Create", "op=write&slots=32");
        await hub.InvokeAsync<CommandResult>("Join", made.Id);
        hub.Reconnected += _ => hub.InvokeAsync<CommandResult>("Join", made.Id);

        await foreach (var frame in frames.Reader.ReadAllAsync())
        {
            if (!mirror.TryApply(frame))
            {
                await hub.InvokeAsync<CommandResult>("Again"); // a gap: the next frame is whole
                continue;
            }

            var view = mirror.Current!;
            captions.Add($"{view.Narration.Number} {view.Narration.Caption}");
            if (view.Run.Position == view.Run.Length)
            {
                break;
            }

            var result = await hub.InvokeAsync<CommandResult>("Send", new CommandDto("nextNumbered"));
            if (result.Error is { } error)
            {
                throw new InvalidOperationException($"{error.Code} {error.Field}: {error.Message}");
            }
        }
        // sample

        return captions;
    }
}
