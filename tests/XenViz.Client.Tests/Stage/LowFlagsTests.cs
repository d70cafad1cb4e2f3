using System.Globalization;
using XenViz.Client.Stage;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>In a low window, whose type is larger, what one reads a number of is there whole.</summary>
public sealed class LowFlagsTests
{
    [Theory]
    [InlineData(45, 8)]
    [InlineData(992, 8)]
    [InlineData(99_992, 16)]
    [InlineData(4_294_967_280, 8)]
    [InlineData(4_294_967_280, 16)]
    public void A_number_at_a_flag_is_whole_wherever_the_flags_stand(long start, int slots)
    {
        var sample = StageSamples.Of("4.16", slots, start: (uint)start);
        for (var one = 0u; one < slots; one++)
        {
            for (var other = 0u; other < slots; other++)
            {
                Expect(sample, unchecked((uint)start + one), unchecked((uint)start + other));
            }
        }
    }

    [Theory]
    [InlineData("start=997")]
    [InlineData("start=4294967294")]
    [InlineData("scenario=net-tx&start=998")]
    [InlineData("scenario=workload&depth=4&start=9998&work=write:2048/64:One")]
    public void Numbers_of_many_digits_are_whole_in_a_run(string link)
    {
        foreach (var view in Runs.Views(link).Where(view => view.Ring.Exists))
        {
            var scene = SceneLayout.Build(view, SceneSize.Low);
            Assert.EndsWith(Whole(view.Ring.ReqProd), Label(scene, "req_prod").Text, StringComparison.Ordinal);
            Assert.EndsWith(Whole(view.Ring.RspProd), Label(scene, "rsp_prod").Text, StringComparison.Ordinal);
            if (view.Changes.Any(change => change.Id == "ring.req_event"))
            {
                Assert.EndsWith(Whole(view.Ring.ReqEvent), Label(scene, "req_event").Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(2048, "0x5A21000 → sector 2048")]
    [InlineData(4_194_304, "0x5A21000 → 4194304")]
    [InlineData(281_474_976_710, "0x5A21000 → …6710")]
    public void The_line_of_the_DMA_engine_says_the_sector(long sector, string words)
    {
        var view = StageSamples.Of("5.3");
        view = view with
        {
            Stage = view.Stage with { Dma = view.Stage.Dma with { Sector = (ulong)sector, ToMemory = false } },
        };
        var texts = SceneLayout.Build(view, SceneSize.Low).Nodes.Single(node => node.Key == "dma").Marks
            .OfType<TextMark>();
        Assert.Contains(words, texts.Select(text => text.Text));
    }

    // Two flags on each side, both changed: whole, inside of the ring's box, apart, and no pole crosses a label.
    private static void Expect(SessionView sample, uint one, uint other)
    {
        ChangeView[] changes =
        [
            .. ((string[])["req_prod", "rsp_event"]).Zip((uint[])[one, other], Change),
            .. ((string[])["rsp_prod", "req_event"]).Zip((uint[])[one, other], Change),
        ];
        var view = sample with
        {
            Ring = sample.Ring with { ReqProd = one, RspEvent = other, RspProd = one, ReqEvent = other },
            Changes = [.. changes],
        };
        var scene = SceneLayout.Build(view, SceneSize.Low);
        foreach (var names in (string[][])[["req_prod", "rsp_event"], ["rsp_prod", "req_event"]])
        {
            var boxes = names.Select(name => SceneBoxes.Of(Flag(scene, name), Label(scene, name), SceneSize.Low))
                .ToArray();
            foreach (var (box, number) in boxes.Zip((uint[])[one, other]))
            {
                Assert.True(box.Left >= 556 && box.Right <= 1044, $"{box}");
                Assert.EndsWith(Whole(number) + "'", box.What, StringComparison.Ordinal);
            }

            Assert.False(boxes[0].Overlaps(boxes[1]), $"{boxes[0]} on {boxes[1]}");
            var far = Math.Abs(boxes[0].Top - 162) > Math.Abs(boxes[1].Top - 162) ? 0 : 1;
            var (pole, node, near) = (Flag(scene, names[far]).ShiftX, Flag(scene, names[1 - far]), boxes[1 - far]);
            var behind = Math.Abs(pole - node.ShiftX) < 70
                && node.Marks.OfType<RectMark>().Any(rect => rect.Class == "cell");
            Assert.True(
                behind || pole.Equals(node.ShiftX) || pole < near.Left || pole > near.Right,
                $"the pole at {pole} through {near}");
        }
    }

    private static ChangeView Change(string name, uint value) =>
        new("ring." + name, Whole(unchecked(value - 1)), Whole(value));

    private static SceneNode Flag(Scene scene, string name) => scene.Nodes.Single(node => node.Key == "flag-" + name);

    private static TextMark Label(Scene scene, string name) =>
        Assert.Single(Flag(scene, name).Marks.OfType<TextMark>());

    private static string Whole(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
