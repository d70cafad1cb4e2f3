namespace XenViz.Client.Details;

/// <summary>An object of a drawing that the keyboard can reach.</summary>
/// <param name="Id">What there are details of.</param>
/// <param name="Text">Its name, owner, state and value.</param>
/// <param name="Over">Selects what is drawn of it: the focus is shown there.</param>
public sealed record PickItem(string Id, string Text, string Over);
