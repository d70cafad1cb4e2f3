using System.Globalization;
using System.Resources;

namespace XenViz.Core.Commands;

/// <summary>The stable words of <see cref="CommandError.Code"/> and the sentences that go with them.</summary>
public static class CommandErrors
{
    /// <summary>There is no session with this id.</summary>
    public const string UnknownSession = "unknown_session";

    /// <summary>An argument is missing, malformed or out of its range; the field says which.</summary>
    public const string BadArgument = "bad_argument";

    /// <summary>This connection sent more commands than it may; the connection lives on.</summary>
    public const string TooManyCommands = "too_many_commands";

    /// <summary>The host keeps as many sessions or images as it may.</summary>
    public const string TooMany = "too_many";

    /// <summary>There is no uploaded image with this id.</summary>
    public const string UnknownImage = "unknown_image";

    /// <summary>The host could not do it, though nothing was wrong with the command.</summary>
    public const string Unavailable = "unavailable";

    private static readonly ResourceManager Texts =
        new("XenViz.Core.Commands.CommandText", typeof(CommandErrors).Assembly);

    /// <summary>A <see cref="BadArgument"/> with a sentence of <c>CommandText.resx</c>.</summary>
    /// <param name="field">The field that is wrong, as the person or program named it.</param>
    /// <param name="text">The key of the sentence.</param>
    /// <param name="values">What to fill into the sentence.</param>
    public static CommandError Bad(string field, string text, params object[] values) =>
        new(BadArgument, field, Text(text, values));

    /// <summary>Any error with a sentence of <c>CommandText.resx</c>.</summary>
    /// <param name="code">One of the words above.</param>
    /// <param name="field">The field that is wrong, or empty.</param>
    /// <param name="text">The key of the sentence.</param>
    /// <param name="values">What to fill into the sentence.</param>
    public static CommandError Make(string code, string field, string text, params object[] values) =>
        new(code, field, Text(text, values));

    /// <summary>A sentence of <c>CommandText.resx</c>, filled in.</summary>
    internal static string Text(string key, params object[] values) =>
        string.Format(CultureInfo.InvariantCulture, Texts.GetString(key, CultureInfo.InvariantCulture) ?? key, values);
}
