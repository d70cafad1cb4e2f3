namespace XenViz.Tidy.Tests;

/// <summary>The files that people write, found by walking up to XenViz.sln.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = ["bin", "obj", ".git", "artifacts", "TestResults", "data", "lib"];

    public static string Root { get; } = FindRoot();

    /// <summary>All source files with one of these extensions under a folder, in a stable order.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder, params string[] extensions)
    {
        var start = new DirectoryInfo(Path.Combine(Root, folder));
        return start.Exists
            ? [.. Walk(start, extensions).OrderBy(file => file.Path, StringComparer.Ordinal)]
            : [];
    }

    public static IReadOnlyList<SourceFile> CSharp(string folder = "") => Files(folder, ".cs");

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder, string[] extensions)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => extensions.Contains(file.Extension)))
        {
            yield return new SourceFile(
                Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllLines(file.FullName));
        }

        foreach (var inner in folder.EnumerateDirectories().Where(inner => !Generated.Contains(inner.Name)))
        {
            foreach (var file in Walk(inner, extensions))
            {
                yield return file;
            }
        }
    }

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
