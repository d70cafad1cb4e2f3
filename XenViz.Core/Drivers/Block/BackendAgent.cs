namespace XenViz.Core.Drivers.Block;

/// <summary>The agents of a world with one frontend and one backend, by their index.</summary>
public static class BackendAgent
{
    /// <summary>The driver domain's vCPU.</summary>
    public const int Index = 1;
}
