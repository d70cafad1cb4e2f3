using System.Reflection;
using System.Text.RegularExpressions;
using XenViz.Core.Commands;
using XenViz.Core.Projection;
using XenViz.Server.Hubs;

namespace XenViz.Server.Tests.Hubs;

/// <summary>docs/hub.md says what the hub does, all of it, and its client works.</summary>
public sealed partial class HubDocumentTests
{
    private static readonly string Document = File.ReadAllText(Find("docs/hub.md"));

    [Fact]
    public async Task The_client_in_the_document_is_the_one_that_is_compiled_and_plays_the_figure()
    {
        var source = await File.ReadAllTextAsync(
            Find("tests/XenViz.Server.Tests/Hubs/DocumentedClient.cs"), TestContext.Current.CancellationToken);
        var sample = Unindent(source.Split("        // sample\n")[1]);
        Assert.Contains(sample, Document, StringComparison.Ordinal);
        await using var host = ServerHost.StartReal();
        var captions = await DocumentedClient.PlayAsync(host.Address);
        Assert.Equal(8, captions.Count);
        Assert.StartsWith("7.10 ", captions[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_method_of_the_hub_is_in_the_document()
    {
        var methods = typeof(MachineHub)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsVirtual || method.GetBaseDefinition() == method)
            .Select(method => method.Name)
            .Append(nameof(IMachineClient.Frame));
        Assert.All(methods, name => Assert.Contains($"| `{name}`", Document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_and_every_error_code_is_in_the_document()
    {
        var (_, error) = new CommandDto("no-such-command").ToCommand();
        const string before = "Send one of";
        var listed = error!.Message[(error.Message.IndexOf(before, StringComparison.Ordinal) + before.Length)..];
        var kinds = Word().Matches(listed);
        Assert.True(kinds.Count >= 14);
        Assert.All(kinds, kind => Assert.Contains($"| `{kind.Value}`", Document, StringComparison.Ordinal));
        var codes = typeof(CommandErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.Contains($"| `{code}`", Document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_part_of_a_view_is_in_the_document()
    {
        var parts = typeof(SessionView).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(part => char.ToLowerInvariant(part.Name[0]) + part.Name[1..]);
        Assert.All(parts, part => Assert.Contains($"| `{part}`", Document, StringComparison.Ordinal));
    }

    private static string Unindent(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Length >= 8 ? line[8..] : line)).Trim('\n');

    private static string Find(string path)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, path)))
            {
                return Path.Combine(at.FullName, path);
            }
        }

        throw new FileNotFoundException(path);
    }

    [GeneratedRegex(@"\b[a-z][A-Za-z]+\b")]
    private static partial Regex Word();
}
