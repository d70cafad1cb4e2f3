using System.Text.Json;

namespace XenViz.Conformance;

/// <summary>What a replay found.</summary>
/// <param name="Traces">Traces that were taken into account.</param>
/// <param name="Operations">Operations that were replayed.</param>
/// <param name="Mismatches">Lines that differ or cannot be read, and traces of an unknown or unsupported kind.</param>
/// <param name="Reports">The mismatches as <c>file:line: what</c>, the first ones of each trace.</param>
sealed record ReplayResult(int Traces, int Operations, int Mismatches, IReadOnlyList<string> Reports)
{
    /// <summary>True when something was replayed and nothing differed.</summary>
    public bool Passed => Operations > 0 && Mismatches == 0;
}

/// <summary>Replays every trace under some paths and compares it line by line.</summary>
sealed class Replayer(TraceKind? only)
{
    const int MostReportsPerTrace = 5;

    // A kind with no model here is known but not supported: its traces are mismatches unless they are left out.
    static readonly Dictionary<TraceKind, Func<ITraceModel>> Models = new()
    {
        [TraceKind.Ring] = () => new RingTrace(),
        [TraceKind.Grant] = () => new GrantTrace(),
        [TraceKind.Evtchn] = () => new EvtchnTrace(),
    };

    readonly List<string> _reports = [];
    int _traces;
    int _operations;
    int _mismatches;
    int _mismatchesOfTrace;

    /// <summary>Replays files, and every <c>.jsonl</c> file below folders, in the order of their names.</summary>
    public static ReplayResult Replay(IEnumerable<string> paths, TraceKind? only)
    {
        var replayer = new Replayer(only);
        foreach (var path in paths)
        {
            replayer.ReplayPath(path);
        }

        return new ReplayResult(replayer._traces, replayer._operations, replayer._mismatches, replayer._reports);
    }

    void ReplayPath(string path)
    {
        string[] files;
        try
        {
            files = Directory.Exists(path)
                ? Directory.GetFiles(path, "*.jsonl", SearchOption.AllDirectories)
                : [path];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Mismatch(path, 0, error.Message);
            return;
        }

        Array.Sort(files, StringComparer.Ordinal);
        foreach (var file in files)
        {
            _mismatchesOfTrace = 0;
            ReplayFile(file);
        }
    }

    void ReplayFile(string file)
    {
        try
        {
            using var lines = File.ReadLines(file).GetEnumerator();
            ReplayLines(file, lines);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _traces++;
            Mismatch(file, 0, error.Message);
        }
    }

    void ReplayLines(string file, IEnumerator<string> lines)
    {
        if (Header(file, lines) is not { } header)
        {
            _traces++;
            return;
        }

        var kind = TraceKinds.Of(header);
        if (only is not null && kind is not null && kind != only)
        {
            return;
        }

        _traces++;
        if (kind is null || !Models.TryGetValue(kind.Value, out var create))
        {
            Mismatch(file, 1, kind is null ? "this is no trace that we know" : $"no model replays {kind} traces yet");
            return;
        }

        var model = create();
        if (!Compare(file, 1, () => model.Begin(header)))
        {
            return;
        }

        var number = 1;
        var next = 0UL;
        var ended = false;
        while (lines.MoveNext())
        {
            number++;
            if (lines.Current.Length == 0)
            {
                continue;
            }

            if (ended)
            {
                Mismatch(file, number, "a line after the final state");
                return;
            }

            if (kind != TraceKind.Ring && IsFinal(lines.Current))
            {
                ended = true;
                Compare(file, number, () => model.Apply(TraceJson.Line(lines.Current)));
                continue;
            }

            _operations++;
            var expected = next;
            Compare(file, number, () => Operation(model, lines.Current, expected));
            next++;
        }

        CheckEnd(file, number, kind.Value, header, next, ended);
    }

    // Traces of a whole machine end with its state.
    static bool IsFinal(string line) =>
        line.Contains("\"final\"", StringComparison.Ordinal) && !line.Contains("\"op\"", StringComparison.Ordinal);

    void CheckEnd(string file, int number, TraceKind kind, JsonElement header, ulong operations, bool ended)
    {
        if (kind == TraceKind.Ring)
        {
            CheckCount(file, number, header, operations);
        }
        else if (!ended)
        {
            Mismatch(file, number, "the final state is missing");
        }
    }

    JsonElement? Header(string file, IEnumerator<string> lines)
    {
        if (!lines.MoveNext())
        {
            Mismatch(file, 1, "the file is empty");
            return null;
        }

        try
        {
            return TraceJson.Line(lines.Current);
        }
        catch (TraceFormatException error)
        {
            Mismatch(file, 1, error.Message);
            return null;
        }
    }

    static IEnumerable<string> Operation(ITraceModel model, string text, ulong expected)
    {
        var line = TraceJson.Line(text);
        var found = TraceJson.Number(line, "i", ulong.MaxValue);
        return found == expected
            ? model.Apply(line)
            : throw new TraceFormatException($"key 'i' must be {expected}, it is {found}");
    }

    void CheckCount(string file, int number, JsonElement header, ulong found) => Compare(file, number, () =>
        TraceJson.Number(header, "ops", ulong.MaxValue) is var promised && promised == found
            ? []
            : [$"the header promises {promised} operations, the file has {found}"]);

    /// <summary>Runs one comparison; false when the line cannot be used at all.</summary>
    bool Compare(string file, int number, Func<IEnumerable<string>> compare)
    {
        try
        {
            var differences = string.Join("; ", compare());
            if (differences.Length > 0)
            {
                Mismatch(file, number, differences);
            }

            return true;
        }
        catch (TraceFormatException error)
        {
            Mismatch(file, number, error.Message);
            return false;
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException
            or IndexOutOfRangeException or OverflowException or KeyNotFoundException)
        {
            Mismatch(file, number, $"a value of another type or out of its range: {error.Message}");
            return false;
        }
    }

    void Mismatch(string file, int line, string what)
    {
        _mismatches++;
        _mismatchesOfTrace++;
        if (_mismatchesOfTrace <= MostReportsPerTrace)
        {
            _reports.Add($"{file}:{line}: {what}");
        }
        else if (_mismatchesOfTrace == MostReportsPerTrace + 1)
        {
            _reports.Add($"{file}: further mismatches are counted and not shown");
        }
    }
}
