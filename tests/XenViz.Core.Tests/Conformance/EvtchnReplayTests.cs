using XenViz.Conformance;

namespace XenViz.Core.Tests.Conformance;

/// <summary>The event channels against recordings of Xen's own code.</summary>
public sealed class EvtchnReplayTests : IDisposable
{
    const string Header = "{\"model\":\"evt\",\"domains\":[{\"id\":0,\"privileged\":true,\"vcpus\":1,\"bits\":64," +
        "\"maxEvtchnPort\":63,\"masksInitially\":\"clear\",\"nrPirqs\":0,\"pirqAllowed\":[],\"pages\":[]}]}";

    const string Final = "{\"final\":{\"ports\":[{\"dom\":0,\"port\":0,\"state\":\"reserved\",\"vcpu\":0}]}}";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xenviz-evtchn-");

    static string Golden => TestData.PathOf("evtchn-traces");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_recordings_replay_without_a_difference()
    {
        var result = Replayer.Replay([Golden], only: null);

        Assert.Empty(result.Reports);
        Assert.Equal((13, 3549, 0), (result.Traces, result.Operations, result.Mismatches));
    }

    [Theory]
    [InlineData("evtchn-01.jsonl", 4, "\"ret\":0", "\"ret\":-22", "ret: expected -22, was 0")]
    [InlineData("evtchn-01.jsonl", 3, "\"vcpu\":0", "\"vcpu\":1", "out: expected {\"status\":\"unbound\",\"vcpu\":1")]
    [InlineData("evtchn-01.jsonl", 10, "[2,0,\"0000000000000002\"]", "[2,0,\"0000000000000003\"]", "pending: expected")]
    [InlineData("evtchn-01.jsonl", 10, "\"upcall\":[[2,0]]", "\"upcall\":[]", "upcall: expected [], was [[2,0]]")]
    [InlineData("evtchn-01.jsonl", 10, "\"vcpu\":0,\"remoteDom\":1", "\"vcpu\":0,\"remoteDom\":3", "ports: expected")]
    [InlineData("fifo-01.jsonl", 30, "[1,2,\"00000000\"]", "[1,2,\"80000000\"]", "word: expected [[1,2,\"80000000\"]]")]
    [InlineData("fifo-01.jsonl", 30, "{\"7\":1}", "{\"7\":2}", "ctrl: expected [[1,0,0,{\"7\":2}]]")]
    [InlineData("evtchn-03.jsonl", 65, "\"gone\":[2]", "\"gone\":[]", "gone: expected [], was [2]")]
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
    [InlineData("{\"i\":0")]
    [InlineData("[]")]
    [InlineData("{\"i\":0,\"op\":\"evtchn.send\",\"args\":{\"port\":1},\"ret\":-22,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":7,\"op\":\"evtchn.send\",\"args\":{\"port\":1},\"ret\":-22,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"evtchn.fly\",\"args\":{},\"ret\":-22,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"guest.fly\",\"args\":{},\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"evtchn.send\",\"args\":{},\"ret\":-22,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"evtchn.send\",\"args\":{\"port\":1.5},\"ret\":-22,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"evtchn.send\",\"args\":{\"port\":1},\"ret\":-22,\"after\":[]}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"evtchn.send\",\"args\":{\"port\":1},\"ret\":-22,\"after\":{\"x\":[]}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"evtchn.send\",\"args\":{\"port\":1},\"ret\":-22,\"after\":{\"word\":1}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"guest.upcall\",\"args\":{\"vcpu\":1},\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"vcpu\":9,\"op\":\"sched.poll\",\"args\":{\"ports\":[]},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"sched.poll\",\"args\":{\"ports\":[\"x\"]},\"ret\":0,\"after\":{}}")]
    [InlineData("{\"i\":0,\"dom\":0,\"op\":\"xen.notify\",\"args\":{\"dom\":9,\"port\":1},\"after\":{}}")]
    public void A_malformed_line_is_reported_with_its_place(string line)
    {
        var result = Replay(Header, line, Final);
        Assert.Equal(1, result.Mismatches);
        Assert.Contains("trace.jsonl:2: ", Assert.Single(result.Reports), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model\":\"evt\"}")]
    [InlineData("{\"model\":\"evt\",\"domains\":[]}")]
    [InlineData("{\"model\":\"evt\",\"domains\":[7]}")]
    [InlineData("{\"model\":\"evt\",\"domains\":[{\"id\":99999}]}")]
    [InlineData("{\"model\":\"evt\",\"domains\":[{\"id\":0,\"vcpus\":0,\"bits\":64}]}")]
    [InlineData("{\"model\":\"evt\",\"domains\":[{\"id\":0,\"vcpus\":1,\"bits\":48}]}")]
    public void A_malformed_header_is_one_mismatch(string header)
    {
        var result = Replay(header, Final);
        Assert.Equal((1, 0, 1), (result.Traces, result.Operations, result.Mismatches));
    }

    [Fact]
    public void A_header_that_names_a_domain_twice_is_refused()
    {
        var twice = Header.Replace("]}]}", "]},", StringComparison.Ordinal) + Header[Header.IndexOf("{\"id\"",
            StringComparison.Ordinal)..];
        Assert.Contains("names domain 0 twice", Assert.Single(Replay(twice, Final).Reports), StringComparison.Ordinal);
    }

    [Fact]
    public void The_final_state_is_compared_and_must_be_there()
    {
        var send = "{\"i\":0,\"dom\":0,\"op\":\"evtchn.send\",\"args\":{\"port\":1},\"ret\":-22,\"after\":{}}";
        Assert.True(Replay(Header, send, Final).Passed);
        Assert.Contains("final state is missing", Assert.Single(Replay(Header, send).Reports),
            StringComparison.Ordinal);
        Assert.Contains("ports: expected [], was", Assert.Single(Replay(Header, send, "{\"final\":{}}").Reports),
            StringComparison.Ordinal);
        Assert.Contains("after the final state", Assert.Single(Replay(Header, send, Final, send).Reports),
            StringComparison.Ordinal);
    }

    ReplayResult Replay(params string[] lines)
    {
        File.WriteAllLines(Path.Combine(_folder.FullName, "trace.jsonl"), lines);
        return Replayer.Replay([_folder.FullName], only: null);
    }
}
