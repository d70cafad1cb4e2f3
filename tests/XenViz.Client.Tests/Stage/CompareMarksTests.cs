using XenViz.Client.Stage;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>Runs beside each other: a mark is no change, so the key does not call it one.</summary>
public sealed class CompareMarksTests
{
    [Fact]
    public void The_key_says_differs_where_nothing_changed_and_no_value_has_a_before()
    {
        var view = Samples.At(35);
        var changed = Texts(view with { Changes = [new ChangeView("front.req_prod_pvt", "45", "46")] });
        Assert.Contains("changed now", changed);
        Assert.Contains(changed, text => text.Contains("45→", StringComparison.Ordinal));
        var marked = Texts(view with { Changes = [new ChangeView("front.req_prod_pvt", "", "")] });
        Assert.Contains("differs", marked);
        Assert.DoesNotContain("changed now", marked);
        Assert.DoesNotContain(marked, text => text.Contains('→', StringComparison.Ordinal));
    }

    private static List<string> Texts(SessionView view) =>
    [
        .. SceneLayout.Build(view, SceneSize.Desk).Nodes.SelectMany(node => node.Marks).OfType<TextMark>()
            .Select(mark => mark.Text),
    ];
}
