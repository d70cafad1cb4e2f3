namespace XenViz.EndToEnd.Tests;

/// <summary>The collection whose tests share the server and the browser.</summary>
[CollectionDefinition(Name)]
public sealed class AppCollection : ICollectionFixture<XenVizApp>
{
    /// <summary>The name to put into [Collection(...)].</summary>
    public const string Name = "app";
}
