using XenViz.Conformance;

namespace XenViz.Core.Tests.Conformance;

/// <summary>The ring model against traces of C code that was compiled with Xen's own <c>io/ring.h</c>.</summary>
public sealed class ReplayerTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xenviz-replayer-");

    static string Golden => TestData.PathOf("ring-traces");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_golden_ring_traces_replay_without_a_difference()
    {
        var result = Replayer.Replay([Golden], only: null);

        Assert.Empty(result.Reports);
        Assert.Equal((12, 6000, 0), (result.Traces, result.Operations, result.Mismatches));
        Assert.True(result.Passed);
    }

    [Theory]
    [InlineData("\"ret\":1", "\"ret\":0", "ret: expected 0, was 1")]
    [InlineData("\"sh\":[2,1,0,1]", "\"sh\":[2,1,0,2]", "sh: expected [2, 1, 0, 2], was [2, 1, 0, 1]")]
    [InlineData("\"fr\":[2,0]", "\"fr\":[3,0]", "fr: expected [3, 0], was [2, 0]")]
    [InlineData("\"bk\":[0,0]", "\"bk\":[0,1]", "bk: expected [0, 1], was [0, 0]")]
    [InlineData("\"fnv\":2312706875", "\"fnv\":2312706876", "fnv: expected 2312706876, was 2312706875")]
    public void A_changed_promise_is_one_mismatch(string was, string becomes, string report)
    {
        var lines = File.ReadAllLines(Path.Combine(Golden, "t08-roguefront.jsonl"));
        Assert.Contains(was, lines[3], StringComparison.Ordinal);
        lines[3] = lines[3].Replace(was, becomes, StringComparison.Ordinal);

        var result = Replay(lines);

        Assert.Equal((1, 500, 1), (result.Traces, result.Operations, result.Mismatches));
        Assert.EndsWith($"trace.jsonl:4: {report}", Assert.Single(result.Reports), StringComparison.Ordinal);
        Assert.False(result.Passed);
    }

    [Theory]
    [InlineData("{\"i\":0")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"i\":-1,\"op\":\"front_push\"}")]
    [InlineData("{\"i\":0,\"op\":\"front_push\",\"args\":{}}")]
    [InlineData("{\"i\":0,\"op\":\"fly\",\"args\":{},\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":7,\"args\":{},\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":\"poke\",\"args\":{\"field\":\"pvt\",\"value\":1},\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":\"poke\",\"args\":{\"field\":\"req_prod\",\"value\":4294967296},\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":\"front_put\",\"args\":{\"operation\":0,\"nr_segments\":1,\"handle\":0,\"id\":0," +
        "\"sector_number\":0,\"seg\":[]},\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":\"front_put\",\"args\":{\"operation\":0,\"nr_segments\":1,\"handle\":0,\"id\":0," +
        "\"sector_number\":0,\"seg\":[[1,2]]},\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":\"front_set_rsp_event\",\"args\":7,\"ret\":null}")]
    [InlineData("{\"i\":0,\"op\":\"front_free\",\"args\":{},\"ret\":32,\"sh\":[0,1,0],\"fr\":[0,0],\"bk\":[0,0]," +
        "\"fnv\":0}")]
    public void A_malformed_line_is_reported_with_its_place(string line)
    {
        var lines = File.ReadAllLines(Path.Combine(Golden, "t01-lockstep.jsonl"));
        var result = Replay(lines[0].Replace("\"ops\":500", "\"ops\":1", StringComparison.Ordinal), line);

        Assert.Equal(1, result.Mismatches);
        Assert.Contains("trace.jsonl:2: ", Assert.Single(result.Reports), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0000\u0001\u0002")]
    [InlineData("null")]
    [InlineData("{\"format\":\"xenviz-ring-trace-2\"}")]
    [InlineData("{\"format\":7}")]
    [InlineData("{\"format\":\"xenviz-ring-trace-1\"}")]
    [InlineData("{\"format\":\"xenviz-ring-trace-1\",\"pages\":0,\"start\":0}")]
    [InlineData("{\"format\":\"xenviz-ring-trace-1\",\"pages\":100000000,\"start\":0}")]
    public void A_malformed_header_is_one_mismatch(string header)
    {
        var result = Replay(header);
        Assert.Equal((1, 0, 1), (result.Traces, result.Operations, result.Mismatches));
    }

    [Fact]
    public void An_empty_file_a_missing_path_and_nothing_at_all_do_not_pass()
    {
        Assert.False(Replay().Passed);
        Assert.Equal(1, Replayer.Replay([Path.Combine(_folder.FullName, "none")], only: null).Mismatches);
        Assert.False(Replayer.Replay([_folder.CreateSubdirectory("empty").FullName], null).Passed);
    }

    [Fact]
    public void A_trace_that_ends_early_is_a_mismatch()
    {
        var lines = File.ReadAllLines(Path.Combine(Golden, "t01-lockstep.jsonl"));
        var result = Replay(lines[..^1]);

        Assert.Contains("promises 500 operations, the file has 499", Assert.Single(result.Reports),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_of_another_kind_counts_unless_it_is_left_out()
    {
        const string FileHeader = "{\"trace\":\"x\",\"model\":\"unheard-of\"}";
        Assert.Equal(1, Replay(FileHeader).Mismatches);

        File.WriteAllLines(Path.Combine(_folder.FullName, "trace.jsonl"), ["{\"model\":\"evt\",\"domains\":[]}"]);
        var left = Replayer.Replay([_folder.FullName, Golden], TraceKind.Ring);
        Assert.Equal((12, 6000, 0), (left.Traces, left.Operations, left.Mismatches));
    }

    ReplayResult Replay(params string[] lines)
    {
        File.WriteAllLines(Path.Combine(_folder.FullName, "trace.jsonl"), lines);
        return Replayer.Replay([_folder.FullName], only: null);
    }
}
