using XenViz.Conformance;

// Replays recorded traces of Xen's own code. Exit code 0: some ran and none differ; 1: not so; 2: wrong usage.
const string Usage = "usage: XenViz.Conformance PATH... [--only ring|grant|evtchn]";

var paths = new List<string>();
TraceKind? only = null;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--only" && i + 1 < args.Length && Array.IndexOf(["ring", "grant", "evtchn"], args[i + 1]) >= 0)
    {
        only = Enum.Parse<TraceKind>(args[++i], ignoreCase: true);
    }
    else if (args[i].StartsWith('-'))
    {
        Console.Error.WriteLine($"{args[i]} is not understood.\n{Usage}");
        return 2;
    }
    else
    {
        paths.Add(args[i]);
    }
}

if (paths.Count == 0)
{
    Console.Error.WriteLine($"Name at least one trace or folder.\n{Usage}");
    return 2;
}

var result = Replayer.Replay(paths, only);
foreach (var report in result.Reports)
{
    Console.WriteLine(report);
}

Console.WriteLine($"{result.Traces} traces, {result.Operations} operations, {result.Mismatches} mismatches");
return result.Passed ? 0 : 1;
