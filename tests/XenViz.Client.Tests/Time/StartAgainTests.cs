using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using XenViz.Client.Controls;
using XenViz.Client.Resources;
using XenViz.Client.Time;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Time;

public sealed class StartAgainTests : ScreenTest
{
    private readonly List<Command> sent = [];

    private ISnackbar Snackbar => Services.GetRequiredService<ISnackbar>();

    [Fact]
    public void The_button_asks_for_it()
    {
        var asked = 0;
        var shown = Render<RunOptions>(
            p => p.Add(x => x.View, Samples.At(35)).Add(x => x.OnStartAgain, () => asked++));
        shown.Id("reset").Click();
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_run_without_branches_is_made_anew()
    {
        await StartAgain.GoAsync(Samples.At(35), Snackbar, Did);
        Assert.Equal([new Command.Reset()], sent);
        Assert.Empty(Snackbar.ShownSnackbars);
    }

    [Fact]
    public async Task Branches_go_one_by_one_and_come_back_with_the_place()
    {
        var shown = Render<MudSnackbarProvider>();
        await shown.InvokeAsync(() => StartAgain.GoAsync(Branched, Snackbar, Did));
        Assert.Equal([new Command.DeleteBranch(4), new Command.DeleteBranch(1), new Command.Seek(0)], sent);
        sent.Clear();
        Assert.Equal(TimeTexts.Dropped_Many.With(2), shown.Find(".mud-snackbar-content-message").TextContent.Trim());
        await shown.Find("button").ClickAsync();
        Assert.Equal(
            [
                new Command.RestoreBranch(1), new Command.RestoreBranch(4), new Command.SwitchBranch(4),
                new Command.Seek(35),
            ],
            sent);
    }

    [Fact]
    public async Task Without_a_connection_nothing_is_said_to_be_gone()
    {
        await StartAgain.GoAsync(Branched, Snackbar, command => Heard(command, 0));
        Assert.Equal([new Command.DeleteBranch(4)], sent);
        Assert.Empty(Snackbar.ShownSnackbars);
    }

    [Fact]
    public async Task A_connection_lost_half_way_says_what_went()
    {
        await StartAgain.GoAsync(Branched, Snackbar, command => Heard(command, 1));
        Assert.Equal([new Command.DeleteBranch(4), new Command.DeleteBranch(1)], sent);
        Assert.Equal(TimeTexts.Dropped_Part.With(1, 2), Assert.Single(Snackbar.ShownSnackbars).Message);
    }

    private static SessionView Branched => Samples.At(35, view => view with
    {
        Run = view.Run with { Branch = 4 },
        Timeline = view.Timeline with
        {
            Branches =
            [
                new BranchView(0, null, 0, 100, "Default order", ""), new BranchView(1, 0, 30, 80, "a", ""),
                new BranchView(4, 1, 40, 90, "b", ""),
            ],
        },
    });

    private Task<bool> Did(Command command) => Heard(command, int.MaxValue);

    private Task<bool> Heard(Command command, int most)
    {
        sent.Add(command);
        return Task.FromResult(sent.Count <= most);
    }
}
