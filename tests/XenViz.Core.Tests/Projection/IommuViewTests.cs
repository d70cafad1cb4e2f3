using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Core.Tests.Projection;

/// <summary>The entries of the IOMMU on screen are those that mapped grants keep.</summary>
public sealed class IommuViewTests
{
    [Fact]
    public void There_is_an_entry_for_every_frame_that_is_mapped_and_for_no_other()
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        engine.Apply(new Command.SetDetail(true, true));
        var most = 0;
        while (engine.View() is var view && view.Run.Position < view.Run.Length)
        {
            Assert.All(view.PageMap.Iommu, entry =>
            {
                Assert.Equal(entry.Dfn, entry.Mfn);
                Assert.True(entry.Readers + entry.Writers > 0);
            });
            most = Math.Max(most, view.PageMap.Iommu.Length);
            if (view.PageMap.Device is { } device)
            {
                var entry = Assert.Single(view.PageMap.Iommu, e => e.Mfn == device.Mfn);
                Assert.Equal(device.Writable, entry.Writers > 0);
            }

            engine.Apply(new Command.Next());
        }

        Assert.True(most > 0);
    }

    [Theory]
    [InlineData("off", true)]
    [InlineData("on", false)]
    public void What_a_device_is_aimed_at_is_on_stage_and_nobody_granted_it(string iommu, bool moves)
    {
        var link = RunLink.Parse($"scenario=dma-attack&iommu={iommu}&work=write:2048/8:Stolen").Link!;
        var engine = SessionEngine.Create(link, null).Engine!;
        engine.Apply(new Command.SetDetail(true, true));
        var (aimed, sent) = (0, false);
        while (engine.View() is var view && view.Run.Position < view.Run.Length)
        {
            if (view.Stage.Data is { Ungranted: true } secret)
            {
                aimed++;
                Assert.Equal((0x5D07ul, "The guest's secret"), (secret.Mfn, secret.Text));
                Assert.Null(view.Stage.DriverWindow);
                Assert.Null(view.Stage.Iommu);
                Assert.Equal(secret.Mfn, view.PageMap.Mfn);
            }

            sent |= view.Stage.Carriers.Any(carrier => carrier.Kind == "dma-out");
            engine.Apply(new Command.Next());
        }

        Assert.True(aimed > 0);
        Assert.Equal(moves, sent);
        Assert.Equal((0x5A21ul, false), (engine.View().Stage.Data!.Mfn, engine.View().Stage.Data!.Ungranted));
    }

    [Fact]
    public void Without_an_IOMMU_there_are_none()
    {
        var engine = SessionEngine.Create(new RunParameters { Iommu = "off" }, null).Engine!;
        for (var at = 0; at <= engine.View().Run.Length; at++)
        {
            engine.Apply(new Command.Seek(at));
            Assert.Empty(engine.View().PageMap.Iommu);
        }

        Assert.Equal("off", engine.View().PageMap.IommuMode);
    }
}
