using CsCheck;
using XenViz.Core.Abi;

namespace XenViz.Core.Tests.Abi;

public class IdsTests
{
    [Fact]
    public void A_ring_index_keeps_counting_past_two_to_the_32() =>
        Gen.Select(Gen.UInt, Gen.UInt).Sample((start, count) =>
        {
            var index = new RingIndex(start);
            return index.Plus(count).Since(index) == count;
        });

    [Fact]
    public void The_slot_is_the_remainder_also_where_the_index_wraps() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 10]).Sample((value, log) =>
        {
            var size = 1 << log;
            return new RingIndex(value).SlotIn(size) == (int)(value % (uint)size);
        });

    [Theory]
    [InlineData(0u, 0, 0)]
    [InlineData(63u, 0, 63)]
    [InlineData(64u, 1, 0)]
    [InlineData(4095u, 63, 63)]
    public void A_port_knows_its_word_and_bit(uint port, int word, int bit)
    {
        Assert.Equal(word, new Port(port).Word);
        Assert.Equal(bit, new Port(port).Bit);
    }

    [Fact]
    public void A_machine_address_is_the_frame_times_4096_and_the_offset() =>
        Assert.Equal(0x1A2B3ABCul, new Mfn(0x1A2B3).Address(0xABC));
}
