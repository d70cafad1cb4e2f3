using System.Text.RegularExpressions;
using XenViz.Conformance;

namespace XenViz.Core.Tests.Conformance;

/// <summary>The grant tables against recordings of Xen's own code.</summary>
public sealed class GrantReplayTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xenviz-grant-");

    static string Golden => TestData.PathOf("grant-traces");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_recordings_replay_without_a_difference()
    {
        var result = Replayer.Replay([Golden], only: null);

        Assert.Empty(result.Reports);
        Assert.Equal((12, 2849, 0), (result.Traces, result.Operations, result.Mismatches));
    }

    [Theory]
    [InlineData("grant-01.jsonl", 11, "\"status\":0", "\"status\":-1", "status: expected -1, was 0")]
    [InlineData("grant-01.jsonl", 11, "\"handle\":248", "\"handle\":249", "out: expected {\"handle\":249")]
    [InlineData("grant-01.jsonl", 11, "[1,8,65,0,0,0,2]", "[1,8,64,0,0,0,2]", "expected pins [1,8,64,0,0,0,2]")]
    [InlineData("grant-01.jsonl", 11, "[2,249,256]", "[2,250,256]", "expected handles [2,250,256]")]
    [InlineData("grant-01.jsonl", 11, "[128,1,66,0]", "[128,1,67,0]", "expected pages [128,1,67,0]")]
    [InlineData("grant-01.jsonl", 11, "\"grant-rw\"", "\"grant-ro\"", "expected physmap [2,760,128,\"grant-ro\"]")]
    [InlineData("grant-01.jsonl", 2, "0100020010000000", "0100020011000000", "expected entries [1,8,\"01000200110")]
    [InlineData("grant-02.jsonl", 7, "\"68656c6c6f\"]]", "\"68656c6c6e\"]]", "expected mem [128,0,\"68656c6c6e\"]")]
    public void A_changed_promise_is_one_mismatch(string file, int line, string was, string becomes, string report)
    {
        var lines = File.ReadAllLines(Path.Combine(Golden, file));
        Assert.Contains(was, lines[line - 1], StringComparison.Ordinal);
        lines[line - 1] = lines[line - 1].Replace(was, becomes, StringComparison.Ordinal);

        var result = Replay(lines);

        Assert.Equal(1, result.Mismatches);
        Assert.Contains($"trace.jsonl:{line}: {report}", Assert.Single(result.Reports), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"i\":0,\"op\":\"gnttab.map\",\"args\":{},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":77,\"op\":\"gnttab.map\",\"args\":{},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"op\":\"gnttab.fly\",\"args\":{},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"op\":\"guest.fly\",\"args\":{},\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"op\":\"gnttab.map\",\"args\":{\"ops\":7},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"op\":\"guest.writePage\",\"args\":{\"gfn\":16,\"off\":4090," +
        "\"hex\":\"00112233445566778899\"},\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"op\":\"guest.writePage\",\"args\":{\"gfn\":16,\"off\":0,\"hex\":\"0\"}," +
        "\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"vcpu\":9,\"op\":\"gnttab.map\",\"args\":{\"dom\":2,\"ref\":1,\"flags\":2," +
        "\"hostPage\":9},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":1,\"op\":\"gnttab.swapGrantRef\",\"args\":{\"refA\":1,\"refB\":1},\"ret\":0," +
        "\"status\":0,\"after\":[]}")]
    public void A_malformed_line_is_reported_with_its_place(string line)
    {
        var lines = File.ReadAllLines(Path.Combine(Golden, "grant-01.jsonl"));
        var result = Replay(lines[0], line);
        Assert.Contains("trace.jsonl:2: ", result.Reports[0], StringComparison.Ordinal);
        Assert.False(result.Passed);
    }

    [Theory]
    [InlineData("\"vcpus\":[0-9]+", "\"vcpus\":2000000000")]
    [InlineData("\"maxGrantFrames\":[0-9]+", "\"maxGrantFrames\":2000000000")]
    [InlineData("\"maxMaptrackFrames\":[0-9]+", "\"maxMaptrackFrames\":-1")]
    public void A_set_up_beyond_all_limits_is_refused_and_not_tried(string was, string becomes)
    {
        var lines = File.ReadAllLines(Path.Combine(Golden, "grant-01.jsonl"));
        var changed = Regex.Replace(lines[0], was, becomes);
        Assert.NotEqual(lines[0], changed);
        var report = Assert.Single(Replay([changed, .. lines[1..]]).Reports);
        Assert.Contains($"trace.jsonl:1: key '{was.Split('"')[1]}' must be", report, StringComparison.Ordinal);
    }

    ReplayResult Replay(params string[] lines)
    {
        File.WriteAllLines(Path.Combine(_folder.FullName, "trace.jsonl"), lines);
        return Replayer.Replay([_folder.FullName], only: null);
    }
}
