namespace XenViz.Core.Abi.Io;

/// <summary>The <c>state</c> key of one end of a split device (<c>enum xenbus_state</c>).</summary>
public enum XenbusState : int
{
    /// <summary>The node is absent or cannot be read.</summary>
    [Cites("io/xenbus.h XenbusStateUnknown")]
    Unknown = 0,

    /// <summary>The toolstack made the node; the driver is not ready.</summary>
    [Cites("io/xenbus.h XenbusStateInitialising")]
    Initialising = 1,

    /// <summary>Backend: the offers are published, it waits for the frontend.</summary>
    [Cites("io/xenbus.h XenbusStateInitWait")]
    InitWait = 2,

    /// <summary>Ready to connect: ring and port are published.</summary>
    [Cites("io/xenbus.h XenbusStateInitialised")]
    Initialised = 3,

    /// <summary>In use.</summary>
    [Cites("io/xenbus.h XenbusStateConnected")]
    Connected = 4,

    /// <summary>One side wants to stop.</summary>
    [Cites("io/xenbus.h XenbusStateClosing")]
    Closing = 5,

    /// <summary>Everything is given back.</summary>
    [Cites("io/xenbus.h XenbusStateClosed")]
    Closed = 6,

    /// <summary>A change is under way.</summary>
    [Cites("io/xenbus.h XenbusStateReconfiguring")]
    Reconfiguring = 7,

    /// <summary>A change is done.</summary>
    [Cites("io/xenbus.h XenbusStateReconfigured")]
    Reconfigured = 8,
}
