namespace XenViz.EndToEnd.Tests;

/// <summary>Who drives the page that a test looks at.</summary>
public enum RenderModes
{
    /// <summary>Rendered once by the server; nothing is waited for.</summary>
    Static,

    /// <summary>Interactive over a circuit; the WebAssembly files never arrive.</summary>
    Server,

    /// <summary>Interactive in the browser.</summary>
    WebAssembly,
}
