using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace XenViz.Server.Tests;

/// <summary>
/// The browser fetches every assembly that is listed before it starts, needed or not. XenViz.Client/Unreached.props
/// leaves out what no assembly leads to; these say when it is out of date.
/// </summary>
public sealed class BrowserAssembliesTests(ServerHost host) : IClassFixture<ServerHost>
{
    // What the runtime itself, or an attribute alone, asks for.
    private static readonly string[] Roots =
    [
        "XenViz.Client", "Microsoft.AspNetCore.Components.WebAssembly", "System.Private.CoreLib",
        "System.Runtime.InteropServices.JavaScript",
    ];

    // Written for licences of design time alone, which nothing here has.
    private static readonly (string From, string To)[] NeverTaken =
    [
        ("System.ComponentModel.TypeConverter", "System.Xml.XDocument"),
    ];

    [Fact]
    public async Task The_browser_fetches_what_it_can_reach_and_nothing_else()
    {
        var listed = await ListedAsync();
        var reached = Reached();
        Assert.Empty(reached.Except(listed));
        Assert.Empty(listed.Except(reached));
    }

    [Fact]
    public async Task The_browser_s_runtime_optimizes_and_fetches_no_symbols()
    {
        using var boot = await BootAsync();
        Assert.Equal(0, boot.RootElement.GetProperty("debugLevel").GetInt32());
        Assert.False(boot.RootElement.GetProperty("resources").TryGetProperty("pdb", out _));
    }

    private async Task<HashSet<string>> ListedAsync()
    {
        using var boot = await BootAsync();
        var resources = boot.RootElement.GetProperty("resources");
        return
        [
            .. new[] { "coreAssembly", "assembly" }
                .SelectMany(kind => resources.GetProperty(kind).EnumerateArray())
                .Select(each => Path.GetFileNameWithoutExtension(each.GetProperty("virtualPath").GetString()!)),
        ];
    }

    private async Task<JsonDocument> BootAsync()
    {
        using var client = host.CreateClient();
        var script = await client.GetStringAsync(
            new Uri("/_framework/dotnet.js", UriKind.Relative), TestContext.Current.CancellationToken);
        const string start = "/*json-start*/";
        var from = script.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return JsonDocument.Parse(script[from..script.IndexOf("/*json-end*/", StringComparison.Ordinal)]);
    }

    // From the roots along all references to assemblies that are there: what the framework adds for others is not.
    private static HashSet<string> Reached()
    {
        HashSet<string> reached = [.. Roots];
        Queue<string> open = new(Roots);
        while (open.TryDequeue(out var from))
        {
            foreach (var to in References(from).Where(to => !NeverTaken.Contains((from, to)) && reached.Add(to)))
            {
                open.Enqueue(to);
            }
        }

        return reached;
    }

    private static string[] References(string name)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(BrowserSide(), name + ".dll")));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences
                .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)),
        ];
    }

    // The client's own output, with the framework that the browser gets, beside this project's.
    private static string BrowserSide()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "XenViz.Client", "bin", here.Parent!.Name, here.Name);
    }
}
