using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>
/// One session: a run with all its branches, a position in it, and what is told. Not thread-safe: its owner (a grain)
/// has one mailbox. Never throws for anything that a person sends: refusals are returned.
/// </summary>
public sealed class SessionEngine
{
    private SessionEngine()
    {
    }

    /// <summary>Playing: its owner calls <see cref="Advance"/> in time while this is true.</summary>
    public bool Playing { get; private set; }

    /// <summary>0.25, 0.5, 1, 2 or 4.</summary>
    public double Speed { get; private set; } = 1;

    /// <summary>Milliseconds from one visible micro-step to the next while playing, at the present speed.</summary>
    public int StepMilliseconds { get; private set; } = 1000;

    /// <summary>Makes a session.</summary>
    /// <param name="parameters">What to run; checked here.</param>
    /// <param name="image">The raw disk image when <see cref="RunParameters.Image"/> names one, else null.</param>
    public static (SessionEngine? Engine, CommandError? Error) Create(RunParameters parameters, byte[]? image) =>
        throw new NotSupportedException();

    /// <summary>Brings a session back from its recording (<see cref="Save"/>).</summary>
    public static (SessionEngine? Engine, CommandError? Error) Restore(string recording, byte[]? image) =>
        throw new NotSupportedException();

    /// <summary>Carries a command out. <see cref="Command.Load"/> with another image needs the image's bytes.</summary>
    /// <returns>Null, or why nothing was done.</returns>
    public CommandError? Apply(Command command, byte[]? image = null) => throw new NotSupportedException();

    /// <summary>One visible micro-step of playing.</summary>
    /// <returns>False, and <see cref="Playing"/> is off, when the end is reached.</returns>
    public bool Advance() => throw new NotSupportedException();

    /// <summary>What there is to see. The sequence number is the caller's to set.</summary>
    public SessionView View() => throw new NotSupportedException();

    /// <summary>The recording: parameters, branches as lists of choices, position and detail, as JSON (a few KB).</summary>
    public string Save() => throw new NotSupportedException();

    /// <summary>Bytes of the disk image as it is at this position.</summary>
    public long ImageBytes => throw new NotSupportedException();

    /// <summary>Writes the disk image as it is at this position.</summary>
    public void WriteImage(Stream to) => throw new NotSupportedException();
}
