using XenViz.Core.Abi;
using XenViz.Core.Devices;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The two directories of one virtual network interface.</summary>
/// <param name="Guest">The frontend's domain.</param>
/// <param name="Driver">The backend's domain.</param>
/// <param name="Mac">The interface's Ethernet address, as <c>00:16:3e:00:00:05</c>.</param>
public sealed record VifPaths(DomId Guest, DomId Driver, string Mac) : DevicePaths(Guest, Driver)
{
    /// <summary>What the hotplug script writes when the interface is on its bridge.</summary>
    public const string Plugged = "connected";

    /// <inheritdoc/>
    public override string Front => $"/local/domain/{Guest}/device/vif/0";

    /// <inheritdoc/>
    public override string Back => $"/local/domain/{Driver}/backend/vif/{Guest}/0";

    /// <summary>The backend's key that the hotplug script writes.</summary>
    public string Hotplug => Back + "/hotplug-status";

    /// <summary>The keys of the frontend's directory as the toolstack makes it.</summary>
    public (string Path, string Value)[] FrontKeys =>
    [
        (Front + "/backend", Back), (Front + "/backend-id", Driver.ToString()), (Front + "/handle", "0"),
        (Front + "/mac", Mac), (Front + "/mtu", "1500"), (Front + "/state", "1"),
    ];

    /// <summary>The keys of the backend's directory as the toolstack makes it.</summary>
    public (string Path, string Value)[] BackKeys =>
    [
        (Back + "/frontend", Front), (Back + "/frontend-id", Guest.ToString()), (Back + "/online", "1"),
        (Back + "/handle", "0"), (Back + "/mac", Mac), (Back + "/bridge", "xenbr0"), (Back + "/script", "vif-bridge"),
        (Back + "/state", "1"),
    ];

    /// <summary>The home of a domain, which it may read and the toolstack owns.</summary>
    public static XenStore Home(XenStore store, DomId domain)
    {
        var dom0 = new DomId(0);
        var path = XenStorePath.Home(domain);
        return store.Mkdir(dom0, path).After.Permit(
            dom0, path, new StorePermissions(dom0, StoreAccess.None, [(domain, StoreAccess.Read)])).After;
    }

    /// <summary>The store with the watches of both ends.</summary>
    public XenStore Watched(XenStore store)
    {
        store = store.Watch(Guest, "device", "device").After;
        return WatchBack(store.Watch(Guest, Back + "/state", VbdPaths.OtherEnd).After);
    }

    /// <inheritdoc/>
    public override XenStore WatchBack(XenStore store) => store.Watch(Driver, "backend", "backend").After
        .Watch(Driver, Front + "/state", VbdPaths.OtherEnd).After
        .Watch(Driver, Hotplug, "hotplug-status").After;

    /// <summary>Both directories as the toolstack and the hotplug script make them; each end watches the other's state.
    /// </summary>
    /// <param name="store">A store with the homes of both domains.</param>
    public XenStore Create(XenStore store)
    {
        var dom0 = new DomId(0);
        (string Path, DomId Owner, DomId Reader)[] ends = [(Front, Guest, Driver), (Back, Driver, Guest)];
        foreach (var (path, owner, reader) in ends)
        {
            store = store.Mkdir(dom0, path).After.Permit(
                dom0, path, new StorePermissions(owner, StoreAccess.None, [(reader, StoreAccess.Read)])).After;
        }

        foreach (var (path, value) in (ReadOnlySpan<(string, string)>)[.. FrontKeys, .. BackKeys, (Hotplug, Plugged)])
        {
            store = store.Write(dom0, path, value).After;
        }

        return Watched(store);
    }
}
