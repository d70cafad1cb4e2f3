using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("XenViz.Core.Tests")]
[assembly: InternalsVisibleTo("XenViz.Benchmarks")]
