using System.Buffers.Binary;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The network device in the browser.</summary>
public sealed class NetworkTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_packet_is_sent_step_by_step_with_the_keyboard(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-tx&start=100", mode);
        await page.ExpectAtAsync("start");
        await Expect(page.TestId("caption")).ToHaveTextAsync(
            "The guest and the driver domain are connected by two rings. Nothing moves yet.");
        await page.KeyAsync("ArrowRight");
        await page.ExpectAtAsync("T.1");
        await page.KeyAsync("End");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        await Expect(page.TestId("violation")).ToHaveCountAsync(0);
        // The last look is at the receive ring, whose bell is the same one.
        Assert.Equal("102 101 100 101", await page.IndicesAsync());
        await page.KeyAsync("ArrowLeft");
        await page.ExpectAtAsync("T.21");
        Assert.Equal("101 102 101 101", await page.IndicesAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_stage_shows_the_slots_around_the_packet()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-tx&start=100&at=20");
        var stage = page.Page.Locator(".stagebox");
        await Expect(stage).ToContainTextAsync("transmit ring");
        await Expect(stage).ToContainTextAsync("96–103 of 256");
        await Expect(stage).ToContainTextAsync("netfront");
        await Expect(stage).ToContainTextAsync("Network card");
    }

    [Fact]
    public async Task Either_of_two_interfaces_can_be_kept_on_stage_with_the_keyboard()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-guests&at=20");
        var stage = page.Page.Locator(".stagebox");
        await Expect(stage).ToContainTextAsync("dom 5");
        var position = await page.PositionAsync();

        // Who comes by Tab walks in the group with the arrow keys; who does not, steps with them.
        await page.Page.Keyboard.PressAsync("Tab");
        await page.TestId("interface-follow").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.TestId("interface-5")).ToBeCheckedAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.TestId("interface-7")).ToBeCheckedAsync();
        await Expect(page.TestId("interfaces")).ToHaveAttributeAsync("data-shown", "7");
        Assert.Equal(position, await page.PositionAsync());
        await Expect(stage).ToContainTextAsync("dom 7");
        await page.TestId("back").ClickAsync();
        await Expect(stage).ToContainTextAsync("dom 7");
        await page.TestId("interface-follow").CheckAsync(new() { Force = true });
        await Expect(page.TestId("interfaces")).ToHaveAttributeAsync("data-shown", "5");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task An_interface_connects_through_xenstore()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-connect&at=16");
        await page.ExpectAtAsync("C.8");
        var stage = page.Page.Locator(".stagebox");
        await Expect(stage).ToContainTextAsync("4 Connected");
        await Expect(stage).ToContainTextAsync("2 InitWait");
        await page.KeyAsync("End");
        await Expect(stage).ToContainTextAsync("Network card");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Frames_of_a_capture_go_in_and_come_out_as_a_capture()
    {
        var frame = new byte[100];
        frame.AsSpan(0, 6).Fill(0x42);
        frame[12] = 8;
        var capture = Capture(frame);
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("pick-net-tx").CheckAsync(new() { Force = true });
        await page.TestId("image-own").CheckAsync();
        await page.TestId("image-file").SetInputFilesAsync(new FilePayload
        {
            Name = "own.pcap", MimeType = "application/octet-stream", Buffer = capture,
        });
        await Expect(page.TestId("image-ready")).ToContainTextAsync("own.pcap");
        await page.RunScenarioAsync();
        await page.ExpectAtAsync("start");
        await page.PressAsync("run-to-end");
        await Expect(page.TestId("next")).ToBeDisabledAsync();

        await page.OpenScenarioAsync();
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.PressAsync("image-download"));
        Assert.EndsWith(".pcap", download.SuggestedFilename, StringComparison.Ordinal);
        var bytes = await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        Assert.Equal(frame, bytes[(24 + 16)..]);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_broken_capture_is_refused_with_the_reason_and_nothing_is_lost()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("pick-net-rx").CheckAsync(new() { Force = true });
        await page.TestId("image-own").CheckAsync();
        await page.TestId("image-file").SetInputFilesAsync(new FilePayload
        {
            Name = "cut.pcap", MimeType = "application/octet-stream", Buffer = Capture(new byte[80])[..90],
        });
        await Expect(page.TestId("image-ready")).ToContainTextAsync("cut.pcap");
        await page.PressAsync("scenario-run");
        await Expect(page.TestId("image-error")).ToContainTextAsync("is cut off");
        await Expect(page.TestId("pick-net-rx")).ToBeCheckedAsync();
    }

    private static byte[] Capture(byte[] frame)
    {
        var file = new byte[24 + 16 + frame.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(file, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(32), (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(36), (uint)frame.Length);
        frame.CopyTo(file, 40);
        return file;
    }
}
