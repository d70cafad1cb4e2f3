using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Core.Tests.Projection;

/// <summary>Runs in which something ends or is another way can be shown and told at every position.</summary>
public sealed class EndingViewTests
{
    [Fact]
    public void A_death_that_is_told_in_one_has_words_too()
    {
        var engine = SessionEngine.Create(RunLink.Parse("scenario=reconnect").Link!, null).Engine!;
        while (engine.View().Run.Position < engine.View().Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            var told = engine.View().Narration;
            Assert.True(told.Caption.Length > 0 && told.Why.Length > 0, told.Number);
        }
    }

    [Theory]
    [InlineData("scenario=reconnect")]
    [InlineData("scenario=reconnect&path=persistent&depth=2&segments=1&work=write:2048/24:x&crash=1")]
    [InlineData("scenario=disconnect")]
    [InlineData("scenario=revoke")]
    [InlineData("scenario=overflow")]
    [InlineData("scenario=overflow&slots=32")]
    [InlineData("scenario=dma-attack&work=write:2048:x")]
    [InlineData("scenario=dma-attack&work=write:2048:x&iommu=off")]
    [InlineData("iommu=dom0-relaxed")]
    [InlineData("bounce=on&op=read")]
    [InlineData("notify=sync")]
    [InlineData("events=fifo")]
    [InlineData("scenario=connect&events=fifo&queues=2")]
    [InlineData("scenario=reconnect&events=fifo&depth=2&segments=1&work=write:2048/24:x&crash=1")]
    [InlineData("scenario=disconnect&events=fifo")]
    [InlineData("scenario=overflow&events=fifo")]
    [InlineData("scenario=net-guests&events=fifo")]
    [InlineData("scenario=net-rx&events=fifo")]
    [InlineData("scenario=workload&queues=4&depth=4&segments=1&events=fifo&priority=0&work=read:0/32")]
    public void Every_position_has_a_number_a_caption_and_a_why(string link)
    {
        var (parsed, wrong) = RunLink.Parse(link);
        Assert.Null(wrong);
        var engine = SessionEngine.Create(parsed!, null).Engine!;
        Assert.Null(engine.Apply(new Command.SetDetail(true, true)));
        var length = engine.View().Run.Length;
        for (var position = 0; position <= length; position++)
        {
            Assert.Null(engine.Apply(new Command.Seek(position)));
            var view = engine.View();
            Assert.True(view.Narration.Caption.Length > 0 && view.Narration.Why.Length > 0,
                $"{position}: {view.Narration.Number}");
            Assert.DoesNotContain('{', view.Narration.Caption + view.Narration.Why);
            Assert.Equal(view.Cost.SoFar, view.Cost.Rows.Sum(r => r.SoFar));
        }
    }
}
