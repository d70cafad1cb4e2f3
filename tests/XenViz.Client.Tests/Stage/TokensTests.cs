using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace XenViz.Client.Tests.Stage;

/// <summary>The contrasts of tokens.css: 4.5 for text, 3 for lines, in every theme.</summary>
public sealed partial class TokensTests
{
    public static readonly string[] Themes = ["light", "dark", "projector"];

    public static readonly (string Front, string Back, double Need)[] Pairs =
    [
        ("ink", "surface", 4.5), ("ink2", "surface", 4.5), ("ink3", "surface", 4.5), ("ink3", "bg", 4.5),
        ("ink", "stage", 4.5), ("ink2", "stage", 4.5), ("ink3", "stage", 4.5), ("ink2", "surface2", 4.5),
        ("nowink", "now", 4.5), ("markink", "markbg", 4.5), ("gi", "g", 4.5),
        ("lines", "surface", 3), ("lines", "bg", 3),
        .. "gdxh".SelectMany(o => new (string, string, double)[]
        {
            ($"{o}", "surface", 3), ($"{o}", $"{o}s", 3), ($"{o}t", $"{o}s", 4.5), ($"{o}t", "surface", 4.5),
            ("ink", $"{o}s", 4.5), ("ink2", $"{o}s", 4.5), ("ink3", $"{o}s", 4.5),
        }),
    ];

    public static TheoryData<string, string, string, double> Cases()
    {
        var data = new TheoryData<string, string, string, double>();
        foreach (var theme in Themes)
        {
            foreach (var (front, back, need) in Pairs)
            {
                data.Add(theme, front, back, need);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_and_lines_stand_out(string theme, string front, string back, double need)
    {
        var tokens = Read(theme);
        var ratio = Contrast(tokens[front], tokens[back]);
        Assert.True(ratio >= need, $"{front} on {back} in {theme}: {ratio:0.00}, needs {need}");
    }

    [Fact]
    public void The_wall_s_title_bars_carry_their_titles()
    {
        var tokens = Read("projector");
        Assert.All("gdx", owner => Assert.True(Contrast(tokens["gi"], tokens[$"{owner}"]) >= 4.5));
    }

    [Fact]
    public void Every_theme_defines_every_colour()
    {
        var names = Read("light").Keys.Order().ToArray();
        Assert.True(names.Length >= 27);
        Assert.All(Themes, theme => Assert.Equal(names, Read(theme).Keys.Order()));
    }

    [Fact]
    public void The_system_s_dark_is_the_dark_theme()
    {
        Assert.Equal(Read("dark"), Parse(":root:not([data-theme])"));
    }

    [Fact]
    public void Forced_colours_replace_every_colour()
    {
        var css = File.ReadAllText(Css("tokens.css"));
        var forced = css[css.IndexOf("forced-colors", StringComparison.Ordinal)..];
        Assert.All(Read("light").Keys, name => Assert.Matches($@"--{name}: [A-Z][A-Za-z]+;", forced));
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("projector")]
    public void More_contrast_means_7_for_all_words_and_4_5_for_every_line(string theme)
    {
        var tokens = Read(theme);
        var css = File.ReadAllText(Css("tokens.css"));
        var at = css.IndexOf("prefers-contrast: more", StringComparison.Ordinal);
        Assert.True(at > 0);
        foreach (Match change in Alias().Matches(css[at..css.IndexOf("@media", at, StringComparison.Ordinal)]))
        {
            tokens[change.Groups[1].Value] = Read(theme)[change.Groups[2].Value];
        }

        string[] backs = ["bg", "surface", "surface2", "stage", "gs", "ds", "xs", "hs"];
        Assert.All(["ink", "ink2", "ink3"], ink => Assert.All(backs, back =>
            Assert.True(Contrast(tokens[ink], tokens[back]) >= 7, $"{ink} on {back}")));
        Assert.All(["line", "lines", "g", "d", "x", "h"], line =>
            Assert.True(Contrast(tokens[line], tokens["surface"]) >= 4.5, line));
        Assert.True(Contrast(tokens["gi"], tokens["g"]) >= 4.5);
    }

    [Fact]
    public void The_stage_s_own_sheet_writes_no_colour()
    {
        var css = File.ReadAllText(Css("stage.css"));
        Assert.DoesNotMatch(@"#[0-9A-Fa-f]{3,8}\b(?![""-])|rgb\(|hsl\(", css);
    }

    private static Dictionary<string, string> Read(string theme) =>
        Parse($":root[data-theme=\"{theme}\"]");

    private static Dictionary<string, string> Parse(string selector)
    {
        var css = File.ReadAllText(Css("tokens.css"));
        var at = css.IndexOf(selector + " {", StringComparison.Ordinal);
        Assert.True(at >= 0, selector);
        var block = css[at..css.IndexOf('}', at)];
        return Colour().Matches(block).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    private static double Contrast(string one, string two)
    {
        var (a, b) = (Luminance(one), Luminance(two));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }

    private static string Css(string name, [CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "XenViz.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "wwwroot", "css", name);
    }

    [GeneratedRegex(@"--([a-z0-9]+): (#[0-9A-Fa-f]{6});")]
    private static partial Regex Colour();

    [GeneratedRegex(@"--([a-z0-9]+): var\(--([a-z0-9]+)\);")]
    private static partial Regex Alias();
}
