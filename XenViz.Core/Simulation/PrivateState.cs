namespace XenViz.Core.Simulation;

/// <summary>
/// State that belongs to one party alone (a driver's variables, a device's registers), as an immutable value. Its type
/// is defined where its owner is; the machine only keeps, compares and hashes it.
/// </summary>
public abstract record PrivateState
{
    /// <summary>Adds everything that can influence later steps.</summary>
    public abstract void AddTo(ref Hasher hasher);
}
