using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Client.Controls;
using XenViz.Client.Pages;
using XenViz.Core.Commands;

namespace XenViz.Client.Tests.Pages;

public sealed class KeptWorkTests : ScreenTest
{
    private readonly FakeSessions sessions;

    public KeptWorkTests()
        : this(new FakeSessions())
    {
    }

    private KeptWorkTests(FakeSessions sessions)
        : base(sessions)
    {
        this.sessions = sessions;
        Popovers();
    }

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void Every_new_position_is_remembered_with_the_link_that_makes_it_again()
    {
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        page.Id("next").Click();
        page.WaitForAssertion(() =>
        {
            var kept = Assert.IsType<LastWork>(JSInterop.Invocations["xenviz.follow"][^1].Arguments[0]);
            Assert.Equal(("abc", "/?scenario=figure&at=36", "4.13"), (kept.Id, kept.Link, kept.Number));
        });
    }

    [Fact]
    public void A_session_that_is_gone_is_made_again_from_its_link()
    {
        sessions.Error = new CommandError(CommandErrors.UnknownSession, "id", "There is no such session.");
        JSInterop.Setup<LastWork?>("xenviz.recall", _ => true)
            .SetResult(new LastWork("abc", "/?op=read&at=9", "Block read", "2.7"));
        Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        Assert.EndsWith("/?op=read&at=9", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_this_device_does_not_know_is_told()
    {
        sessions.Error = new CommandError(CommandErrors.UnknownSession, "id", "There is no such session.");
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        Assert.Equal("There is no such session.", page.WaitForElement("[data-testid=problem-text]").TextContent);
    }
}
