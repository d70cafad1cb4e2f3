using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Core.Tests.Feed;

public sealed class BranchTests
{
    [Fact]
    public void A_branch_gets_a_name_and_loses_it_again()
    {
        var engine = Forked();
        var before = Branch(engine, 1).Label;
        Assert.Null(engine.Apply(new Command.NameBranch(1, "  the disk is slow ")));
        Assert.Equal("the disk is slow", Branch(engine, 1).Label);
        Assert.Equal("text", engine.Apply(new Command.NameBranch(1, new string('x', 41)))?.Field);
        Assert.Equal("text", engine.Apply(new Command.NameBranch(1, "a\nb"))?.Field);
        Assert.Equal("branch", engine.Apply(new Command.NameBranch(9, "x"))?.Field);
        engine.Apply(new Command.NameBranch(1, ""));
        Assert.Equal(before, Branch(engine, 1).Label);
    }

    [Fact]
    public void A_deleted_branch_is_out_of_sight_until_it_is_brought_back()
    {
        var engine = Forked();
        engine.Apply(new Command.RunToEnd());
        var fork = Branch(engine, 1);
        Assert.Null(engine.Apply(new Command.DeleteBranch(1)));
        Assert.Equal(0, Assert.Single(engine.View().Timeline.Branches).Id);
        Assert.Equal((0, fork.ForkAt), (engine.View().Run.Branch, engine.View().Run.Position));
        Assert.Equal("branch", engine.Apply(new Command.SwitchBranch(1))?.Field);
        Assert.Equal("branch", engine.Apply(new Command.DeleteBranch(1))?.Field);
        Assert.Null(engine.Apply(new Command.RestoreBranch(1)));
        Assert.Equal(fork, Branch(engine, 1));
        Assert.Equal(1, engine.View().Run.Branch);
        Assert.Equal("branch", engine.Apply(new Command.RestoreBranch(7))?.Field);
    }

    [Fact]
    public void The_first_branch_stays()
    {
        var engine = Forked();
        var error = engine.Apply(new Command.DeleteBranch(0));
        Assert.Equal("branch", error?.Field);
        Assert.Equal(2, engine.View().Timeline.Branches.Length);
    }

    [Fact]
    public void What_forked_from_a_deleted_branch_stays_and_hangs_on_the_one_above()
    {
        var engine = Forked();
        var at = Branch(engine, 1).ForkAt;
        Fork(engine);
        Assert.Equal(1, Branch(engine, 2).Parent);
        Assert.True(Branch(engine, 2).ForkAt > at);
        engine.Apply(new Command.DeleteBranch(1));
        Assert.Equal((0, at), (Branch(engine, 2).Parent, Branch(engine, 2).ForkAt));
        Assert.Equal(2, engine.View().Run.Branch);

        engine.Apply(new Command.NameBranch(2, "mine"));
        var (again, error) = SessionEngine.Restore(engine.Save(), null);
        Assert.Null(error);
        Assert.Equal(engine.View().Timeline.Branches, again!.View().Timeline.Branches);
        Assert.Equal(engine.View().Run.Fingerprint, again.View().Run.Fingerprint);
        Assert.Null(again.Apply(new Command.RestoreBranch(1)));
    }

    [Fact]
    public void Choosing_again_what_was_deleted_brings_it_back()
    {
        var engine = Forked();
        var fork = Branch(engine, 1);
        engine.Apply(new Command.DeleteBranch(1));
        Fork(engine, fork.ForkAt);
        Assert.Equal(fork, Branch(engine, 1));
        Assert.Equal(2, engine.View().Timeline.Branches.Length);
    }

    private static SessionEngine Forked()
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        engine.Apply(new Command.SetDetail(true, true));
        Fork(engine);
        return engine;
    }

    // At the first place from here where somebody else could go.
    private static void Fork(SessionEngine engine, int? at = null)
    {
        if (at is { } there)
        {
            engine.Apply(new Command.Seek(there));
        }

        while (engine.View().Narration.Choices.Length < 2)
        {
            engine.Apply(new Command.Next());
        }

        Assert.Null(engine.Apply(new Command.Choose(engine.View().Narration.Choices.First(c => !c.IsDefault).Agent)));
    }

    private static Core.Projection.BranchView Branch(SessionEngine engine, int id) =>
        engine.View().Timeline.Branches.Single(b => b.Id == id);
}
