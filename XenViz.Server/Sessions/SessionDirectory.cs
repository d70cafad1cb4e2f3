using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Server.Storage;

namespace XenViz.Server.Sessions;

/// <summary>Makes sessions and finds them, for the hub, the circuits and the HTTP endpoints alike. Every door checks
/// here.
/// </summary>
internal sealed class SessionDirectory(
    IGrainFactory grains, ISessionStore store, SessionCount count, IOptions<SessionLimits> options,
    ILogger<SessionDirectory> logger)
{
    // 16 letters of 32 are 80 bits: an id that nobody was told cannot be guessed.
    private const string IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int IdLength = 16;

    /// <summary>Makes a session from a share link.</summary>
    public async Task<CreateAnswer> CreateAsync(string? link)
    {
        var id = RandomNumberGenerator.GetString(IdLetters, IdLength);
        return await Try(async () =>
        {
            await store.TrimAsync(options.Value.Kept - 1, count.IsActive, CancellationToken.None);
            return await grains.GetGrain<ISessionGrain>(id).CreateAsync(link ?? "");
        }) is { } error
            ? new CreateAnswer(null, error)
            : new CreateAnswer(id, null);
    }

    /// <summary>Brings a session into memory when it is not there. Null, or why it cannot be.</summary>
    public Task<CommandError?> OpenAsync(string? id) =>
        WrongId(id) is { } error ? Task.FromResult<CommandError?>(error) : Try(Grain(id!).OpenAsync);

    /// <summary>Sends a command to a session.</summary>
    public async Task<CommandResult> SendAsync(string id, CommandDto command)
    {
        CommandResult? result = null;
        var error = await Try(async () => (result = await Grain(id).SendAsync(command)).Error);
        return result ?? new CommandResult(error, 0);
    }

    /// <summary>Asks a session about its rows.</summary>
    public async Task<FindAnswer> FindAsync(string id, FindRequest request)
    {
        FindAnswer? answer = null;
        var error = await Try(async () => (answer = await Grain(id).FindAsync(request)).Error);
        return answer ?? FindAnswer.Refused(
            error ?? CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable"));
    }

    /// <summary>Asks a session about an object of the screen.</summary>
    public async Task<DetailAnswer> DetailsAsync(string id, string about)
    {
        DetailAnswer? answer = null;
        var error = await Try(async () => (answer = await Grain(id).DetailsAsync(about)).Error);
        return answer ?? DetailAnswer.Refused(
            error ?? CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable"));
    }

    /// <summary>Writes a session's disk to a new file.</summary>
    public Task<CommandError?> ExportImageAsync(string? id, string path) =>
        WrongId(id) is { } error
            ? Task.FromResult<CommandError?>(error)
            : Try(() => Grain(id!).ExportImageAsync(path));

    private static CommandError? WrongId(string? id) =>
        RunLimits.IsId(id) ? null : CommandErrors.Bad("id", "SessionId");

    private ISessionGrain Grain(string id) => grains.GetGrain<ISessionGrain>(id);

    /// <summary>Storage that fails, a silo that stops: an answer, never a broken connection.</summary>
    private async Task<CommandError?> Try(Func<Task<CommandError?>> act)
    {
        try
        {
            return await act();
        }
#pragma warning disable CA1031 // Every door needs an answer; the log has the rest.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.LogError(fault, "A session could not be reached.");
            return CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable");
        }
    }
}
