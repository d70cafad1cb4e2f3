using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests;

/// <summary>Sessions without an engine: each starts at row 35 of the sample run.</summary>
internal sealed class FakeSessions : ISessions
{
    public int Made { get; private set; }

    public int Joined { get; private set; }

    public CommandError? Error { get; set; }

    public FakeSession Session { get; private set; } = new("none");

    public Task<(string? Id, CommandError? Error)> CreateAsync(string link, CancellationToken cancellation) =>
        Task.FromResult<(string?, CommandError?)>(($"made-{++Made}", null));

    public Task<(ISession? Session, ISessionFeed? Feed, CommandError? Error)> JoinAsync(
        string id, CancellationToken cancellation)
    {
        Joined++;
        Session = new FakeSession(id);
        return Task.FromResult<(ISession?, ISessionFeed?, CommandError?)>(
            Error is null ? (Session, Session, null) : (null, null, Error));
    }
}

/// <summary>A session that only knows positions.</summary>
internal sealed class FakeSession(string id) : ISession, ISessionFeed
{
    public event Action? Changed;

    public string Id => id;

    public SessionView Current { get; private set; } = Samples.At(35);

    public FeedState State { get; private set; }

    public Task<CommandResult> SendAsync(Command command, CancellationToken cancellation)
    {
        if (command is Command.Seek { Position: > 1000 })
        {
            var error = new CommandError("bad_argument", "position", "There is no such row.");
            return Task.FromResult(new CommandResult(error, Current.Sequence));
        }

        var position = command switch
        {
            Command.Next => Current.Run.Position + 1,
            Command.Seek seek => seek.Position,
            _ => Current.Run.Position,
        };
        Current = Samples.At(position);
        Changed?.Invoke();
        return Task.FromResult(new CommandResult(null, Current.Sequence));
    }

    public List<FindRequest> Asked { get; } = [];

    // Every fifth row of the sample is about whatever is asked.
    public Task<FindAnswer> FindAsync(FindRequest request, CancellationToken cancellation)
    {
        Asked.Add(request);
        return Task.FromResult(Samples.Found(request));
    }

    public List<string> Explained { get; } = [];

    public Task<DetailAnswer> DetailsAsync(string id, CancellationToken cancellation)
    {
        Explained.Add(id);
        return Task.FromResult(DetailAnswer.Of(Details.DetailSamples.Grant with
        {
            Id = id, Position = Current.Run.Position,
        }));
    }

    public void Lose()
    {
        State = FeedState.Reconnecting;
        Changed?.Invoke();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
