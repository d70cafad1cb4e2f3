using Bunit;
using XenViz.Client.Pages;

namespace XenViz.Client.Tests.Pages;

public sealed class GalleryTests : ScreenTest
{
    public static TheoryData<string> Names => [.. GalleryStates.All.Select(state => state.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_state_is_a_run_that_opens(string name)
    {
        var state = GalleryStates.All.Single(each => each.Name == name);
        var view = GalleryStates.ViewOf(state);
        Assert.NotNull(view);
        Assert.Equal(name == "start", view.Run.Position == 0);
    }

    [Fact]
    public void Without_a_choice_it_shows_the_stage_of_each_state()
    {
        Popovers();
        var page = Render<DevGallery>();
        Assert.Equal(GalleryStates.All.Length, page.FindAll("[data-testid=stage]").Count);
        Assert.Equal(GalleryStates.All.Length + 2, page.FindAll("section[data-part]").Count);
    }

    [Fact]
    public void The_form_shows_every_kind_of_work_and_an_error_at_its_field()
    {
        Popovers();
        var page = Render<DevGallery>();
        Assert.Equal(14, page.FindAll("[data-testid=work-item]").Count);
        Assert.Contains("From 1 to 4, not 9.", page.Markup, StringComparison.Ordinal);
    }
}
