using XenViz.Core.Abi;

namespace XenViz.Client;

/// <summary>
/// From an owner to the class that carries its colours (<c>css/tokens.css</c>). No colour is ever written in code.
/// </summary>
internal static class Palette
{
    /// <summary>The guest's class.</summary>
    public const string Guest = "g";

    /// <summary>The driver domain's class.</summary>
    public const string Driver = "d";

    /// <summary>The hypervisor's class.</summary>
    public const string Xen = "x";

    /// <summary>The hardware's class.</summary>
    public const string Hardware = "h";

    /// <summary>The class of things that nobody or everybody owns.</summary>
    public const string Neutral = "n";

    /// <summary>The owner's class of a lane.</summary>
    public static string Of(Actor lane) => lane switch
    {
        Actor.Application or Actor.Frontend => Guest,
        Actor.Backend => Driver,
        Actor.Xen => Xen,
        Actor.Device => Hardware,
        _ => Neutral,
    };

    /// <summary>The owner's class of whoever may write a field.</summary>
    public static string Of(Writer writer) => writer switch
    {
        Writer.Guest => Guest,
        Writer.Driver => Driver,
        Writer.Xen => Xen,
        Writer.Device => Hardware,
        _ => Neutral,
    };

    /// <summary>The outline of an owner's mark, about 12 by 12 units around (0, 0).</summary>
    public static string Mark(string owner) => owner switch
    {
        Guest => "M-5.5 -6.5 h11 v13 h-11z",
        Driver => "M-6 -7 l13 7 l-13 7z",
        Xen => "M-7 0 l3.5 -6 h7 l3.5 6 l-3.5 6 h-7z",
        Hardware => "M0 -7.5 l7.5 7.5 l-7.5 7.5 l-7.5 -7.5z",
        _ => "M-5 0 a5 5 0 1 0 10 0 a5 5 0 1 0 -10 0",
    };
}
