namespace XenViz.EndToEnd.Tests;

/// <summary>Where the built server lies: beside this test project, in the same configuration.</summary>
internal static class SourceTree
{
    private static readonly string Root = FindRoot();

    // .../tests/XenViz.EndToEnd.Tests/bin/Release/net10.0/
    private static readonly string Configuration =
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    public static string ServerFolder => Path.Combine(Root, "XenViz.Server");

    public static string ServerDll =>
        Path.Combine(ServerFolder, "bin", Configuration, "net10.0", "XenViz.Server.dll");

    /// <summary>The approved pictures of the stage.</summary>
    public static string Approved => Path.Combine(Root, "tests", "XenViz.EndToEnd.Tests", "Approved");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "XenViz.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("No XenViz.sln above the tests.");
        }

        return folder.FullName;
    }
}
