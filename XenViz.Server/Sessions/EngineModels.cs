using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Server.Sessions;

/// <summary>Models that are the real engine.</summary>
internal sealed class EngineModels : ISessionModels
{
    public (ISessionModel? Model, CommandError? Error) Create(RunLink link, byte[]? image) =>
        Wrap(SessionEngine.Create(link, image));

    public (ISessionModel? Model, CommandError? Error) Restore(string recording, byte[]? image) =>
        Wrap(SessionEngine.Restore(recording, image));

    private static (ISessionModel? Model, CommandError? Error) Wrap(
        (SessionEngine? Engine, CommandError? Error) made) =>
        (made.Engine is null ? null : new EngineModel(made.Engine), made.Error);

    private sealed class EngineModel(SessionEngine engine) : ISessionModel
    {
        public bool Playing => engine.Playing;

        public int StepMilliseconds => engine.StepMilliseconds;

        public long ImageBytes => engine.ImageBytes;

        public CommandError? Apply(Command command, byte[]? image) => engine.Apply(command, image);

        public bool Advance() => engine.Advance();

        public SessionView View() => engine.View();

        public FindAnswer Find(FindRequest request) => engine.Find(request);

        public DetailAnswer Details(string id) => engine.Details(id);

        public string Save() => engine.Save();

        public void WriteImage(Stream to) => engine.WriteImage(to);
    }
}
