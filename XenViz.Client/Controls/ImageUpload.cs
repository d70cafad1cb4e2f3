namespace XenViz.Client.Controls;

/// <summary>How an upload of a disk image stands.</summary>
/// <param name="Name">The file's name, or empty when none was chosen.</param>
/// <param name="Percent">0 to 100 while it is being sent, else null.</param>
/// <param name="Id">The image's id when it has arrived, else null.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record ImageUpload(string Name = "", int? Percent = null, string? Id = null, string? Error = null);
