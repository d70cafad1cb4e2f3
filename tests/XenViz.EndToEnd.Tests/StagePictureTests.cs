namespace XenViz.EndToEnd.Tests;

/// <summary>
/// The stage beside approved pictures (<c>Approved/</c>), in each theme. Small on purpose: what a person would see has
/// changed, not how a machine smooths letters. With XENVIZ_APPROVE=1 in the environment the pictures are made anew.
/// </summary>
public sealed class StagePictureTests(XenVizApp app)
{
    private const int Width = 360;

    // Of all points, how many may differ clearly.
    private const double Tolerance = 0.03;

    private static readonly (string Name, string Path)[] States =
    [
        ("start", "/"), ("mapped", "/?at=41"), ("moved", "/?op=read&at=55"), ("connecting", "/?scenario=connect&at=12"),
        ("many", "/?scenario=workload&slots=32&depth=8&segments=1&path=copy&work=read:0/64&at=90"),
    ];

    private static bool Approving => Environment.GetEnvironmentVariable("XENVIZ_APPROVE") == "1";

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("projector")]
    public async Task The_stage_looks_as_approved(string theme)
    {
        var wrong = new List<string>();
        foreach (var (name, path) in States)
        {
            await using var page = await app.OpenWorkbenchAsync(path);
            var picture = await PictureAsync(page, theme);
            var file = Path.Combine(SourceTree.Approved, $"{name}-{theme}.png");
            if (Approving)
            {
                Directory.CreateDirectory(SourceTree.Approved);
                await File.WriteAllBytesAsync(file, Convert.FromBase64String(picture), Cancellation);
                continue;
            }

            var approved = Convert.ToBase64String(await File.ReadAllBytesAsync(file, Cancellation));
            var share = await DifferenceAsync(page, approved, picture);
            if (share > Tolerance)
            {
                var seen = Path.Combine(Path.GetTempPath(), $"xenviz-{name}-{theme}.png");
                await File.WriteAllBytesAsync(seen, Convert.FromBase64String(picture), Cancellation);
                wrong.Add($"{name} in {theme}: {share:P1} differ from Approved/{name}-{theme}.png; seen: {seen}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong) + "\nTo approve: XENVIZ_APPROVE=1");
    }

    [Fact]
    public async Task Another_state_and_another_theme_are_noticed()
    {
        await using var page = await app.OpenWorkbenchAsync();
        var start = await PictureAsync(page, "light");
        Assert.Equal(0, await DifferenceAsync(page, start, await PictureAsync(page, "light")));
        Assert.True(await DifferenceAsync(page, start, await PictureAsync(page, "dark")) > 0.5);
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        Assert.True(await DifferenceAsync(page, start, await PictureAsync(page, "light")) > Tolerance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<string> PictureAsync(AppPage page, string theme)
    {
        await page.ChooseThemeAsync(theme);

        // The focus and the pointer are no part of the picture.
        await page.Page.EvaluateAsync("document.activeElement?.blur()");
        await page.Page.Mouse.MoveAsync(1, 1);
        var shot = await page.TestId("stage").ScreenshotAsync(new()
        {
            Animations = Microsoft.Playwright.ScreenshotAnimations.Disabled,
            Scale = Microsoft.Playwright.ScreenshotScale.Css,
        });
        return await page.Page.EvaluateAsync<string>("""
            async ([picture, width]) => {
              const image = await createImageBitmap(
                new Blob([Uint8Array.from(atob(picture), c => c.charCodeAt(0))], { type: 'image/png' }));
              const canvas = document.createElement('canvas');
              canvas.width = width;
              canvas.height = Math.round(image.height * width / image.width);
              const paint = canvas.getContext('2d');
              paint.imageSmoothingQuality = 'high';
              paint.drawImage(image, 0, 0, canvas.width, canvas.height);
              return canvas.toDataURL('image/png').split(',')[1];
            }
            """, new object[] { Convert.ToBase64String(shot), Width });
    }

    private static Task<double> DifferenceAsync(AppPage page, string one, string two) =>
        page.Page.EvaluateAsync<double>("""
            async pictures => {
              const [one, two] = await Promise.all(pictures.map(async picture => {
                const image = await createImageBitmap(
                  new Blob([Uint8Array.from(atob(picture), c => c.charCodeAt(0))], { type: 'image/png' }));
                const paint = new OffscreenCanvas(image.width, image.height).getContext('2d');
                paint.drawImage(image, 0, 0);
                return paint.getImageData(0, 0, image.width, image.height);
              }));
              if (one.width !== two.width || Math.abs(one.height - two.height) > 2) {
                return 1;
              }
              let differing = 0;
              const points = Math.min(one.data.length, two.data.length) / 4;
              for (let i = 0; i < points; i++) {
                const far = [0, 1, 2].some(c => Math.abs(one.data[4 * i + c] - two.data[4 * i + c]) > 56);
                differing += far ? 1 : 0;
              }
              return differing / points;
            }
            """, new[] { one, two });
}
