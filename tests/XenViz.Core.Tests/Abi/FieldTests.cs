using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Tests.Abi;

public class FieldTests
{
    [Fact]
    public void A_scalar_field_reads_what_was_written_and_touches_nothing_else() =>
        Gen.Select(Gen.Int[0, 3].Select(log => 1 << log), Gen.Int[0, 8], Gen.ULong, Gen.Byte.Array[16]).Sample(
            (width, offset, value, before) =>
            {
                var field = new Field(offset, width, "f", Writer.Guest, "h s.f");
                var bytes = (byte[])before.Clone();
                field.Write(bytes, value);

                Assert.Equal(width == 8 ? value : value & ((1UL << (width * 8)) - 1), field.Read(bytes));
                Assert.Equal(before[..offset], bytes[..offset]);
                Assert.Equal(before[field.EndBytes..], bytes[field.EndBytes..]);
            });

    [Fact]
    public void Numbers_are_little_endian()
    {
        var bytes = new byte[8];
        Ring.ReqEvent.Write(bytes, 0x0102_0304);
        Assert.Equal([0, 0, 0, 0, 4, 3, 2, 1], bytes);
    }

    [Fact]
    public void An_aggregate_is_no_scalar()
    {
        var bytes = new byte[Blkif.Request.SizeBytes];
        Assert.Throws<InvalidOperationException>(() => Blkif.Request.Segments.Read(bytes));
        Assert.Throws<InvalidOperationException>(() => Blkif.Request.Segments.Write(bytes, 0));
    }

    [Fact]
    public void The_entry_of_reference_9_begins_at_0x48() =>
        Assert.Equal(0x48, GrantTable.EntryV1.OffsetBytes(new GrantRef(9)));

    [Fact]
    public void Entry_512_begins_the_second_frame()
    {
        Assert.Equal(1, GrantTable.EntryV1.FrameIndex(new GrantRef(512)));
        Assert.Equal(0, GrantTable.EntryV1.OffsetBytes(new GrantRef(512)));
    }

    [Theory]
    [InlineData(6, 0x800, 0xA00, 0x800, 0xA00)]
    [InlineData(12, 0x801, 0xA01, 0x800, 0xA00)]
    [InlineData(70, 0x808, 0xA08, 0x808, 0xA08)]
    [InlineData(4095, 0x9FF, 0xBFF, 0x9F8, 0xBF8)]
    public void The_bits_of_a_port_lie_in_two_bitmaps(uint number, int pend, int mask, int pendWord, int maskWord)
    {
        var port = new Port(number);
        Assert.Equal((pend, 1), Place(Xen.SharedInfo.PendingByteOf(port)));
        Assert.Equal((mask, 1), Place(Xen.SharedInfo.MaskByteOf(port)));
        Assert.Equal((pendWord, 8), Place(Xen.SharedInfo.PendingWordOf(port)));
        Assert.Equal((maskWord, 8), Place(Xen.SharedInfo.MaskWordOf(port)));
        Assert.Equal(port, EventChannel.PortOf(port.Word, port.Bit));
    }

    [Fact]
    public void The_second_vcpu_has_its_selector_64_bytes_further_on() =>
        Assert.Equal((72, 8), Place(Xen.SharedInfo.OfVcpu(Xen.VcpuInfo.PendingSel, 1)));

    [Fact]
    public void A_granted_frame_is_mapped_with_the_bits_that_Xen_sets()
    {
        var readOnly = PageTableEntry.ForGrant(new Mfn(0x5A21), readOnly: true);
        Assert.Equal(0xC010_0000_05A2_1065UL, readOnly);
        Assert.Equal(readOnly | PageTableEntry.Writable, PageTableEntry.ForGrant(new Mfn(0x5A21), readOnly: false));
        Assert.Equal(new Mfn(0x5A21), PageTableEntry.FrameOf(readOnly));
    }

    [Theory]
    [InlineData(0xFFFF8880003F0000, 0xF80)]
    [InlineData(0xFFFF8880003F1000, 0xF88)]
    public void A_virtual_address_has_its_entry_in_the_l1_table(ulong address, int offset) =>
        Assert.Equal(offset, PageTableEntry.OffsetBytes(address));

    static (int, int) Place(Field field) => (field.OffsetBytes, field.WidthBytes);
}
