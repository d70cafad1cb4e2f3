using XenViz.EndToEnd.Tests;

// One server and one browser for all; the classes still run side by side.
[assembly: AssemblyFixture(typeof(XenVizApp))]
