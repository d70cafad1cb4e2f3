using BenchmarkDotNet.Running;
using XenViz.Benchmarks;

if (args.Contains("--figures"))
{
    ModelFigures();
    await PageFigures.PrintAsync();
    return 0;
}

if (args.Contains("--model-figures"))
{
    ModelFigures();
    return 0;
}

if (args.Contains("--page-figures"))
{
    await PageFigures.PrintAsync();
    return 0;
}

if (args.Contains("--soak"))
{
    return Soak.Run(args);
}

BenchmarkSwitcher.FromAssembly(typeof(Figures).Assembly).Run(args);
return 0;

static void ModelFigures()
{
    Figures.Print();
    RingFigures.Print();
    GrantFigures.Print();
    EventFigures.Print();
    PathFigures.Print();
}
