using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using XenViz.Core.Feed;

namespace XenViz.Client.Tests;

/// <summary>What every test of a component needs: MudBlazor's services and an interactive renderer.</summary>
public abstract class ScreenTest : BunitContext
{
    protected ScreenTest(ISessions? sessions = null)
    {
        Services.AddMudServices();
        if (sessions is not null)
        {
            Services.AddSingleton(sessions);
        }

        JSInterop.Mode = JSRuntimeMode.Loose;
        SetRendererInfo(new RendererInfo("WebAssembly", isInteractive: true));
    }

    /// <summary>Where popovers and dialogs appear.</summary>
    protected IRenderedComponent<MudPopoverProvider> Popovers() => Render<MudPopoverProvider>();
}

/// <summary>Finding by the names that browser tests use too.</summary>
internal static class Finding
{
    /// <summary>The one element with this data-testid.</summary>
    public static IElement Id<T>(this IRenderedComponent<T> component, string id)
        where T : IComponent => component.Find($"[data-testid='{id}']");

    /// <summary>All elements with this data-testid.</summary>
    public static IReadOnlyList<IElement> Ids<T>(this IRenderedComponent<T> component, string id)
        where T : IComponent => component.FindAll($"[data-testid='{id}']");
}
