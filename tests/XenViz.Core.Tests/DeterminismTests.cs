using System.Reflection;

namespace XenViz.Core.Tests;

public sealed class DeterminismTests
{
    [Fact]
    public void Core_refers_to_nothing_but_the_runtime()
    {
        var references = Assembly.Load("XenViz.Core").GetReferencedAssemblies().Select(name => name.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }
}
