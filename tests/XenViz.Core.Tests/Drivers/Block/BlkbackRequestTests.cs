using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;

namespace XenViz.Core.Tests.Drivers.Block;

/// <summary>The backend's checks in its order: each row is wrong in one way or in two, and the first one counts.
/// </summary>
public sealed class BlkbackRequestTests
{
    const ulong Sectors = 1000;

    static readonly BlockOptions Plain = new() { IndirectSegments = 32 };

    //            operation  count  first last   sector    options     status
    public static TheoryData<int, int, int, int, ulong, string, int> Direct() => new()
    {
        { 0,         1,     0,    7,     0,        "",         0 },
        { 1,         11,    0,    7,     0,        "",         0 },
        { 4,         1,     0,    7,     0,        "",         -2 },
        { 7,         1,     0,    7,     0,        "",         -2 },
        { 255,       0,     9,    9,     5000,     "",         -2 },
        { 0,         0,     0,    7,     0,        "",         -1 },
        { 1,         0,     0,    7,     0,        "",         -1 },
        { 2,         0,     0,    7,     0,        "",         0 },
        { 3,         0,     0,    7,     0,        "",         0 },
        { 3,         0,     0,    7,     5000,     "",         0 },
        { 2,         1,     0,    7,     0,        "",         0 },
        { 3,         1,     0,    7,     0,        "",         0 },
        { 0,         12,    0,    7,     0,        "",         -1 },
        { 0,         255,   0,    7,     0,        "",         -1 },
        { 3,         255,   0,    7,     0,        "",         -1 },
        { 0,         1,     0,    8,     0,        "",         -1 },
        { 0,         1,     255,  255,   0,        "",         -1 },
        { 0,         1,     7,    7,     0,        "",         0 },
        { 0,         1,     5,    4,     0,        "",         -1 },
        { 0,         1,     0,    7,     992,      "",         0 },
        { 0,         1,     0,    7,     993,      "",         -1 },
        { 0,         1,     0,    0,     999,      "",         0 },
        { 0,         1,     0,    0,     1000,     "",         -1 },
        { 0,         1,     0,    7,     ulong.MaxValue, "",   -1 },
        { 0,         2,     0,    7,     ulong.MaxValue - 7, "", -1 },
        { 0,         1,     0,    7,     0,        "readonly", 0 },
        { 1,         1,     0,    7,     0,        "readonly", -1 },
        { 2,         1,     0,    7,     0,        "readonly", -1 },
        { 3,         0,     0,    7,     0,        "readonly", -1 },
        { 0,         1,     0,    7,     8,        "block",    0 },
        { 0,         1,     0,    7,     4,        "block",    -1 },
        { 0,         1,     0,    3,     8,        "block",    -1 },
    };

    [Theory]
    [MemberData(nameof(Direct))]
    public void A_direct_request_is_checked_in_order(
        int operation, int count, int first, int last, ulong sector, string options, int status)
    {
        foreach (var layout in new[] { BlkifLayout.X64, BlkifLayout.X32 })
        {
            var slot = new byte[layout.SlotBytes];
            var segment = new BlkifSegment(new GrantRef(9), (byte)first, (byte)last);
            BlkifSlot.Write(slot, new BlkifRequest(
                (BlkifOperation)operation, (byte)count, 1, 77, sector, [.. Enumerable.Repeat(segment, 11)]), layout);
            var request = BlkbackRequest.Decode(slot, layout);
            Assert.Equal((77ul, (BlkifOperation)operation), (request.Id, request.Meant));
            Assert.Equal(Math.Min(count, 11), request.Segments.Length);
            Assert.Equal((BlkifStatus)status, BlkbackRequest.Check(request, With(options), Sectors));
        }
    }

    //            inner  count   options   status  pages
    public static TheoryData<int, int, string, int, int> Indirect() => new()
    {
        { 0,     1,      "",       0,      1 },
        { 1,     32,     "",       0,      1 },
        { 1,     33,     "",       -1,     1 },
        { 0,     65535,  "",       -1,     8 },
        { 0,     513,    "",       -1,     2 },
        { 0,     0,      "",       -1,     0 },
        { 2,     5,      "",       -1,     1 },
        { 3,     0,      "",       -1,     0 },
        { 6,     5,      "",       -1,     1 },
        { 0,     5,      "none",   -2,     1 },
    };

    [Theory]
    [MemberData(nameof(Indirect))]
    public void The_slot_of_an_indirect_request_is_checked_in_order(
        int inner, int count, string options, int status, int pages)
    {
        var slot = new byte[112];
        slot[0] = (byte)BlkifOperation.Indirect;
        slot[1] = (byte)inner;
        slot[2] = (byte)count;
        slot[3] = (byte)(count >> 8);
        slot[8] = 5;
        for (var i = 0; i < 8; i++)
        {
            slot[28 + (4 * i)] = (byte)(20 + i);
        }

        var request = BlkbackRequest.Decode(slot, BlkifLayout.X64);
        Assert.Equal((5ul, (BlkifOperation)inner, count), (request.Id, request.Meant, request.NrSegments));
        Assert.Equal(Enumerable.Range(20, pages).Select(i => (uint)i), request.IndirectRefs.Select(r => r.Value));
        Assert.Equal((BlkifStatus)status, BlkbackRequest.Check(request, With(options), Sectors));
    }

    [Theory]
    [InlineData(0, 1000, "", 0)]
    [InlineData(999, 1, "", 0)]
    [InlineData(999, 2, "", -1)]
    [InlineData(1000, 0, "", 0)]
    [InlineData(1, ulong.MaxValue, "", -1)]
    [InlineData(0, 8, "readonly", -1)]
    public void A_discard_must_lie_on_a_disk_that_may_be_written(ulong sector, ulong count, string options, int status)
    {
        foreach (var layout in new[] { BlkifLayout.X64, BlkifLayout.X32 })
        {
            var slot = new byte[layout.SlotBytes];
            slot[0] = (byte)BlkifOperation.Discard;
            slot[1] = 1;
            BitConverter.TryWriteBytes(slot.AsSpan(layout.SectorAt), sector);
            BitConverter.TryWriteBytes(slot.AsSpan(layout.NrSectorsAt), count);
            var request = BlkbackRequest.Decode(slot, layout);
            Assert.Equal((count, true), (request.Discarded, request.Secure));
            Assert.Equal((BlkifStatus)status, BlkbackRequest.Check(request, With(options), Sectors));
        }
    }

    [Fact]
    public void A_64_bit_request_read_with_32_bit_eyes_has_its_id_shifted_and_its_segments_wrong()
    {
        var slot = new byte[112];
        ImmutableArray<BlkifSegment> segments = [new(new GrantRef(9), 0, 7)];
        BlkifSlot.Write(slot, new BlkifRequest(BlkifOperation.Write, 1, 51712, 3, 2048, segments));
        var request = BlkbackRequest.Decode(slot, BlkifLayout.X32);
        Assert.Equal(3ul << 32, request.Id);
        Assert.Equal(2048ul << 32, request.Sector);
        Assert.Equal(BlkifStatus.Error, BlkbackRequest.Check(request, Plain, 2_097_152));
    }

    static BlockOptions With(string options) => options switch
    {
        "readonly" => Plain with { ReadOnly = true },
        "block" => Plain with { BlockBytes = 4096 },
        "none" => Plain with { IndirectSegments = 0 },
        _ => Plain,
    };
}
