namespace XenViz.Server.Storage;

/// <summary>
/// The directory for everything that outlives the process: <c>XenViz:DataDirectory</c>, or a folder of the user's local
/// application data. Made on the first start. Where it cannot be used, the host runs on without it and says so.
/// </summary>
public sealed class DataDirectory
{
    /// <summary>The setting's name.</summary>
    public const string Setting = "XenViz:DataDirectory";

    private readonly ILogger logger;

    /// <summary>Makes the directory where it is missing, and tries to write to it.</summary>
    public DataDirectory(IConfiguration configuration, IHostEnvironment environment, ILogger<DataDirectory> logger)
    {
        this.logger = logger;
        Wanted = Path.Combine(environment.ContentRootPath, configuration[Setting] is { Length: > 0 } name
            ? name
            : DefaultFolder());
        try
        {
            Root = Directory.CreateDirectory(Wanted);
            var probe = Path.Combine(Wanted, $".probe-{Guid.NewGuid():N}");
            using var written = new FileStream(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            written.WriteByte(0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            GiveUp(error.Message);
        }
    }

    /// <summary>The directory that was asked for.</summary>
    public string Wanted { get; }

    /// <summary>The directory, or null when it cannot be used.</summary>
    public DirectoryInfo? Root { get; private set; }

    /// <summary>The database's file, or null when there is none.</summary>
    public string? Database => Root is null ? null : Path.Combine(Root.FullName, "xenviz.db");

    /// <summary>Goes on without the directory and says so once.</summary>
    /// <param name="reason">What is wrong with it, for the log.</param>
    public void GiveUp(string reason)
    {
        Root = null;
        logger.LogWarning(
            "The data directory {Directory} cannot be used: {Reason} Sessions are kept in memory only and end with "
            + "this process; images cannot be uploaded. Make the directory writable, or name "
            + "another one with {Setting}.",
            Wanted, reason, Setting);
    }

    private static string DefaultFolder()
    {
        var local = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length == 0 ? "data" : Path.Combine(local, "XenViz");
    }
}
