using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;

namespace XenViz.Core.Tests.Drivers.Block;

public class BlkifSlotTests
{
    static readonly Gen<BlkifSegment> Segment = Gen.Select(
        Gen.UInt, Gen.Byte, Gen.Byte, (gref, first, last) => new BlkifSegment(new GrantRef(gref), first, last));

    [Fact]
    public void The_request_of_the_figure_has_these_bytes()
    {
        var slot = new byte[Blkif.SlotBytes];
        BlkifSlot.Write(slot, new BlkifRequest(
            BlkifOperation.Write, 1, 51712, 3, 2048, [new BlkifSegment(new GrantRef(9), 0, 7)]));

        Assert.Equal("010100CA00000000" + "0300000000000000" + "0008000000000000" + "0900000000070000",
            Convert.ToHexString(slot[..32]));
        Assert.Equal(new byte[80], slot[32..]);
        Assert.Equal(0xCA000101u, BlkifSlot.Head(BlkifOperation.Write, 1, 51712));
        Assert.Equal(0x0700_0000_0009UL, BlkifSlot.Packed(new BlkifSegment(new GrantRef(9), 0, 7)));
    }

    [Fact]
    public void A_request_comes_back_and_padding_and_unused_segments_stay() =>
        Gen.Select(Gen.Byte, Gen.Byte[0, 11], Gen.UShort, Gen.ULong, Gen.ULong, Segment.Array[11], Gen.Byte.Array[112])
            .Sample((op, used, handle, id, sector, segments, before) =>
            {
                var request = new BlkifRequest((BlkifOperation)op, used, handle, id, sector, [.. segments]);
                var slot = (byte[])before.Clone();
                BlkifSlot.Write(slot, request);

                var read = BlkifSlot.Request(slot);
                Assert.Equal((request.Operation, used, handle, id, sector),
                    (read.Operation, read.NrSegments, read.Handle, read.Id, read.SectorNumber));
                Assert.Equal(segments[..used], read.Segments[..used].ToArray());
                Assert.Equal(before[4..8], slot[4..8]);
                Assert.Equal(before[(24 + (used * 8))..], slot[(24 + (used * 8))..]);
                for (var i = 0; i < used; i++)
                {
                    Assert.Equal(before[(30 + (i * 8))..(32 + (i * 8))], slot[(30 + (i * 8))..(32 + (i * 8))]);
                }
            });

    [Fact]
    public void A_count_beyond_the_slot_is_written_as_said_and_fills_only_the_slot() =>
        Gen.Select(Gen.Byte[12, 255], Segment.Array[11, 40]).Sample((count, segments) =>
        {
            var slot = new byte[Blkif.SlotBytes];
            BlkifSlot.Write(slot, new BlkifRequest(BlkifOperation.Read, count, 0, 0, 0, [.. segments]));
            Assert.Equal(count, BlkifSlot.Request(slot).NrSegments);
            Assert.Equal(segments[..11], BlkifSlot.Request(slot).Segments.ToArray());
        });

    [Fact]
    public void A_response_writes_eleven_bytes_and_leaves_byte_9() =>
        Gen.Select(Gen.ULong, Gen.Byte, Gen.Short, Gen.Byte.Array[112]).Sample((id, op, status, before) =>
        {
            var response = new BlkifResponse(id, (BlkifOperation)op, (BlkifStatus)status);
            var slot = (byte[])before.Clone();
            BlkifSlot.Write(slot, response);

            Assert.Equal(response, BlkifSlot.Response(slot));
            Assert.Equal(before[9], slot[9]);
            Assert.Equal(before[12..], slot[12..]);
        });
}
