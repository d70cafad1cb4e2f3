using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using XenViz.Client.Panels;
using XenViz.Client.Time;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Time;

public sealed class FindPanelTests : ScreenTest
{
    private readonly List<FindRequest> asked = [];
    private readonly List<Command> sent = [];
    private readonly List<int> walked = [];
    private RowFilter? only;
    private bool? open;

    [Fact]
    public async Task What_is_typed_is_looked_for_and_counted()
    {
        var panel = Show();
        await panel.Id("find-text").InputAsync("grant 9");
        panel.WaitForAssertion(() => Assert.Equal("10 of 52 rows", panel.Id("find-count").TextContent));
        Assert.Equal(new FindRequest("grant 9", false, 0, 50), Assert.Single(asked));
        Assert.Equal("status", panel.Id("find-count").GetAttribute("role"));
        var hit = panel.WaitForElement("[data-testid='hit-35']");
        Assert.Equal("step", hit.GetAttribute("aria-current"));
        Assert.Contains("row 35", hit.TextContent, StringComparison.Ordinal);
        Assert.Contains("grant 9 0 → 1", hit.TextContent, StringComparison.Ordinal);
        hit = panel.Id("hit-40");
        await hit.ClickAsync();
        Assert.Equal(new Command.Seek(40), Assert.Single(sent));
    }

    [Fact]
    public async Task Nothing_found_says_what_to_do()
    {
        var panel = Show();
        await panel.Id("find-text").InputAsync("nothing");
        panel.WaitForAssertion(() =>
            Assert.StartsWith("Nothing found.", panel.Id("find-count").TextContent, StringComparison.Ordinal));
        Assert.True(panel.Id("find-next").HasAttribute("aria-disabled"));
        Assert.True(panel.Id("find-only").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Enter_and_keys_walk_through_what_was_found()
    {
        var panel = Show();
        await panel.Id("find-text").InputAsync("slot 0");
        panel.WaitForAssertion(() => Assert.False(panel.Id("find-next").HasAttribute("aria-disabled")));
        await panel.Id("find-text").KeyDownAsync("Enter");
        await panel.Id("find-text").KeyDownAsync(new KeyboardEventArgs { Key = "Enter", ShiftKey = true });
        await panel.Id("find-previous").ClickAsync();
        Assert.True(await panel.InvokeAsync(() => panel.Instance.KeyAsync("n")));
        Assert.True(await panel.InvokeAsync(() => panel.Instance.KeyAsync("N")));
        Assert.False(await panel.InvokeAsync(() => panel.Instance.KeyAsync("x")));
        Assert.Equal([40, 30, 30, 40, 30], sent.Cast<Command.Seek>().Select(seek => seek.Position));
        var rows = Samples.Found(asked[0]).Positions;
        Assert.Equal([40, 30, 30, 40, 30], walked.Select(hit => rows[hit]));
    }

    [Fact]
    public async Task Enter_right_behind_the_words_waits_for_their_rows()
    {
        var panel = Show();
        await panel.Id("find-text").InputAsync("grant 9");
        panel.WaitForAssertion(() => Assert.Equal("10 of 52 rows", panel.Id("find-count").TextContent));
        var typing = panel.Id("find-text").InputAsync("slot 0");
        await panel.Id("find-text").KeyDownAsync("Enter");
        await typing;
        Assert.Equal(new Command.Seek(40), Assert.Single(sent));
        Assert.Equal(["grant 9", "slot 0"], asked.Select(request => request.Text));
    }

    [Fact]
    public async Task A_key_opens_it_and_Escape_closes_it()
    {
        var panel = Show(shown: false);
        Assert.Empty(panel.Ids("find-panel"));
        await panel.InvokeAsync(() => panel.Instance.KeyAsync("/"));
        Assert.True(open);
        panel.Render(p => p.Add(x => x.Open, true));
        await panel.Id("find-panel").KeyDownAsync("Escape");
        Assert.False(open);
    }

    [Fact]
    public async Task The_objects_on_stage_are_offered()
    {
        var panel = Show();
        var ideas = panel.Ids("find-idea").Select(idea => idea.TextContent).ToList();
        Assert.Contains("frame 0x5a21", ideas);
        Assert.Contains("req_prod", ideas);
        await panel.Ids("find-idea")[0].ClickAsync();
        Assert.Equal(new FindRequest(ideas[0], true, 0, 50), Assert.Single(asked));
        Assert.Equal(ideas[0], panel.Id("find-text").GetAttribute("value"));
    }

    [Fact]
    public async Task What_nothing_changes_is_looked_for_in_all_rows()
    {
        var panel = Show(request =>
            Samples.Found(request.ChangesOnly ? request with { Text = "nothing" } : request));
        await panel.Ids("find-idea")[0].ClickAsync();
        Assert.Equal([true, false], asked.Select(request => request.ChangesOnly));
        Assert.Equal("10 of 52 rows", panel.Id("find-count").TextContent);
    }

    [Fact]
    public async Task The_timeline_is_narrowed_down_and_stays_so_for_another_question()
    {
        var panel = Show();
        await panel.Id("find-text").InputAsync("grant 9");
        panel.WaitForAssertion(() => Assert.False(panel.Id("find-only").HasAttribute("disabled")));
        await panel.Id("find-only").ChangeAsync(true);
        Assert.Equal("grant 9", only!.Text);
        Assert.Equal(5, only.Positions[0]);
        panel.Render(p => p.Add(x => x.Only, only));
        await panel.Id("find-changes").ChangeAsync(true);
        Assert.True(only.ChangesOnly);
        await panel.Id("find-text").InputAsync("nothing");
        panel.WaitForAssertion(() => Assert.Null(only));
    }

    [Fact]
    public async Task Another_run_is_looked_through_again()
    {
        var panel = Show();
        await panel.Id("find-text").InputAsync("grant 9");
        panel.WaitForAssertion(() => Assert.Single(asked));
        panel.Render(p => p.Add(x => x.View, Samples.At(36)));
        Assert.Single(asked);
        panel.Render(p => p.Add(x => x.View, Samples.At(36, v => v with { Run = v.Run with { Branch = 1 } })));
        panel.WaitForAssertion(() => Assert.Equal(2, asked.Count));
    }

    [Fact]
    public void A_filter_knows_what_is_before_and_after()
    {
        var filter = new RowFilter("x", true, 0, Samples.Rows.Length, [5, 10, 15]);
        Assert.Equal([null, 5, 5, 10, 15], new[] { 5, 6, 10, 12, 52 }.Select(filter.Before));
        Assert.Equal([5, 10, 10, null], new[] { 0, 5, 6, 15 }.Select(filter.After));
        Assert.Equal([0, 1, 1, 3], new[] { 4, 5, 9, 52 }.Select(filter.Passed));
        Assert.True(filter.Of(Samples.At(1, v => v with { Run = v.Run with { Branch = 1 } })).IsDefault);
    }

    [Fact]
    public async Task A_narrowed_timeline_has_a_column_for_each_row_and_leads_through_them()
    {
        var all = false;
        var filter = new RowFilter("grant 9", true, 0, Samples.Rows.Length, [5, 35, 40]);
        var timeline = Render<Timeline>(p => p.Add(x => x.View, Samples.At(35)).Add(x => x.Only, filter)
            .Add(x => x.OnAll, () => all = true).Add(x => x.OnCommand, sent.Add));
        Assert.Equal(3, timeline.FindAll("circle.dot").Count);
        Assert.Equal("2 of 3", timeline.Id("only-count").TextContent);
        await timeline.Id("only-next").ClickAsync();
        await timeline.Id("only-previous").ClickAsync();
        await timeline.Id("only-all").ClickAsync();
        Assert.Equal([40, 5], sent.Cast<Command.Seek>().Select(seek => seek.Position));
        Assert.True(all);
        var layout = TimelineLayout.Of(Samples.At(35).Timeline, 35, filter.Positions);
        Assert.Equal([5, 35, 40], layout.Columns.Select(column => column.Position));
        Assert.Equal([1, 1, 1], layout.Columns.Select(column => column.Lanes.Length));
        Assert.Equal(35, layout.PositionAt(layout.Columns[1].X / 100));
    }

    private IRenderedComponent<FindPanel> Show(bool shown = true) => Show(Samples.Found, shown);

    private IRenderedComponent<FindPanel> Show(
        Func<FindRequest, FindAnswer> answer, bool shown = true) => Render<FindPanel>(p => p
        .Add(x => x.View, Samples.At(35))
        .Add(x => x.Open, shown)
        .Add(x => x.OpenChanged, now => open = now)
        .Add(x => x.OnlyChanged, now => only = now)
        .Add(x => x.OnCommand, sent.Add)
        .Add(x => x.OnWalk, walked.Add)
        .Add(x => x.Find, request =>
        {
            asked.Add(request);
            return Task.FromResult<FindAnswer?>(answer(request));
        }));
}
