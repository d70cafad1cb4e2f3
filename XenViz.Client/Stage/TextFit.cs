namespace XenViz.Client.Stage;

/// <summary>Font and size of a text on the stage.</summary>
public enum TextRole
{
    /// <summary>Title of a domain.</summary>
    Title,

    /// <summary>Name of an object.</summary>
    Label,

    /// <summary>A real name, monospaced and bold.</summary>
    Name,

    /// <summary>Plain words.</summary>
    Plain,

    /// <summary>A value, monospaced.</summary>
    Value,

    /// <summary>A value, monospaced and bold.</summary>
    Strong,

    /// <summary>Plain words where room is short.</summary>
    PlainSmall,

    /// <summary>A value where room is short.</summary>
    ValueSmall,
}

/// <summary>
/// How wide a text will be, and the longest form of it that fits. The widths are those of the widest fonts in the lists
/// of tokens.css (Liberation Sans, DejaVu Sans Mono), so that a text that fits here fits everywhere.
/// </summary>
public static class TextFit
{
    // Advances of the characters from the blank to the tilde, in thousandths of the size.
    private static readonly short[] regular = Parse(
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 "
        + "556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 "
        + "611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 "
        + "667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 "
        + "222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584");

    private static readonly short[] bold = Parse(
        "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 "
        + "556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 "
        + "611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 "
        + "667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 "
        + "278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584");

    /// <summary>The size of a role in canvas units.</summary>
    public static double Size(TextRole role, SceneSize size) => (role, size) switch
    {
        (TextRole.Title, SceneSize.Desk) => 30,
        (TextRole.Label, SceneSize.Desk) => 25,
        (TextRole.Name, SceneSize.Desk) => 24,
        (TextRole.Plain, SceneSize.Desk) => 21,
        (TextRole.Value or TextRole.Strong, SceneSize.Desk) => 20,
        (_, SceneSize.Desk) => 18,
        (TextRole.Title, SceneSize.Low) => 30,
        (TextRole.Label, SceneSize.Low) => 25,
        (TextRole.Name, SceneSize.Low) => 24,
        (_, SceneSize.Low) => 23,
        (TextRole.Title, SceneSize.Wall) => 32,
        (TextRole.Label, SceneSize.Wall) => 29,
        (TextRole.Name, SceneSize.Wall) => 28,
        (TextRole.Plain, SceneSize.Wall) => 25,
        (TextRole.Value or TextRole.Strong, SceneSize.Wall) => 23,
        (_, SceneSize.Wall) => 20,
        (TextRole.Title or TextRole.Name, _) => 16,
        (TextRole.Label, _) => 15,
        (TextRole.Strong, _) => 15,
        (TextRole.Plain or TextRole.Value, _) => 14,
        _ => 13.5,
    };

    /// <summary>The width of a text in canvas units.</summary>
    public static double Width(string text, TextRole role, SceneSize size)
    {
        var height = Size(role, size);
        if (role is TextRole.Name or TextRole.Value or TextRole.Strong or TextRole.ValueSmall)
        {
            return text.Length * height * 0.602;
        }

        var table = role is TextRole.Title or TextRole.Label ? bold : regular;
        var sum = 0;
        foreach (var letter in text)
        {
            sum += letter switch { >= ' ' and <= '~' => table[letter - ' '], '·' => 333, '–' => 556, _ => 1000 };
        }

        return sum * height / 1000;
    }

    /// <summary>The first form that fits; the last one, cut with an ellipsis, when none does.</summary>
    /// <param name="room">Canvas units there are.</param>
    /// <param name="size">The kind of canvas.</param>
    /// <param name="forms">From the wanted form to the poorest.</param>
    public static (string Text, TextRole Role) Pick(
        double room, SceneSize size, params (string Text, TextRole Role)[] forms)
    {
        foreach (var form in forms)
        {
            if (Width(form.Text, form.Role, size) <= room)
            {
                return form;
            }
        }

        var (text, role) = forms[^1];
        while (text.Length > 1 && Width(text + "…", role, size) > room)
        {
            text = text[..^1];
        }

        return (text.TrimEnd() + "…", role);
    }

    /// <summary>A long number's short form: an ellipsis and its last four digits.</summary>
    public static string Short(string number) => number.Length <= 5 ? number : "…" + number[^4..];

    private static short[] Parse(string numbers) => [.. numbers.Split(' ').Select(short.Parse)];
}

/// <summary>The kinds of canvas.</summary>
public enum SceneSize
{
    /// <summary>1600 wide, read at a desk.</summary>
    Desk,

    /// <summary>1600 wide in a low window: the small type is larger, so that it has 11 pixels at 1280 x 720.</summary>
    Low,

    /// <summary>1600 wide, larger type, read from the back of a room.</summary>
    Wall,

    /// <summary>390 wide, a phone.</summary>
    Phone,
}
