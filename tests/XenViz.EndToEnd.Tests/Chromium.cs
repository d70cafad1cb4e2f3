using Microsoft.Playwright;

namespace XenViz.EndToEnd.Tests;

/// <summary>
/// The machine's own Chromium, looked up on the PATH; first the one without windows, which is lighter.
/// </summary>
internal static class Chromium
{
    private static readonly string[] Names =
    [
        "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    ];

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    /// <summary>True when there is one.</summary>
    public static bool IsInstalled => Search() is not null;

    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Find(), Args = Flags });

    private static string Find() => Search()
        ?? throw new InvalidOperationException("No Chromium on the PATH. Debian: apt-get install chromium");

    private static string? Search()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
