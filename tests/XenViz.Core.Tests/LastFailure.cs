using FsCheck;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using TestResult = FsCheck.TestResult;

namespace XenViz.Core.Tests;

/// <summary>Keeps what FsCheck found instead of reporting it.</summary>
internal sealed class LastFailure : IRunner
{
    /// <summary>The argument of the shortest failure, or null when the property held.</summary>
    public object? Shrunk { get; private set; }

    public void OnStartFixture(Type type)
    {
    }

    public void OnArguments(
        int test, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
    {
    }

    public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
    {
    }

    public void OnFinished(string name, TestResult result) =>
        Shrunk = result is TestResult.Failed failed ? failed.Item3.Head : null;
}
