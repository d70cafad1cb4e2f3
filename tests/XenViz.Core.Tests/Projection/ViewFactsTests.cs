using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

public sealed class ViewFactsTests
{
    [Fact]
    public void A_run_differs_from_itself_in_nothing()
    {
        foreach (var position in new[] { 0, 20, 40, 99 })
        {
            Assert.Empty(ViewFacts.Between(At("", position), At("", position)));
        }
    }

    [Fact]
    public void A_copied_page_has_no_mapping_and_no_window()
    {
        const string work = "&work=write:2048:Hello";
        var mapped = Run("scenario=workload" + work);
        var copied = Run("scenario=workload&path=copy" + work);
        for (var step = 0; step < 4; step++)
        {
            mapped.Apply(new Command.NextNumbered());
            copied.Apply(new Command.NextNumbered());
        }

        var found = ViewFacts.Between(mapped.View(), copied.View()).ToDictionary(one => one.Id);
        Assert.Contains(found.Keys, id => id.StartsWith("mapping.", StringComparison.Ordinal));
        Assert.EndsWith(" ro", found["pte"].Before, StringComparison.Ordinal);
        Assert.Equal("", found["pte"].After);
        Assert.Equal(("0x000D", "0x0005"), (found["grant.9.flags"].Before, found["grant.9.flags"].After));
        Assert.DoesNotContain("ring.req_prod", found.Keys);
    }

    [Fact]
    public void Of_a_page_that_one_run_does_not_have_yet_nothing_but_its_being_there_is_told()
    {
        const string many = "scenario=workload&depth=4&work=write:2048:One&work=write:2056:Two";
        var (early, late) = (At(many, 0), At(many, 85));
        var found = ViewFacts.Between(late, early).ToDictionary(one => one.Id);
        Assert.Contains("One", found["data"].Before, StringComparison.Ordinal);
        Assert.Contains("zeros", found["data"].After, StringComparison.Ordinal);
        Assert.DoesNotContain("iommu", found.Keys);
        Assert.DoesNotContain("pte", found.Keys);
    }

    [Fact]
    public void Whose_page_the_device_reaches_differs_between_map_and_copy()
    {
        const string work = "&work=write:2048:Hello";
        var map = Run("scenario=workload&at=88" + work).View();
        var copy = Run("scenario=workload&path=copy" + work);
        while (copy.View().Stage.OwnPage is null)
        {
            copy.Apply(new Command.Next());
        }

        var found = ViewFacts.Between(map, copy.View()).ToDictionary(one => one.Id);
        Assert.Equal(("no entry", "its own page"), (found["iommu"].Before, found["iommu"].After));
    }

    [Fact]
    public void What_the_device_is_at_and_who_sleeps_differ()
    {
        var found = ViewFacts.Between(At("", 43), At("", 48)).ToDictionary(one => one.Id);
        Assert.Equal(
            ("command waits, 0x5A21000", "checks the address, 0x5A21000"), (found["dma"].Before, found["dma"].After));
        found = ViewFacts.Between(At("", 41), At("", 99)).ToDictionary(one => one.Id);
        Assert.Equal(("awake", "asleep"), (found["vcpu.2"].Before, found["vcpu.2"].After));
    }

    [Fact]
    public void Left_and_right_change_places()
    {
        var (a, b) = (At("", 41), At("op=read", 60));
        var there = ViewFacts.Between(a, b).ToDictionary(one => one.Id, one => (one.Before, one.After));
        var back = ViewFacts.Between(b, a).ToDictionary(one => one.Id, one => (one.After, one.Before));
        Assert.NotEmpty(there);
        Assert.Equal(there, back);
    }

    [Fact]
    public void What_a_step_changed_is_what_differs_before_and_after_it()
    {
        var engine = Run("");
        engine.Apply(new Command.SetDetail(true, true));
        while (engine.View().Run.Position < engine.View().Run.Length)
        {
            var before = engine.View();
            engine.Apply(new Command.Next());
            var after = engine.View();
            var differs = ViewFacts.Between(before, after).Select(one => one.Id).ToHashSet();
            foreach (var change in after.Changes.Where(c => c.Id.StartsWith("ring.", StringComparison.Ordinal)
                || c.Id.StartsWith("front.", StringComparison.Ordinal)
                || c.Id.StartsWith("pin.", StringComparison.Ordinal)))
            {
                Assert.Contains(change.Id, differs);
            }
        }
    }

    private static SessionView At(string link, int position)
    {
        var engine = Run(link);
        engine.Apply(new Command.Seek(Math.Min(position, engine.View().Run.Length)));
        return engine.View();
    }

    private static SessionEngine Run(string link) => SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
}
