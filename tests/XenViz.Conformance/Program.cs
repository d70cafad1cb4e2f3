// Compares XenViz with outside references (layouts, return codes). It has nothing to compare yet.
Console.WriteLine("No conformance suite is present.");
