using System.Collections.Immutable;
using System.Text.Json;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;
using XenViz.Server.Sessions;

namespace XenViz.Server.Tests.Sessions;

/// <summary>A model that only counts rows, so that tests of the host say nothing about drivers.</summary>
internal sealed class ScriptedModels : ISessionModels
{
    public (ISessionModel? Model, CommandError? Error) Create(RunLink link, byte[]? image) =>
        (new Model(new State(link.Parameters.Scenario, link.Position, false, 1, link.Format()))
        {
            Image = image,
        }, null);

    public (ISessionModel? Model, CommandError? Error) Restore(string recording, byte[]? image) =>
        (new Model(JsonSerializer.Deserialize<State>(recording)!) { Image = image }, null);

    public sealed record State(string Scenario, int Position, bool Playing, double Speed, string Link);

    private sealed class Model(State state) : ISessionModel
    {
        private const int Length = 1000;

        // Like the engine's listings and rows: the same object in every view.
        private readonly ImmutableArray<TimelineRow> rows =
            [.. Enumerable.Range(0, Length).Select(i => new TimelineRow(
                $"2.{i}", 2, Actor.Frontend, AccessKind.Store, true, null))];

        private State now = state;

        public byte[]? Image { get; set; }

        public bool Playing => now.Playing;

        public int StepMilliseconds => (int)(40 / now.Speed);

        public long ImageBytes => Image?.Length ?? 0;

        public CommandError? Apply(Command command, byte[]? image)
        {
            switch (command)
            {
                case Command.Next:
                    return Move(now.Position + 1);
                case Command.Back:
                    return Move(now.Position - 1);
                case Command.Seek seek:
                    return Move(seek.Position);
                case Command.SetSpeed { Speed: not (0.25 or 0.5 or 1 or 2 or 4) }:
                    return CommandErrors.Bad("speed", "Range", 0, 0, 0);
                case Command.SetSpeed speed:
                    now = now with { Speed = speed.Speed };
                    return null;
                case Command.Play or Command.Pause:
                    now = now with { Playing = command is Command.Play };
                    return null;
                case Command.Load load:
                    (now, Image) = (new State(load.Parameters.Scenario, 0, false, 1, ""), image);
                    return null;
                case Command.Choose { Agent: 66 }:
                    throw new InvalidOperationException("A fault of the model.");
                default:
                    return CommandErrors.Bad("agent", "Range", 0, 0, 0);
            }
        }

        public bool Advance()
        {
            now = now with { Position = now.Position + 1, Playing = now.Position + 1 < Length };
            return now.Playing;
        }

        public FindAnswer Find(FindRequest request) => new(
            null, 0, Length, 1, [request.Text.Length],
            [new HitView(request.Text.Length, "2.1", Actor.Frontend, request.Text, "slot 0", request.ChangesOnly)]);

        public DetailAnswer Details(string id) => DetailAnswer.Of(new DetailView
        {
            Id = id, Position = now.Position, Title = id, About = "rows", Owner = "nobody", Writes = "nobody",
            Value = "1",
        });

        public string Save() => JsonSerializer.Serialize(now);

        public void WriteImage(Stream to) => to.Write(Image ?? "an embedded disk"u8);

        public SessionView View() => new()
        {
            Run = new RunView
            {
                Parameters = new RunParameters { Scenario = now.Scenario },
                Title = "Counting",
                Subtitle = "rows",
                Position = now.Position,
                Length = Length,
                Playing = now.Playing,
                Speed = now.Speed,
                Link = now.Link,
                Fingerprint = $"{now.Position:x16}",
            },
            Timeline = new TimelineView { Rows = rows },
            Narration = new NarrationView { Number = $"2.{now.Position}", Caption = "Counts.", Why = "", Spoken = "" },
            Stage = new StageView
            {
                Guest = new DomainView(5, true, true),
                Driver = new DomainView(2, true, false),
                ApplicationCall = "",
                Front = new FrontIndicesView((uint)now.Position, 0),
                Back = new BackIndicesView(0, 0),
                DiskDriver = "idle",
                Dma = new DmaView("idle", null, 0, 0, false),
            },
            Ring = new RingView { Size = 8, ReqProdPvt = (uint)now.Position },
            Grants = new GrantTableView(),
            PageMap = new PageMapView(),
            Events = new EventChannelView(),
            Code = new CodeView(),
            Bytes = new HexView(),
            Changes = [new ChangeView("front.req_prod_pvt", $"{now.Position - 1}", $"{now.Position}")],
        };

        private CommandError? Move(int position)
        {
            if (position is < 0 or > Length)
            {
                return CommandErrors.Bad("position", "Range", position, 0, Length);
            }

            now = now with { Position = position };
            return null;
        }
    }
}
