using XenViz.Client.Stage;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>What is not there yet, or no more, is not drawn: dashed means private.</summary>
public sealed class AbsenceTests
{
    private static readonly string[] Parting =
    [
        "scenario=connect", "scenario=net-connect", "scenario=disconnect&work=write:2048:Hello",
        "scenario=reconnect&depth=4&segments=1&crash=1&work=write:2048:One&work=write:2056:Two",
    ];

    [Fact]
    public void A_wire_is_there_as_far_as_its_ports_are()
    {
        var (none, one) = (0, 0);
        foreach (var view in Parting.SelectMany(Runs.Views))
        {
            var scene = SceneLayout.Build(view, SceneSize.Desk);
            var wire = scene.Nodes.SingleOrDefault(node => node.Key == "wire")?.Marks.OfType<PathMark>().Single().Data;
            var right = scene.Nodes.Any(node => node.Key is "driver-port" or "disk-port");
            Assert.Equal(view.Stage.GuestPort is not null, wire?.Contains("M56 318", StringComparison.Ordinal) is true);
            Assert.Equal(right, wire?.Contains("M1400 640", StringComparison.Ordinal) is true);
            none += wire is null ? 1 : 0;
            one += wire is not null && view.Stage.DriverPort is null ? 1 : 0;
        }

        Assert.True(none > 0 && one > 0);
    }

    [Theory]
    [InlineData(SceneSize.Desk)]
    [InlineData(SceneSize.Phone)]
    public void A_maptrack_is_there_once_something_is_mapped(SceneSize size)
    {
        foreach (var view in Parting.SelectMany(Runs.Views))
        {
            var drawn = SceneLayout.Build(view, size).Nodes.Any(node => node.Key == "maptrack");
            var changed = view.Changes.Any(change => change.Id.StartsWith("mapping", StringComparison.Ordinal));
            Assert.Equal(view.Stage.Maptrack is not null || changed, drawn);
        }
    }

    [Theory]
    [InlineData("scenario=workload&bounce=on&work=write:2048:Hello")]
    [InlineData("scenario=net-tx")]
    public void The_window_and_the_page_under_it_keep_their_places(string link)
    {
        foreach (var size in Enum.GetValues<SceneSize>())
        {
            var places = new Dictionary<string, SceneMark>();
            foreach (var node in Runs.Views(link).SelectMany(view => SceneLayout.Build(view, size).Nodes))
            {
                if (node.Key is "driver-window" or "own-page")
                {
                    var box = node.Marks.First(mark => mark.Class.StartsWith("box", StringComparison.Ordinal));
                    var place = box is RectMark rect ? rect with { Class = "" } : box;
                    Assert.Equal(place, places.GetValueOrDefault(node.Key, place));
                    places[node.Key] = place;
                }
            }

            Assert.Equal(2, places.Count);
        }
    }
}
