using XenViz.Core.Abi;
using XenViz.Core.Devices;

namespace XenViz.Core.Tests.Devices;

/// <summary>Rules of the store, one line each: who, what, answer.</summary>
public sealed class XenStoreTests
{
    private static readonly DomId Dom0 = new(0);
    private static readonly DomId Guest = new(5);
    private static readonly DomId Driver = new(2);

    // /local/domain/5 belongs to domain 0 and guest may read; .../device belongs to the guest, domain 2 may read.
    private static XenStore Course()
    {
        var store = XenStore.Empty;
        store = Ok(store.Mkdir(Dom0, "/local/domain/5"));
        store = Ok(store.Permit(Dom0, "/local/domain/5", new(Dom0, StoreAccess.None, [(Guest, StoreAccess.Read)])));
        store = Ok(store.Mkdir(Dom0, "/local/domain/5/device"));
        store = Ok(store.Permit(
            Dom0, "/local/domain/5/device", new(Guest, StoreAccess.None, [(Driver, StoreAccess.Read)])));
        return Ok(store.Write(Dom0, "/local/domain/5/device/state", "1"));
    }

    [Theory]
    [InlineData(5, "read",  "/local/domain/5/device/state",  "OK",     "1")]
    [InlineData(5, "read",  "device/state",                  "OK",     "1")]
    [InlineData(2, "read",  "/local/domain/5/device/state",  "OK",     "1")]
    [InlineData(9, "read",  "/local/domain/5/device/state",  "EACCES", null)]
    [InlineData(9, "read",  "/local/domain/5/device/nobody", "EACCES", null)]
    [InlineData(2, "read",  "/local/domain/5/device/nobody", "ENOENT", null)]
    [InlineData(2, "write", "/local/domain/5/device/state",  "EACCES", null)]
    [InlineData(5, "write", "/local/domain/5/device/state",  "OK",     null)]
    [InlineData(5, "write", "/local/domain/5/device/a/b/c",  "OK",     null)]
    [InlineData(5, "write", "/local/domain/5/other",         "EACCES", null)]
    [InlineData(0, "write", "/local/domain/5/other",         "OK",     null)]
    [InlineData(5, "mkdir", "/local/domain/5/device/state",  "OK",     null)]
    [InlineData(5, "list",  "/local/domain/5/device",        "OK",     "state")]
    [InlineData(5, "list",  "/",                             "OK",     "local")]
    [InlineData(5, "list",  "/local/domain",                 "OK",     "5")]
    [InlineData(9, "list",  "/local/domain/5",               "EACCES", null)]
    [InlineData(5, "rm",    "/local/domain/5/device/nobody", "OK",     null)]
    [InlineData(5, "rm",    "/local/domain/5/device/a/b",    "ENOENT", null)]
    [InlineData(2, "rm",    "/local/domain/5/device",        "EACCES", null)]
    [InlineData(0, "rm",    "/",                             "EINVAL", null)]
    [InlineData(5, "perms", "/local/domain/5/device/state",  "OK",     "n5 r2")]
    [InlineData(0, "read",  "",                              "EINVAL", null)]
    [InlineData(0, "read",  "/a//b",                         "EINVAL", null)]
    [InlineData(0, "read",  "/a/",                           "EINVAL", null)]
    [InlineData(0, "read",  "/a b",                          "EINVAL", null)]
    public void An_operation_is_answered_by_who_asks_and_where(
        int domain, string what, string path, string answer, string? value)
    {
        var store = Course();
        var caller = new DomId((ushort)domain);
        var got = what switch
        {
            "read" => store.Read(caller, path),
            "write" => store.Write(caller, path, "2"),
            "mkdir" => store.Mkdir(caller, path),
            "list" => store.Directory(caller, path),
            "rm" => store.Remove(caller, path),
            _ => store.Permissions(caller, path),
        };
        Assert.Equal((answer, value), (XenStore.NameOf(got.Errno), got.Value));
        Assert.Equal(got.Errno != 0, ReferenceEquals(store, got.After) && got.Errno != 0);
    }

    [Fact]
    public void Limits_hold_for_domains_and_not_for_domain_0()
    {
        var store = Course();
        var big = new string('x', XenStore.MaxNodeBytes + 1);
        Assert.Equal("ENOSPC", Name(store.Write(Guest, "device/state", big)));
        Assert.Equal("OK", Name(store.Write(Guest, "device/state", big[1..])));
        Assert.Equal("OK", Name(store.Write(Dom0, "/big", big)));
        Assert.Equal("EINVAL", Name(store.Read(Guest, new string('a', XenStorePath.MaxRelative + 1))));
        Assert.Equal("EINVAL", Name(store.Read(Dom0, "/" + new string('a', XenStorePath.MaxAbsolute))));

        for (var i = 0; i < XenStore.MaxNodes - 2; i++)
        {
            store = Ok(store.Write(Guest, $"device/n{i}", ""));
        }

        Assert.Equal("ENOSPC", Name(store.Write(Guest, "device/one-more", "")));
        Assert.Equal("OK", Name(store.Write(Dom0, "/local/domain/5/one-more", "")));
        for (var i = 0; i < XenStore.MaxWatches; i++)
        {
            store = Ok(store.Watch(Guest, "device", $"t{i}"));
        }

        Assert.Equal("E2BIG", Name(store.Watch(Guest, "device", "one-more")));
        for (var i = 0; i < XenStore.MaxTransactions; i++)
        {
            store = Ok(store.Start(Guest));
        }

        Assert.Equal("ENOSPC", Name(store.Start(Guest)));
        StorePermissions six = new(Guest, StoreAccess.None, [.. Enumerable.Repeat((Driver, StoreAccess.Read), 5)]);
        Assert.Equal("ENOSPC", Name(store.Permit(Guest, "device/state", six)));
    }

    [Theory]
    [InlineData(5, 5, "OK")]
    [InlineData(5, 2, "EPERM")]
    [InlineData(2, 2, "EACCES")]
    [InlineData(0, 2, "OK")]
    public void Only_the_owner_changes_permissions_and_only_domain_0_gives_away(int caller, int owner, string answer)
    {
        var permissions = new StorePermissions(new DomId((ushort)owner));
        var got = Course().Permit(new DomId((ushort)caller), "/local/domain/5/device/state", permissions);
        Assert.Equal(answer, Name(got));
    }

    [Fact]
    public void A_transaction_is_seen_by_nobody_until_it_ends_and_then_at_once()
    {
        var store = Ok(Course().Watch(Driver, "/local/domain/5/device", "w")).TakeEvents(Driver).After;
        var begun = store.Start(Guest);
        var inside = Ok(Ok(begun).Write(Guest, "device/ring-ref", "8", begun.Transaction));
        inside = Ok(inside.Write(Guest, "device/state", "3", begun.Transaction));
        Assert.Equal("3", inside.Read(Guest, "device/state", begun.Transaction).Value);
        Assert.Equal("1", inside.Read(Driver, "/local/domain/5/device/state").Value);
        Assert.Empty(inside.EventsOf(Driver));

        var ended = Ok(inside.End(Guest, begun.Transaction, true));
        Assert.Equal("3", ended.Read(Driver, "/local/domain/5/device/state").Value);
        Assert.Equal(
            ["/local/domain/5/device/ring-ref", "/local/domain/5/device/state"],
            ended.EventsOf(Driver).Select(e => e.Path));
        Assert.Equal("ENOENT", Name(ended.Read(Guest, "device/state", begun.Transaction)));
    }

    [Theory]
    [InlineData("read",  "device/state", "EAGAIN")]
    [InlineData("write", "device/state", "EAGAIN")]
    [InlineData("read",  "device/other", "EAGAIN")]
    [InlineData("list",  "device",       "EAGAIN")]
    [InlineData("read",  "device",       "EAGAIN")]
    [InlineData("write", "device/quiet", "OK")]
    public void A_transaction_ends_with_EAGAIN_when_what_it_looked_at_has_changed(
        string what, string path, string answer)
    {
        var store = Ok(Course().Write(Guest, "device/quiet", ""));
        var begun = store.Start(Guest);
        var open = what switch
        {
            "read" => begun.After.Read(Guest, path, begun.Transaction),
            "list" => begun.After.Directory(Guest, path, begun.Transaction),
            _ => begun.After.Write(Guest, path, "9", begun.Transaction),
        };
        var meanwhile = Ok(open.After.Write(Dom0, "/local/domain/5/device/state", "6"));
        meanwhile = Ok(meanwhile.Write(Dom0, "/local/domain/5/device/other", "1"));
        var ended = meanwhile.End(Guest, begun.Transaction, true);
        Assert.Equal(answer, Name(ended));
        Assert.Equal("6", ended.After["/local/domain/5/device/state"]);
        Assert.Empty(ended.After.Transactions);
    }

    [Fact]
    public void A_watch_fires_once_at_once_then_for_its_path_and_everything_below()
    {
        var store = Ok(Course().Watch(Guest, "device", "mine"));
        store = Ok(store.Watch(Driver, "/local/domain/5/device/state", "theirs"));
        Assert.Equal([new StoreEvent("device", "mine")], store.EventsOf(Guest));
        Assert.Equal("EEXIST", Name(store.Watch(Guest, "device", "mine")));
        store = store.TakeEvents(Guest).After.TakeEvents(Driver).After;

        store = Ok(store.Write(Guest, "device/state", "2"));
        store = Ok(store.Write(Guest, "device/state", "3"));
        store = Ok(store.Write(Guest, "device/x", "3"));
        Assert.Equal([new("device/state", "mine"), new("device/x", "mine")], store.EventsOf(Guest));
        Assert.Equal([new StoreEvent("/local/domain/5/device/state", "theirs")], store.EventsOf(Driver));

        store = Ok(store.TakeEvents(Driver).After.Remove(Dom0, "/local/domain/5"));
        Assert.Equal([new StoreEvent("/local/domain/5/device/state", "theirs")], store.EventsOf(Driver));
        Assert.Equal("ENOENT", Name(store.Unwatch(Guest, "device", "other")));
        Assert.Equal([Driver], Ok(store.Unwatch(Guest, "device", "mine")).Watches.Select(w => w.Domain));
    }

    [Fact]
    public void A_watch_tells_nothing_about_a_node_that_its_owner_may_not_read()
    {
        var stranger = new DomId(9);
        var store = Ok(Course().Watch(stranger, "/local/domain/5/device", "spy")).TakeEvents(stranger).After;
        Assert.Empty(Ok(store.Write(Guest, "device/state", "4")).EventsOf(stranger));
    }

    [Fact]
    public void A_peer_that_rewrites_its_nodes_without_end_fills_a_queue_of_bounded_length_and_nothing_is_missed()
    {
        var store = Ok(Course().Watch(Driver, "/local/domain/5/device", "w"));
        for (var i = 0; i < 500; i++)
        {
            store = Ok(store.Write(Guest, $"device/n{i}", "1"));
        }

        Assert.Equal(XenStore.MaxEvents, store.EventsOf(Driver).Length);
        store = store.TakeEvents(Driver).After;
        Assert.Single(Ok(store.Write(Guest, "device/n1", "2")).EventsOf(Driver));
    }

    [Fact]
    public void A_domain_that_dies_takes_its_watches_and_transactions_along_and_domain_0_hears_of_it()
    {
        var store = Ok(Course().Watch(Dom0, XenStorePath.ReleaseDomain, "died")).TakeEvents(Dom0).After;
        store = Ok(Ok(store.Watch(Guest, "device", "w")).Start(Guest)).Release(Guest);
        Assert.Equal([Dom0], store.Watches.Select(w => w.Domain));
        Assert.Empty(store.Transactions);
        Assert.Empty(store.EventsOf(Guest));
        Assert.Equal([new StoreEvent(XenStorePath.ReleaseDomain, "died")], store.EventsOf(Dom0));
    }

    private static XenStore Ok(StoreAnswer answer)
    {
        Assert.Equal("OK", Name(answer));
        return answer.After;
    }

    private static string Name(StoreAnswer answer) => XenStore.NameOf(answer.Errno);
}
