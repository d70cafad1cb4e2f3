using BenchmarkDotNet.Running;
using XenViz.Benchmarks;

if (args.Contains("--figures"))
{
    Figures.Print();
    RingFigures.Print();
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Figures).Assembly).Run(args);
}
