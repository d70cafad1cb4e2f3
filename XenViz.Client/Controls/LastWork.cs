namespace XenViz.Client.Controls;

/// <summary>What a device remembers of the work that was done on it last.</summary>
/// <param name="Id">The session.</param>
/// <param name="Link">The link that opens the same run at the same place when the session is gone.</param>
/// <param name="Title">The run's title.</param>
/// <param name="Number">The last micro-step.</param>
public sealed record LastWork(string Id, string Link, string Title, string Number);
