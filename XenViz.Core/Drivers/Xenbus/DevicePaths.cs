using XenViz.Core.Abi;
using XenViz.Core.Devices;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The two directories of one split device.</summary>
/// <param name="Guest">The frontend's domain.</param>
/// <param name="Driver">The backend's domain.</param>
public abstract record DevicePaths(DomId Guest, DomId Driver)
{
    /// <summary>The frontend's directory.</summary>
    public abstract string Front { get; }

    /// <summary>The backend's directory.</summary>
    public abstract string Back { get; }

    /// <summary>The store with the watches of the driver domain. A watch on a path that is not there yet is allowed.
    /// </summary>
    public abstract XenStore WatchBack(XenStore store);
}
