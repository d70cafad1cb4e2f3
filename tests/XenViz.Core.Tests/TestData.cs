namespace XenViz.Core.Tests;

/// <summary>Reads the files of <c>Data/</c>, which the build copies beside the tests.</summary>
static class TestData
{
    /// <summary>The full path of a file or folder of <c>Data/</c>.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);
}
