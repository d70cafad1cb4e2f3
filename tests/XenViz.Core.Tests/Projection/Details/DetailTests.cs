using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection.Details;

namespace XenViz.Core.Tests.Projection.Details;

/// <summary>Any object of the screen says what it is, and its chain goes back to a first cause.</summary>
public sealed class DetailTests
{
    // At the end of the figure's WRITE every one of these has been changed by some row.
    private static readonly string[] Moved =
    [
        "app", "front", "back", "ring", "ring.req_prod", "ring.rsp_prod", "front.req_prod_pvt", "front.rsp_cons",
        "back.req_cons", "back.rsp_prod_pvt", "slot.5", "grant", "grant.9", "maptrack", "guest-port", "driver-port",
        "disk-port", "driver-window", "iommu", "dma", "disk", "disk-driver", "guest", "driver", "xen",
    ];

    public static TheoryData<string> MovedIds => [.. Moved];

    [Theory]
    [MemberData(nameof(MovedIds))]
    public void A_chain_ends_at_a_first_cause(string id)
    {
        var engine = Make(new RunParameters());
        var view = At(engine, engine.View().Run.Length, id);
        Assert.Contains(view.Parts, part => part.Changed > 0);
        var steps = view.Steps.ToDictionary(step => step.Position);
        foreach (var part in view.Parts.Where(part => part.Changed > 0))
        {
            var at = part.Changed;
            for (var links = 0; at > 0; links++)
            {
                Assert.True(links < 100, $"{part.Name} goes round in circles");
                Assert.True(steps.TryGetValue(at, out var step), $"{part.Name}: nothing is told of position {at}");
                Assert.InRange(step.Cause, 0, at - 1);
                Assert.NotEqual("", step.Caption);
                at = step.Cause;
            }
        }
    }

    [Fact]
    public void The_keys_of_xenstore_tell_who_wrote_them()
    {
        var engine = Make(new RunParameters { Scenario = "connect" });
        engine.Apply(new Command.RunToEnd());
        var store = engine.Details("xenstore").Read()!;
        Assert.True(store.ByMessage);
        Assert.False(engine.Details("grant").Read()!.ByMessage);
        Assert.EndsWith("/state", store.Parts[0].Name, StringComparison.Ordinal);
        var states = store.Parts.Where(part => part.Name.EndsWith("/state", StringComparison.Ordinal)).ToList();
        Assert.Equal(["4", "4"], states.Select(part => part.Value));
        Assert.All(states, part => Assert.True(part.Changed > 0));
        var key = store.Parts.Single(part => part.Name.EndsWith("/ring-ref", StringComparison.Ordinal));
        var step = store.Steps.Single(step => step.Position == key.Changed);
        Assert.StartsWith("C.", step.Number, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_xenstore_says_whose_it_is_and_who_wrote_it()
    {
        var engine = Make(new RunParameters { Scenario = "connect" });
        engine.Apply(new Command.RunToEnd());
        foreach (var node in engine.View().Store.Nodes)
        {
            var view = engine.Details("xenstore." + node.Path).Read();
            Assert.NotNull(view);
            Assert.Equal(node.Path, view.Name);
            Assert.DoesNotMatch("[{}]", string.Concat(view.Parts.Select(part => part.Value)) + view.About + view.Value);
        }

        var key = engine.View().Store.Nodes.Single(n => n.Path.EndsWith("/ring-ref", StringComparison.Ordinal));
        var ring = engine.Details("xenstore." + key.Path).Read()!;
        Assert.Equal(("ring-ref", key.Value), (ring.Title, ring.Value));
        Assert.Equal("domain 5; domain 0, which may do everything", ring.Writes);
        Assert.Equal("domain 5 owns it and may do everything; domain 2 may read; others nothing", ring.Parts[1].Value);
        var wrote = ring.Steps.Single(s => s.Position == ring.Parts[0].Changed);
        Assert.StartsWith("C.", wrote.Number, StringComparison.Ordinal);
        var state = engine.View().Store.Nodes.First(n => n.Path.EndsWith("/state", StringComparison.Ordinal));
        var told = engine.Details("xenstore." + state.Path).Read()!;
        Assert.Equal("4 Connected", told.Value);
        Assert.Contains("watches it", told.Parts[2].Value, StringComparison.Ordinal);
        Assert.NotNull(engine.Details("xenstore./nowhere").Error);
        Assert.NotNull(engine.Details("xenstore." + new string('/', 300)).Error);
    }

    [Fact]
    public void Every_object_of_every_state_has_all_its_words()
    {
        RunParameters[] runs =
        [
            new(), new() { Read = true }, new() { Scenario = "connect" }, new() { Scenario = "net-tx" },
            new() { Scenario = "net-rx" }, new() { Scenario = "revoke" }, new() { Scenario = "overflow" },
            new() { Iommu = "off" },
        ];
        foreach (var run in runs)
        {
            var engine = Make(run);
            var length = engine.View().Run.Length;
            for (var at = 0; at <= length; at += Math.Max(1, length / 12))
            {
                Assert.Null(engine.Apply(new Command.Seek(at)));
                foreach (var id in IdsOf(engine))
                {
                    AssertWhole(engine.Details(id), id);
                }
            }
        }
    }

    [Fact]
    public void A_grant_entry_in_use_says_who_wrote_what()
    {
        var engine = Make(new RunParameters());
        var view = At(engine, PositionOf(engine, "4.13"), "grant.9");
        Assert.Equal(("Grant entry 9", "struct grant_entry_v1", Writer.Guest), (view.Title, view.Name, view.Mark));
        Assert.Equal((8, 9 * 8), (view.Length, view.Offset));
        Assert.Contains("reading", view.Value, StringComparison.Ordinal);
        Assert.Equal(["flags", "domid", "frame", "pin"], view.Parts.Select(part => part.Name));
        var flags = view.Parts[0];
        Assert.Contains(view.Steps, step => step.Position == flags.Changed && step.Agent == "Xen");
        Assert.Contains(view.Steps, step => step.Position == view.Parts[2].Changed && step.Agent == "frontend");
        Assert.Null(view.Parts[3].Mfn);
    }

    [Fact]
    public void A_chain_goes_back_to_the_application_that_asked()
    {
        var engine = Make(new RunParameters());
        var view = At(engine, engine.View().Run.Length, "ring.rsp_prod");
        var agents = new List<string>();
        for (var at = view.Parts[0].Changed; at > 0;)
        {
            var step = view.Steps.Single(each => each.Position == at);
            agents.Add(step.Agent);
            at = step.Cause;
        }

        Assert.Equal("backend", agents[0]);
        Assert.Contains("frontend", agents);
        Assert.Equal("application", agents[^1]);
    }

    [Fact]
    public void A_run_of_ten_thousand_rows_answers_too()
    {
        var engine = Make(new RunParameters
        {
            Scenario = "workload", Depth = 8, Work = [new WorkItem.CopySectors(0, 8192, 2000)],
        });
        var length = engine.View().Run.Length;
        Assert.True(length >= 10_000, $"{length} rows");
        Assert.Null(engine.Apply(new Command.Seek(length)));
        foreach (var id in IdsOf(engine))
        {
            AssertWhole(engine.Details(id), id);
            Assert.InRange(engine.Details(id).Read()!.Steps.Length, 0, 40 * 64);
        }
    }

    [Fact]
    public void A_bit_of_a_port_changed_where_that_bit_did_and_not_its_neighbour()
    {
        var engine = Make(new RunParameters());
        var last = engine.View().Run.Length;
        var ports = engine.View().Events.Ports;
        foreach (var port in ports)
        {
            var id = $"port.{port.Domain}.{port.Number}";
            var before = "";
            for (var at = 0; at <= last; at++)
            {
                var pending = At(engine, at, id).Parts.Single(part => part.Name == "evtchn_pending");
                Assert.Equal(before.Length > 0 && before != pending.Value, pending.Changed == at && at > 0);
                before = pending.Value;
            }
        }
    }

    [Fact]
    public void A_page_shows_three_addresses_and_what_became_of_each()
    {
        var engine = Make(new RunParameters());
        var start = At(engine, 0, "data").Page!;
        Assert.Equal(("on", null, null), (start.IommuMode, start.Backend?.Address, start.Device?.Mfn));
        var mapped = At(engine, PositionOf(engine, "5.1"), "data").Page!;
        Assert.True(mapped.Backend is { Stale: false, Writable: false });
        Assert.Equal(mapped.Mfn, mapped.Device!.Mfn);
        var stale = Enumerable.Range(0, engine.View().Run.Length).Select(at => At(engine, at, "data").Page!)
            .First(page => page.Backend is { Stale: true });
        Assert.Equal(mapped.Backend!.Address, stale.Backend!.Address);
        Assert.True(stale.StaleTranslations > 0);
        var off = Make(new RunParameters { Iommu = "off" });
        Assert.Equal("off", At(off, 0, "data").Page!.IommuMode);
        Assert.NotNull(At(off, 0, "data").Page!.Device);
    }

    [Fact]
    public void Bytes_that_dma_wrote_are_marked_in_the_page()
    {
        var engine = Make(new RunParameters { Read = true });
        var changed = Enumerable.Range(1, engine.View().Run.Length).Select(at => At(engine, at, "data"))
            .First(view => !view.Page!.Changed.IsEmpty);
        Assert.Equal(changed.Position, changed.Parts[0].Changed);
        Assert.Contains(changed.Steps, step => step.Position == changed.Position && step.Agent == "disk");
    }

    [Theory]
    [InlineData("")]
    [InlineData("slot")]
    [InlineData("slot.8")]
    [InlineData("slot.-1")]
    [InlineData("grant.512")]
    [InlineData("grant.99999999999")]
    [InlineData("port.5.0")]
    [InlineData("port.70000.1")]
    [InlineData("frame.1")]
    [InlineData("mapping.9")]
    [InlineData("ring.nothing")]
    [InlineData("front.nothing")]
    public void What_there_is_not_is_refused_with_a_sentence(string id)
    {
        var answer = Make(new RunParameters()).Details(id);
        Assert.Equal(("bad_argument", "id"), (answer.Error!.Code, answer.Error.Field));
        Assert.Null(answer.Read());
    }

    [Fact]
    public void A_question_that_is_too_long_is_refused() =>
        Assert.NotNull(Make(new RunParameters()).Details("grant." + new string('0', 260)).Error);

    private static IEnumerable<string> IdsOf(SessionEngine engine)
    {
        var view = engine.View();
        var ids = new List<string> { "app", "front", "back", "dma", "disk", "disk-driver", "guest", "driver", "xen" };
        ids.AddRange(view.Ring.Exists ? ["ring", "ring.req_event", "slot.0", "front.rsp_cons"] : []);
        ids.AddRange(view.Stage.Data is null ? [] : ["data", "guest-window", "driver-window", "iommu"]);
        ids.AddRange(view.Stage.OwnPage is null ? [] : ["own-page"]);
        ids.AddRange(view.Store.Nodes.IsEmpty ? [] : ["xenstore"]);
        ids.AddRange(view.Stage.Grant is null ? [] : ["grant", "maptrack"]);
        ids.AddRange(view.Grants.Entries.Select(entry => $"grant.{entry.Ref}"));
        ids.AddRange(view.Grants.Mappings.Select(mapping => $"mapping.{mapping.Handle}"));
        ids.AddRange(view.Events.Ports.Select(port => $"port.{port.Domain}.{port.Number}"));
        ids.AddRange(view.PageMap.Frames.Select(frame => $"frame.{frame.Mfn}"));
        return ids;
    }

    // A key that is missing in the texts shows as itself, so it would be seen by its underscore.
    private static void AssertWhole(DetailAnswer answer, string id)
    {
        Assert.True(answer.Error is null, $"{id}: {answer.Error?.Message}");
        var view = answer.Read()!;
        foreach (var text in new[] { view.Title, view.About, view.Owner, view.Writes, view.Value })
        {
            Assert.NotEqual("", text);
            Assert.DoesNotMatch("^(Title|About|Owner|Writes|Value|Slot|Dma|Work|Part|Tlb)_", text);
        }

        Assert.InRange(view.About.Length, 1, 240);
        Assert.InRange(view.Title.Length, 1, 90);
        Assert.NotEmpty(view.Parts);
        Assert.DoesNotContain(view.Parts, part => part.Name.Contains("Part_", StringComparison.Ordinal));
    }

    private static int PositionOf(SessionEngine engine, string number) =>
        engine.View().Timeline.Rows.Select((row, i) => (row.Number, At: i + 1)).First(r => r.Number == number).At;

    private static DetailView At(SessionEngine engine, int position, string id)
    {
        Assert.Null(engine.Apply(new Command.Seek(position)));
        var answer = engine.Details(id);
        Assert.True(answer.Error is null, $"{id}: {answer.Error?.Message}");
        return answer.Read()!;
    }

    private static SessionEngine Make(RunParameters run)
    {
        var (engine, error) = SessionEngine.Create(run, null);
        Assert.Null(error);
        return engine!;
    }
}
