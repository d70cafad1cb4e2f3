using Bunit;
using XenViz.Client.Controls;
using XenViz.Client.Panels;
using XenViz.Client.Tests.Stage;
using XenViz.Core.Commands;

namespace XenViz.Client.Tests.Controls;

public sealed class TransportTests : ScreenTest
{
    private readonly List<Command> sent = [];

    [Theory]
    [InlineData("next", typeof(Command.Next))]
    [InlineData("back", typeof(Command.Back))]
    [InlineData("next-numbered", typeof(Command.NextNumbered))]
    [InlineData("back-numbered", typeof(Command.BackNumbered))]
    [InlineData("play", typeof(Command.Play))]
    public void A_button_sends_its_command(string button, Type command)
    {
        Show(20).Id(button).Click();
        Assert.IsType(command, Assert.Single(sent));
    }

    [Fact]
    public void Under_each_button_stands_where_it_leads()
    {
        // Position 35 is 4.12, inside step 4.
        var shown = Show(35);
        Assert.Equal("to 3", shown.Id("back-numbered").TextContent.Trim());
        Assert.Equal("4.11", shown.Id("back").TextContent.Trim());
        Assert.Equal("4.13", shown.Id("next").TextContent.Trim());
        Assert.Equal("to 4", shown.Id("next-numbered").TextContent.Trim());
    }

    [Theory]
    [InlineData("op=read")]
    [InlineData("scenario=connect")]
    [InlineData("scenario=disconnect&work=write:2048:Last")]
    [InlineData("scenario=net-tx&xen=on")]
    public void A_stop_is_called_ahead_what_it_calls_itself(string link)
    {
        var views = Runs.Views(link).ToList();
        foreach (var (before, after) in views.Zip(views.Skip(1)))
        {
            // Of rows from one to another there is room for where they end.
            var number = after.Narration.Number.Split('–')[^1];
            Assert.Equal(number, Steps.Next(before));
            if (before.Run.Position > 0)
            {
                Assert.Equal(before.Narration.Number.Split('–')[^1], Steps.Back(after));
            }
        }
    }

    [Fact]
    public void At_the_end_of_a_step_forward_completes_the_next_one() =>
        Assert.Equal("to 5", Show(39).Id("next-numbered").TextContent.Trim());

    [Fact]
    public void At_the_start_there_is_no_way_back()
    {
        var shown = Show(0);
        Assert.True(shown.Id("back").HasAttribute("aria-disabled"));
        Assert.True(shown.Id("back-numbered").HasAttribute("aria-disabled"));
        Assert.False(shown.Id("next").HasAttribute("aria-disabled"));
    }

    [Fact]
    public void At_the_end_there_is_no_way_on()
    {
        var shown = Show(Samples.Rows.Length);
        Assert.True(shown.Id("next").HasAttribute("aria-disabled"));
        Assert.True(shown.Id("play").HasAttribute("aria-disabled"));
        Assert.False(shown.Id("back").HasAttribute("aria-disabled"));
    }

    [Fact]
    public void While_it_plays_the_middle_button_pauses()
    {
        var shown = Render<Transport>(p => p
            .Add(x => x.View, Samples.At(20, view => view with { Run = view.Run with { Playing = true } }))
            .Add(x => x.OnCommand, sent.Add));
        shown.Id("play").Click();
        Assert.IsType<Command.Pause>(Assert.Single(sent));
    }

    private IRenderedComponent<Transport> Show(int position) => Render<Transport>(p => p
        .Add(x => x.View, Samples.At(position))
        .Add(x => x.OnCommand, sent.Add));
}
