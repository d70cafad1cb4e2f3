using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Server.Sessions;

/// <summary>What a session's owner needs of <see cref="SessionEngine"/>, whose members these are.</summary>
internal interface ISessionModel
{
    /// <inheritdoc cref="SessionEngine.Playing"/>
    bool Playing { get; }

    /// <inheritdoc cref="SessionEngine.StepMilliseconds"/>
    int StepMilliseconds { get; }

    /// <inheritdoc cref="SessionEngine.ImageBytes"/>
    long ImageBytes { get; }

    /// <inheritdoc cref="SessionEngine.Apply"/>
    CommandError? Apply(Command command, byte[]? image);

    /// <inheritdoc cref="SessionEngine.Advance"/>
    bool Advance();

    /// <inheritdoc cref="SessionEngine.View"/>
    SessionView View();

    /// <inheritdoc cref="SessionEngine.Find"/>
    FindAnswer Find(FindRequest request);

    /// <inheritdoc cref="SessionEngine.Details"/>
    DetailAnswer Details(string id);

    /// <inheritdoc cref="SessionEngine.Save"/>
    string Save();

    /// <inheritdoc cref="SessionEngine.WriteImage"/>
    void WriteImage(Stream to);
}

/// <summary>Makes models: the engine's in the product, scripted ones in tests of the host.</summary>
internal interface ISessionModels
{
    /// <summary>A new run from a link.</summary>
    (ISessionModel? Model, CommandError? Error) Create(RunLink link, byte[]? image);

    /// <summary>The run of a recording.</summary>
    (ISessionModel? Model, CommandError? Error) Restore(string recording, byte[]? image);
}
