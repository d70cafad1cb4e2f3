namespace XenViz.Client.Stage.Shapes;

/// <summary>The owner's class in tokens.css.</summary>
internal static class OwnerClass
{
    /// <summary>One letter, or nothing for nobody.</summary>
    public static string Of(SceneOwner owner) => owner switch
    {
        SceneOwner.Guest => "g",
        SceneOwner.Driver => "d",
        SceneOwner.Xen => "x",
        SceneOwner.Hardware => "h",
        _ => "",
    };
}
