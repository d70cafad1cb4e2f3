namespace XenViz.Client.Details;

/// <summary>Bytes that are to be seen in the Bytes tab.</summary>
/// <param name="Area">The area that shows them.</param>
/// <param name="Mfn">Their frame.</param>
/// <param name="Offset">The first one.</param>
/// <param name="Length">How many.</param>
public sealed record BytesPlace(string Area, ulong Mfn, int Offset, int Length);
