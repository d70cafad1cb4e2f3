using System.Text.Json;
using Microsoft.Extensions.Options;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Server.Storage;

namespace XenViz.Server.Sessions;

/// <inheritdoc cref="ISessionGrain"/>
internal sealed class SessionGrain(
    ISessionModels models, ISessionStore store, ImageStore images, SessionChannels channels, SessionCount count,
    IOptions<SessionLimits> options, TimeProvider time, ILogger<SessionGrain> logger) : Grain, ISessionGrain
{
    private readonly List<CommandRow> unsaved = [];
    private SessionChannels.Lease? lease;
    private ISessionModel? model;
    private CommandError? broken;
    private string? image;
    private long sequence;
    private bool changed;
    private IGrainTimer? playing;
    private IGrainTimer? saving;

    private string Id => this.GetPrimaryKeyString();

    /// <summary>Comes back from the recording, when there is one.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var row = await store.FindAsync(Id, cancellationToken);
        lease = channels.Take(Id);
        if (row is not null)
        {
            broken = await RestoreAsync(row, cancellationToken);
        }
    }

    /// <summary>Idle, or the host stops: nothing that was answered may be lost.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await SaveAsync(cancellationToken);
        lease?.Dispose();
        count.Leave(Id);
    }

    /// <inheritdoc/>
    public async Task<CommandError?> CreateAsync(string link)
    {
        var (run, error) = RunLink.Parse(link);
        if (run is null || model is not null)
        {
            return Refuse(error ?? CommandErrors.Bad("id", "SessionId"));
        }

        byte[]? bytes = null;
        if (run.Parameters.Image is { } wanted && (bytes = await images.ReadAsync(wanted, default)) is null)
        {
            return Refuse(CommandErrors.Make(CommandErrors.UnknownImage, "image", "UnknownImage"));
        }

        error = Start(() => models.Create(run, bytes));
        if (error is not null)
        {
            return Refuse(error);
        }

        image = run.Parameters.Image;
        Publish();
        await SaveAsync(default);
        return null;
    }

    /// <inheritdoc/>
    public Task<CommandError?> OpenAsync() =>
        Task.FromResult(model is null ? Refuse(broken ?? Unknown()) : null);

    /// <inheritdoc/>
    public async Task<CommandResult> SendAsync(CommandDto command)
    {
        if (model is null)
        {
            return new CommandResult(Refuse(broken ?? Unknown()), 0);
        }

        var (asked, error) = command.ToCommand();
        if (asked is not null)
        {
            error = await ApplyAsync(asked);
        }

        if (error is null)
        {
            Publish();
            unsaved.Add(new CommandRow
            {
                Session = Id,
                Sequence = sequence,
                Command = JsonSerializer.Serialize(command, ServerJson.Default.CommandDto),
            });
            KeepTime();
        }

        return new CommandResult(error, sequence);
    }

    /// <inheritdoc/>
    public Task<FindAnswer> FindAsync(FindRequest request)
    {
        var answer = model is null ? FindAnswer.Refused(Refuse(broken ?? Unknown())) : null;
        return Task.FromResult(answer ?? (Guard(() =>
        {
            answer = model!.Find(request);
            return null;
        }) is { } fault ? FindAnswer.Refused(fault) : answer!));
    }

    /// <inheritdoc/>
    public Task<DetailAnswer> DetailsAsync(string id)
    {
        var answer = model is null ? DetailAnswer.Refused(Refuse(broken ?? Unknown())) : null;
        return Task.FromResult(answer ?? (Guard(() =>
        {
            answer = model!.Details(id);
            return null;
        }) is { } fault ? DetailAnswer.Refused(fault) : answer!));
    }

    /// <inheritdoc/>
    public Task<CommandError?> ExportImageAsync(string path)
    {
        if (model is null)
        {
            return Task.FromResult<CommandError?>(Refuse(broken ?? Unknown()));
        }

        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        model.WriteImage(file);
        return Task.FromResult<CommandError?>(null);
    }

    private async Task<CommandError?> ApplyAsync(Command command)
    {
        byte[]? bytes = null;
        var load = (command as Command.Load)?.Parameters;
        if (load?.Image is { } wanted && (bytes = await images.ReadAsync(wanted, default)) is null)
        {
            return CommandErrors.Make(CommandErrors.UnknownImage, "image", "UnknownImage");
        }

        var error = Guard(() => model!.Apply(command, bytes));
        if (error is null && load is not null)
        {
            image = load.Image;
        }

        return error;
    }

    private async Task<CommandError?> RestoreAsync(SessionRow row, CancellationToken cancellation)
    {
        byte[]? bytes = null;
        if (row.Image is not null && (bytes = await images.ReadAsync(row.Image, cancellation)) is null)
        {
            return CommandErrors.Make(CommandErrors.UnknownImage, "image", "UnknownImage");
        }

        var error = Start(() => models.Restore(row.Recording, bytes));
        if (error is null)
        {
            image = row.Image;
            // Viewers of before may have seen more than was saved: numbers never go back.
            sequence = Math.Max(row.Sequence, lease!.Channel.Sequence);
            Publish();
            changed = false;
        }

        return error;
    }

    private CommandError? Start(Func<(ISessionModel? Model, CommandError? Error)> make)
    {
        if (!count.TryEnter(Id))
        {
            return CommandErrors.Make(CommandErrors.TooMany, "", "TooManySessions");
        }

        return Guard(() =>
        {
            (model, var error) = make();
            return error;
        });
    }

    /// <summary>A fault of the model must not end anything but the command that met it.</summary>
    private CommandError? Guard(Func<CommandError?> act)
    {
        try
        {
            return act();
        }
#pragma warning disable CA1031 // Whatever it was, the answer is the same and the log has it all.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.LogError(fault, "The model of session {Session} failed.", Id);
            return CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable");
        }
    }

    private static CommandError Unknown() =>
        CommandErrors.Make(CommandErrors.UnknownSession, "id", "UnknownSession");

    /// <summary>A grain without a session is not worth its memory.</summary>
    private CommandError Refuse(CommandError error)
    {
        if (model is null)
        {
            DeactivateOnIdle();
        }

        return error;
    }

    private void Publish()
    {
        lease!.Channel.Publish(model!.View() with { Sequence = ++sequence });
        changed = true;
        saving ??= this.RegisterGrainTimer(_ => SaveAsync(default), new GrainTimerCreationOptions
        {
            DueTime = TimeSpan.FromSeconds(options.Value.SaveSeconds),
            Period = Timeout.InfiniteTimeSpan,
        });
    }

    /// <summary>Starts, stops or retunes the clock that plays.</summary>
    private void KeepTime()
    {
        if (!model!.Playing)
        {
            playing?.Dispose();
            playing = null;
            return;
        }

        var step = TimeSpan.FromMilliseconds(model.StepMilliseconds);
        if (playing is null)
        {
            playing = this.RegisterGrainTimer(_ => AdvanceAsync(), new GrainTimerCreationOptions
            {
                DueTime = step,
                Period = step,
                KeepAlive = true,
            });
        }
        else
        {
            playing.Change(step, step);
        }
    }

    private Task AdvanceAsync()
    {
        var fault = Guard(() =>
        {
            model!.Advance();
            Publish();
            return null;
        });
        if (fault is not null || !model!.Playing)
        {
            playing?.Dispose();
            playing = null;
        }

        return Task.CompletedTask;
    }

    private async Task SaveAsync(CancellationToken cancellation)
    {
        saving?.Dispose();
        saving = null;
        if (model is null || !changed)
        {
            return;
        }

        var commands = unsaved.ToList();
        try
        {
            var row = new SessionRow
            {
                Id = Id,
                Recording = model.Save(),
                Sequence = sequence,
                Image = image,
                Updated = time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
            changed = false;
            if (!await store.SaveAsync(row, commands, cancellation))
            {
                logger.LogError("Session {Session} has another owner: this one steps back.", Id);
                DeactivateOnIdle();
            }

            unsaved.RemoveRange(0, commands.Count);
        }
#pragma warning disable CA1031 // A full disk must not end a session that runs: the next change tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            changed = true;
            logger.LogError(fault, "Session {Session} could not be saved.", Id);
        }
    }
}
