using System.Globalization;
using XenViz.Client.Stage;

namespace XenViz.Client.Tests.Stage;

/// <summary>A request of several pages has one ticket on stage: that of the page that the step is about.</summary>
public sealed class BackTicketTests
{
    [Theory]
    [InlineData("scenario=workload&segments=4&work=write:2048/32:One&xen=on")]
    [InlineData("scenario=net-tx&work=send:3000/2096/0/0:Two&xen=on")]
    public void The_copy_of_the_backend_shows_the_ticket_of_the_page_on_stage(string link)
    {
        var seen = new HashSet<uint>();
        foreach (var view in Runs.Views(link))
        {
            if (view.Stage is not { BackendCopy: { } copy, Grant: { } grant } || !copy.Refs.Contains(grant.Ref))
            {
                continue;
            }

            seen.Add(grant.Ref);
            var back = SceneLayout.Build(view, SceneSize.Desk).Nodes.Single(node => node.Key == "back");
            Assert.Contains(
                grant.Ref.ToString(CultureInfo.InvariantCulture), back.Marks.OfType<TextMark>().Select(m => m.Text));
        }

        Assert.InRange(seen.Count, 2, int.MaxValue);
    }
}
