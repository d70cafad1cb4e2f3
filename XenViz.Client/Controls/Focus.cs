using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace XenViz.Client.Controls;

/// <summary>Gives the focus to what may be gone again before the browser hears of it.</summary>
internal static class Focus
{
    /// <summary>Gives it; where the element has gone meanwhile, or the page has, nothing happens. An error of it would
    /// end the page's circuit.</summary>
    /// <param name="element">The element.</param>
    /// <param name="preventScroll">True to leave the page where it is.</param>
    public static async Task GiveAsync(this ElementReference element, bool preventScroll = false)
    {
        try
        {
            await element.FocusAsync(preventScroll);
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // "Unable to focus an invalid element": who closed it so fast does not look for it.
        }
    }
}
