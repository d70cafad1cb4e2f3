namespace XenViz.Server.Sessions;

/// <summary>How much of the host sessions may take: the configuration's section <c>XenViz:Sessions</c>.</summary>
public sealed class SessionLimits
{
    /// <summary>The section's name.</summary>
    public const string Section = "XenViz:Sessions";

    /// <summary>Most sessions in memory at once. Each takes some megabytes.</summary>
    public int Active { get; set; } = 200;

    /// <summary>Most sessions kept. When one more is made, the one that was longest unused goes.</summary>
    public int Kept { get; set; } = 5000;

    /// <summary>Minutes without a command after which a session leaves memory, 2 or more. Its recording
    /// stays.</summary>
    public double IdleMinutes { get; set; } = 15;

    /// <summary>Commands a second that a connection may send for long.</summary>
    public double CommandsPerSecond { get; set; } = 60;

    /// <summary>Commands that a connection may send at once.</summary>
    public double CommandBurst { get; set; } = 120;

    /// <summary>Seconds from a change until the recording is saved. An orderly stop saves at once.</summary>
    public double SaveSeconds { get; set; } = 2;
}
