namespace XenViz.Core.Events;

/// <summary>The right of a device on a frame.</summary>
public enum DeviceAccess : byte
{
    /// <summary>No entry.</summary>
    None,

    /// <summary>The device may read.</summary>
    Read,

    /// <summary>The device may read and write.</summary>
    ReadWrite,
}
