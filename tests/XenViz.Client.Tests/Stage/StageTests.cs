using AngleSharp.Dom;
using Bunit;
using XenViz.Client.Pages;
using XenViz.Client.Stage;
using XenViz.Core.Projection;
using StageComponent = XenViz.Client.Stage.Stage;

namespace XenViz.Client.Tests.Stage;

/// <summary>The stage as a component: hooks, buttons, words, and when it moves.</summary>
public sealed class StageTests : BunitContext
{
    [Theory]
    [InlineData("before", "future", "future")]
    [InlineData("4.16", "past", "current")]
    [InlineData("done", "past", "past")]
    public void The_circles_are_buttons_with_their_states(string name, string third, string fourth)
    {
        var stage = Show(StageSamples.Of(name));
        for (var step = 1; step <= 7; step++)
        {
            var button = stage.Find($"[data-testid=step-{step}]");
            Assert.Equal("BUTTON", button.TagName);
            Assert.StartsWith($"Step {step}: ", button.GetAttribute("aria-label"), StringComparison.Ordinal);
        }

        var (three, four) = (stage.Find("[data-testid=step-3]"), stage.Find("[data-testid=step-4]"));
        Assert.Equal(third, three.GetAttribute("data-state"));
        Assert.Equal(fourth, four.GetAttribute("data-state"));
        Assert.Equal(fourth == "current" ? "step" : null, four.GetAttribute("aria-current"));
    }

    [Fact]
    public void A_press_on_a_circle_says_which()
    {
        var pressed = 0;
        var stage = Render<StageComponent>(p => p
            .Add(s => s.View, StageSamples.Of("2.4")).Add(s => s.OnStep, (int step) => pressed = step));
        stage.Find("[data-testid=step-5]").Click();
        Assert.Equal(5, pressed);
    }

    [Fact]
    public void A_press_on_an_object_says_which()
    {
        var selected = "";
        var stage = Render<StageComponent>(p => p
            .Add(s => s.View, StageSamples.Of("2.4")).Add(s => s.OnSelect, (string id) => selected = id));
        stage.Find(".wide [data-object=grant]").Click();
        Assert.Equal("grant", selected);
    }

    [Theory]
    [InlineData(null, 1, 1)]
    [InlineData(true, 0, 1)]
    [InlineData(false, 1, 0)]
    public void Of_a_stage_that_was_measured_only_the_picture_that_fits_is_drawn(bool? narrow, int wide, int phone)
    {
        var stage = Render<StageComponent>(p => p
            .Add(s => s.View, StageSamples.Of("4.16")).Add(s => s.Narrow, narrow));
        Assert.Equal(wide, stage.FindAll(".scene.wide").Count);
        Assert.Equal(phone, stage.FindAll(".scene.phone").Count);
        Assert.Equal(7, stage.FindAll(".steps li").Count);
        Assert.NotEmpty(stage.FindAll("li[data-twin=grant]"));
    }

    [Theory]
    [InlineData(false, false, "desk")]
    [InlineData(true, false, "low")]
    [InlineData(true, true, "wall")]
    public void In_a_low_window_the_small_type_is_larger(bool low, bool wall, string canvas)
    {
        var stage = Render<StageComponent>(p => p
            .Add(s => s.View, StageSamples.Of("4.16")).Add(s => s.Low, low).Add(s => s.Wall, wall));
        Assert.Contains(canvas, stage.Find(".scene.wide").ClassList);
        stage.Render(p => p.Add(s => s.Low, false).Add(s => s.Wall, false));
        Assert.Contains("desk", stage.Find(".scene.wide").ClassList);
    }

    [Fact]
    public void The_picture_is_hidden_from_readers_and_its_twin_is_not()
    {
        var stage = Show(StageSamples.Of("4.16"));
        Assert.All(stage.FindAll("svg"), svg => Assert.Equal("true", svg.GetAttribute("aria-hidden")));
        Assert.Equal("group", stage.Find("[data-testid=stage]").GetAttribute("role"));
        var grant = stage.Find("li[data-twin=grant]").TextContent;
        Assert.Contains("domain 2", grant, StringComparison.Ordinal);
        Assert.Contains("reading", grant, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_object_the_projection_names_is_on_stage_when_mapped()
    {
        var stage = Show(StageSamples.Of("4.16"));
        foreach (var id in (string[])
            [
                "app", "front", "back", "ring", "data", "grant", "maptrack", "guest-port", "driver-port",
                "guest-window", "driver-window", "disk-driver", "iommu", "dma", "disk", "guest", "driver", "xen",
            ])
        {
            Assert.NotEmpty(stage.FindAll($".wide [data-object={id}]"));
        }
    }

    [Fact]
    public void Only_a_step_forward_moves()
    {
        var stage = Show(StageSamples.Of("2.8"));
        Assert.False(Playing(stage));
        stage.Render(p => p.Add(s => s.View, StageSamples.Of("2.11")));
        Assert.True(Playing(stage));
        stage.Render(p => p.Add(s => s.View, StageSamples.Of("2.8")));
        Assert.False(Playing(stage));
        stage.Render(p => p.Add(s => s.View, StageSamples.Of("5.3")));
        Assert.False(Playing(stage));
    }

    [Fact]
    public void Another_run_does_not_move()
    {
        var stage = Show(StageSamples.Of("2.8"));
        stage.Render(p => p.Add(s => s.View, StageSamples.Of("2.11", 32)));
        Assert.False(Playing(stage));
    }

    [Fact]
    public void With_reduced_motion_nothing_travels_and_values_show_before_and_after()
    {
        var stage = Show(StageSamples.Of("2.8"), reduced: true);
        stage.Render(p => p.Add(s => s.View, StageSamples.Of("2.11")).Add(s => s.ReducedMotion, true));
        Assert.False(Playing(stage));
        Assert.Empty(stage.FindAll(".token"));
        Assert.Contains(stage.FindAll(".wide text"), t => t.TextContent == "req_prod 45→46");
        Assert.NotEmpty(stage.FindAll("[data-carrier=publish]"));
    }

    [Fact]
    public void A_played_step_sends_a_token_along_its_lane()
    {
        var stage = Show(StageSamples.Of("4.10"));
        stage.Render(p => p.Add(s => s.View, StageSamples.Of("4.16")));
        var token = stage.Find(".wide [data-carrier=hypercall-back] .token");
        Assert.Contains("offset-path:path('M1468 262", token.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c", "d"], stage.FindAll(".wide .beat text").Select(t => t.TextContent));
    }

    [Fact]
    public void A_new_frame_of_the_same_step_does_not_start_the_motion_again()
    {
        var stage = Show(StageSamples.Of("4.10"));
        var mapped = StageSamples.Of("4.16");
        stage.Render(p => p.Add(s => s.View, mapped));
        var before = stage.RenderCount;
        stage.Render(p => p.Add(s => s.View, mapped with { Sequence = mapped.Sequence + 1 }));
        Assert.True(Playing(stage));
        Assert.True(stage.RenderCount > before);
    }

    [Fact]
    public void The_speed_of_playing_is_the_speed_of_the_motion()
    {
        var view = StageSamples.Of("2.4");
        var stage = Show(view with { Run = view.Run with { Playing = true, Speed = 4 } });
        Assert.Contains("--k:0.25", stage.Find("[data-testid=stage]").GetAttribute("style"), StringComparison.Ordinal);
    }

    private static bool Playing(IRenderedComponent<StageComponent> stage) =>
        stage.Find("[data-testid=stage]").ClassList.Contains("playing");

    private IRenderedComponent<StageComponent> Show(SessionView view, bool reduced = false) =>
        Render<StageComponent>(p => p.Add(s => s.View, view).Add(s => s.ReducedMotion, reduced));
}
