using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What the words say, and where the picture points, is what the row did.</summary>
public sealed class SaidTruthTests
{
    private const string All = "&leftout=on&xen=on";

    public static TheoryData<string> Reading =>
    [
        "scenario=workload&segments=11&work=write:2048:x&work=read:0/8&work=read:4096/40",
        "scenario=workload&indirect=32&segments=32&work=write:2048/128:One&work=read:2048/128",
        "scenario=workload&path=copy&work=read:64/8&work=write:2048/8:over&work=read:2048/8",
        "scenario=workload&path=persistent&work=read:0/8&work=write:2048/8:over&work=read:2048/16",
    ];

    [Fact]
    public void The_event_of_a_binding_is_no_interrupt_of_a_device()
    {
        foreach (var detail in new[] { "", All, "&events=fifo", "&events=fifo" + All })
        {
            foreach (var scenario in new[] { "connect", "net-connect", "reconnect", "net-reconnect" })
            {
                var views = Walk($"scenario={scenario}{detail}").Where(v => v.Narration.Number[0] == 'C').ToList();
                Assert.NotEmpty(views);
                Assert.DoesNotContain(views.SelectMany(v => v.Stage.Carriers), carrier => carrier.Kind == "irq");
            }
        }
    }

    [Fact]
    public void A_bit_that_was_not_there_before_and_is_0_is_no_change()
    {
        foreach (var scenario in new[] { "connect", "disconnect", "net-connect", "net-disconnect", "reconnect" })
        {
            foreach (var view in Walk("scenario=" + scenario))
            {
                Assert.DoesNotContain(view.Changes, c =>
                    (c.Id.StartsWith("port.", StringComparison.Ordinal)
                        || c.Id.StartsWith("grant.", StringComparison.Ordinal))
                    && (c.Before.Length == 0 || c.After.Length == 0)
                    && (c.Before + c.After).TrimStart('0', 'x').Length == 0);
            }
        }
    }

    [Fact]
    public void A_new_ring_had_no_earlier_round()
    {
        var looks = Walk("scenario=connect" + All).Where(v => v.Narration.Number == "4.7").ToList();
        Assert.Single(looks);
        Assert.Contains("no request was ever put", looks[0].Narration.Why, StringComparison.Ordinal);
        Assert.All(Walk("scenario=connect" + All), v =>
        {
            Assert.DoesNotContain("earlier round", v.Narration.Why, StringComparison.Ordinal);
            Assert.DoesNotContain("while the disk works", v.Narration.Caption, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData(All)]
    public void An_attack_on_the_index_is_seen_told_and_concluded(string detail)
    {
        var views = Walk("scenario=overflow" + detail);
        var lie = Assert.Single(views, v => v.Changes.Any(c => c.Id == "ring.req_prod"));
        Assert.Equal(("O.1", 54u, 0u), (lie.Narration.Number, lie.Ring.ReqProd, lie.Ring.Free));
        Assert.All(views.Skip(1), v => Assert.Equal((0u, "ring"), (v.Ring.Free, v.Narration.BrokenAt)));
        Assert.Null(views[0].Narration.BrokenAt);
        Assert.Equal("O.4", views[^1].Narration.Number);
        Assert.Contains("attack has failed", views[^1].Narration.Caption, StringComparison.Ordinal);
        Assert.Equal(54u, views[^1].Ring.ReqProd);
    }

    [Fact]
    public void Trying_to_take_a_page_back_is_told_in_the_figure_too() =>
        Assert.Contains(Walk("scenario=revoke"), v => v.Narration.Number == "M.1");

    [Theory]
    [MemberData(nameof(Reading))]
    public void A_request_opens_with_what_is_asked(string link)
    {
        var opened = 0;
        foreach (var (view, next) in Pairs(Walk(link + All)))
        {
            if (view.Narration.Number == "1.1" && next.Narration.Number == "1.2")
            {
                opened++;
                Assert.Equal(
                    next.Narration.Caption.Contains("read", StringComparison.Ordinal),
                    view.Narration.Caption.Contains("prepares", StringComparison.Ordinal));
            }
        }

        Assert.InRange(opened, 2, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public void A_page_that_is_read_is_told_by_its_bytes(string link)
    {
        var looks = Walk(link + All).Where(v => v.Narration.Number == "7.11").ToList();
        Assert.NotEmpty(looks);
        foreach (var view in looks)
        {
            var (caption, head) = (view.Narration.Caption, view.Stage.Data!.Head);
            var text = NarrationTextOf(head);
            Assert.DoesNotContain("\"\"", caption, StringComparison.Ordinal);
            Assert.True(
                head.All(c => c == '0') || !caption.EndsWith("bytes, all zero.", StringComparison.Ordinal), caption);
            Assert.True(text.Length < 3 || caption.Contains($"\"{text}", StringComparison.Ordinal), caption);
        }
    }

    [Theory]
    [InlineData("scenario=connect", "The ring thread has not started yet.")]
    [InlineData("scenario=net-connect", "Netback is not connected yet.")]
    public void The_bell_of_a_binding_wakes_no_backend_that_does_not_run(string link, string said)
    {
        var row = Walk(link + All).First(
            v => v.Narration.Caption.StartsWith("It clears the pending bit", StringComparison.Ordinal));
        Assert.EndsWith(said, row.Narration.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_is_unplugged_leaves_nothing_on_stage()
    {
        foreach (var scenario in new[] { "disconnect", "net-disconnect" })
        {
            var views = Walk("scenario=" + scenario);
            var unplugging = views.SkipWhile(v => v.Narration.Number != "Q.1").ToList();
            Assert.All(unplugging, v =>
            {
                // Of a network, empty pages that were offered are taken back one by one.
                Assert.True(
                    v.Stage is { Data: null, Focus: null }
                    || (scenario == "net-disconnect" && v.Narration.Number is "N.3" or "N.4"), v.Narration.Number);
                Assert.Equal(("idle", null), (v.Stage.Dma.State, v.Stage.Dma.BusAddress));
            });
            var end = views[^1];
            Assert.Null(end.Stage.Grant);
            Assert.Null(end.Stage.Data);
            Assert.False(end.Ring.Exists);
            Assert.Contains("Unplugging is complete", end.Narration.Caption, StringComparison.Ordinal);
            Assert.DoesNotContain(views, v => v.Narration.Why.Contains("mapper died", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("scenario=reconnect&depth=4&segments=1&crash=2&work=write:2048:A&work=write:2056:B&work=write:2064:C")]
    [InlineData("scenario=workload&work=write:2048:A&work=write:2056:B&work=flush&work=read:2048/8")]
    [InlineData("scenario=workload&path=copy&work=write:2048:A&work=write:2056:B")]
    [InlineData("scenario=net-tx&start=100&work=send:1500:One&work=send:1500:Two")]
    public void What_the_device_has_done_is_of_the_request_that_is_followed(string link)
    {
        var views = Walk(link + All);
        Assert.Contains(views, v => v.Stage.Dma.State == "done");
        Assert.All(views.Where(v => v.Stage.Dma.State == "done"), v =>
        {
            Assert.False(v.Stage.Focus is null or { State: "private" or "pending" }, v.Narration.Number);
            if (v.Stage.Device == "disk")
            {
                Assert.InRange(
                    v.Stage.Dma.Sector, v.Stage.Focus!.Sector, v.Stage.Focus.Sector + (ulong)v.Stage.Focus.Sectors - 1);
            }
        });
    }

    [Fact]
    public void An_answer_is_decoded_as_the_backend_wrote_it_and_read_as_the_frontend_reads()
    {
        var views = Walk(ScenarioShelf.Cards.Single(card => card.Name == "protocol-missing").Link + All);
        Assert.All(views, v => Assert.Equal((112, 108), (v.Ring.FrontSlotBytes, v.Ring.BackSlotBytes)));
        var answered = views.First(v => v.Ring.Slots.Any(slot => slot.State == "answered"));
        Assert.Equal(-1, answered.Ring.Slots.Single(slot => slot.State == "answered").Status);
        var refused = views.Single(v => v.Narration.Number == "4.9");
        Assert.Contains("108 bytes", refused.Narration.Why, StringComparison.Ordinal);
        var end = views.Single(v => v.Narration.Number == "7.9");
        Assert.DoesNotContain("id 3,", end.Narration.Caption, StringComparison.Ordinal);
        Assert.Contains("byte 604", end.Narration.Why, StringComparison.Ordinal);
        Assert.Contains("byte 624", end.Narration.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_caption_is_about_the_disks_port_that_port_takes_part_and_no_other()
    {
        var rows = Open("scenario=figure").View().Timeline.Rows;
        var engine = Open("scenario=figure");
        for (var row = 0; row < rows.Length; row++)
        {
            if (!rows[row].Number.StartsWith("W.4.", StringComparison.Ordinal))
            {
                continue;
            }

            Assert.Null(engine.Apply(new Command.Seek(row + 1)));
            Assert.Contains("disk-port", engine.View().Stage.Lights);
            Assert.DoesNotContain("driver-port", engine.View().Stage.Lights);
        }
    }

    [Theory]
    [InlineData("read:0/8", "5.4", "low page is copied up")]
    [InlineData("read:0/8", "5.3", "guest's page is as before")]
    [InlineData("write:2048:a", "5.1", "low page")]
    [InlineData("write:2048:a", "5.3", "low page")]
    public void Where_a_low_page_stands_in_nobody_says_that_no_cpu_copies(string work, string number, string words)
    {
        var views = Walk($"scenario=workload&bounce=on&work={work}{All}");
        Assert.Contains(views, v => v.Narration.Number.EndsWith(number, StringComparison.Ordinal)
            && v.Narration.Caption.Contains(words, StringComparison.Ordinal));
        Assert.All(views, v =>
        {
            Assert.DoesNotContain("No copy was made", v.Narration.Why, StringComparison.Ordinal);
            Assert.DoesNotContain("No CPU touches", v.Narration.Caption, StringComparison.Ordinal);
            Assert.DoesNotContain(v.Stage.Carriers, c => c.Kind is "dma-in" or "dma-out");
        });
    }

    [Fact]
    public void Every_stop_of_every_run_has_a_caption_and_a_reason_of_its_own()
    {
        foreach (var scenario in RunLimits.Scenarios.Except(["workload", "dma-attack"]))
        {
            foreach (var detail in new[] { "", "&leftout=on", All })
            {
                Assert.All(Walk($"scenario={scenario}{detail}"), v =>
                {
                    Assert.InRange(v.Narration.Caption.Length, 7, 90);
                    Assert.InRange(v.Narration.Why.Length, 40, 240);
                    Assert.DoesNotMatch("^As |[{}]", v.Narration.Caption + v.Narration.Why);
                });
            }
        }
    }

    [Fact]
    public void A_card_is_no_disk()
    {
        foreach (var scenario in RunLimits.Scenarios.Where(RunLimits.IsNetwork))
        {
            Assert.All(Walk($"scenario={scenario}{All}"), v =>
            {
                Assert.DoesNotMatch("\\bthe disk\\b", v.Narration.Caption + v.Narration.Why);
                Assert.False(
                    v.Narration.Caption.Contains("port 12", StringComparison.Ordinal)
                    && v.Narration.Caption.Contains("our interface", StringComparison.Ordinal));
            });
        }
    }

    [Fact]
    public void Flags_and_domid_are_found_as_two_fields()
    {
        var engine = Open("scenario=figure");
        var found = engine.Find(new FindRequest("grant 9")).Hits;
        Assert.Contains(found, row => row.Detail.Contains("flags 0x0005", StringComparison.Ordinal));
        Assert.Contains(found, row => row.Detail.Contains("domid", StringComparison.Ordinal));
        Assert.DoesNotContain(found, row => row.Detail.Contains("0x20005", StringComparison.Ordinal));
    }

    private static string NarrationTextOf(string head) => string.Concat(
        Convert.FromHexString(head).TakeWhile(b => b is >= 0x20 and <= 0x7E).Select(b => (char)b));

    private static IEnumerable<(SessionView, SessionView)> Pairs(List<SessionView> views) => views.Zip(views.Skip(1));

    private static SessionEngine Open(string link)
    {
        var (parsed, error) = RunLink.Parse(link);
        Assert.Null(error);
        return SessionEngine.Create(parsed!, null).Engine!;
    }

    private static List<SessionView> Walk(string link) => Walks.Of(link);
}
