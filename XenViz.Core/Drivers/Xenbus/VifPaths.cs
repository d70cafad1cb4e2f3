using XenViz.Core.Abi;
using XenViz.Core.Devices;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The two directories of one virtual network interface.</summary>
/// <param name="Guest">The frontend's domain.</param>
/// <param name="Driver">The backend's domain.</param>
public sealed record VifPaths(DomId Guest, DomId Driver)
{
    /// <summary>The frontend's directory.</summary>
    public string Front => $"/local/domain/{Guest}/device/vif/0";

    /// <summary>The backend's directory.</summary>
    public string Back => $"/local/domain/{Driver}/backend/vif/{Guest}/0";

    /// <summary>The home of a domain, which it may read and the toolstack owns.</summary>
    public static XenStore Home(XenStore store, DomId domain)
    {
        var dom0 = new DomId(0);
        var path = XenStorePath.Home(domain);
        return store.Mkdir(dom0, path).After.Permit(
            dom0, path, new StorePermissions(dom0, StoreAccess.None, [(domain, StoreAccess.Read)])).After;
    }

    /// <summary>Both directories as the toolstack makes them; each end watches the other's state.</summary>
    /// <param name="store">A store with the homes of both domains.</param>
    /// <param name="mac">The frontend's Ethernet address.</param>
    public XenStore Create(XenStore store, string mac)
    {
        var dom0 = new DomId(0);
        (string Path, DomId Owner, DomId Reader)[] ends = [(Front, Guest, Driver), (Back, Driver, Guest)];
        foreach (var (path, owner, reader) in ends)
        {
            store = store.Mkdir(dom0, path).After.Permit(
                dom0, path, new StorePermissions(owner, StoreAccess.None, [(reader, StoreAccess.Read)])).After;
        }

        (string Path, string Value)[] keys =
        [
            (Front + "/backend", Back), (Front + "/backend-id", Driver.ToString()), (Front + "/handle", "0"),
            (Front + "/mac", mac), (Front + "/mtu", "1500"), (Front + "/state", "1"),
            (Back + "/frontend", Front), (Back + "/frontend-id", Guest.ToString()), (Back + "/online", "1"),
            (Back + "/handle", "0"), (Back + "/mac", mac), (Back + "/bridge", "xenbr0"),
            (Back + "/script", "vif-bridge"), (Back + "/state", "1"),
        ];
        foreach (var (path, value) in keys)
        {
            store = store.Write(dom0, path, value).After;
        }

        return store.Watch(Guest, Back + "/state", VbdPaths.OtherEnd).After
            .Watch(Driver, Front + "/state", VbdPaths.OtherEnd).After;
    }
}
