using System.Buffers.Binary;
using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Simulation;

/// <summary>Pages and the table of frames are values: whatever is written, only the new one has it.</summary>
public sealed class PageTests
{
    // Small writes in few places, so that words are written again, meet longer ones, and lie in one chunk.
    private static readonly Gen<(int Offset, byte[] Bytes)[]> Writes = Gen.Select(
        Gen.OneOf(Gen.Int[0, 40], Gen.Int[500, 530], Gen.Int[0, 4095]),
        Gen.OneOf(Gen.Byte.Array[1, 8], Gen.Byte[0, 0].Array[1, 8], Gen.Byte.Array[1, 300]),
        (offset, bytes) => (offset, bytes[..Math.Min(bytes.Length, Page.Size - offset)])).Array[1, 30];

    [Fact]
    public void A_page_holds_what_was_written_and_the_pages_before_hold_what_they_held() => Writes.Sample(writes =>
    {
        var (page, bytes) = (Page.Zero, new byte[Page.Size]);
        var pages = new List<(Page Page, byte[] Bytes)> { (page, (byte[])bytes.Clone()) };
        foreach (var (offset, written) in writes)
        {
            page = page.With(offset, written);
            written.CopyTo(bytes, offset);
            pages.Add((page, (byte[])bytes.Clone()));
        }

        foreach (var (kept, held) in pages)
        {
            Assert.Equal(held, kept.ToArray());
            Assert.Equal(held.AsSpan().LastIndexOfAnyExcept((byte)0) + 1, kept.LengthToLastByte);
            Assert.Equal(Page.Zero.With(0, held).Hash, kept.Hash);
        }
    });

    [Fact]
    public void A_number_is_the_bytes_that_lie_there() =>
        Gen.Select(Writes, Gen.Int[0, 4095], Gen.Int[0, 3], Gen.Int[1, 64]).Sample((writes, at, log, length) =>
        {
            var page = writes.Aggregate(Page.Zero, (before, write) => before.With(write.Offset, write.Bytes));
            var bytes = page.ToArray();
            var width = 1 << log;
            var offset = at / width * width;
            Span<byte> word = stackalloc byte[8];
            bytes.AsSpan(offset, width).CopyTo(word);
            Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(word), page.Load(offset, width));

            var some = new byte[Math.Min(length, Page.Size - at)];
            page.Read(at, some);
            Assert.Equal(bytes.AsSpan(at, some.Length).ToArray(), some);
        });

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(16)]
    public void A_width_that_no_processor_has_is_refused(int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Page.Zero.Load(0, width));

    [Fact]
    public void A_table_holds_the_frames_that_were_put_and_the_tables_before_hold_theirs() =>
        Gen.Select(Gen.Int[1, 200], Gen.Select(Gen.Int[0, 199], Gen.Int[2, 9]).Array[1, 40]).Sample((count, puts) =>
        {
            var frames = Enumerable.Range(0, count).Select(Frame).ToArray();
            var table = FrameTable.Of(frames);
            var tables = new List<(FrameTable Table, Frame[] Frames)> { (table, frames) };
            foreach (var (which, references) in puts)
            {
                frames = (Frame[])frames.Clone();
                frames[which % count] = frames[which % count] with { References = references };
                table = table.With(frames[which % count]);
                tables.Add((table, frames));
            }

            foreach (var (kept, held) in tables)
            {
                Assert.Equal(held, kept.All());
                Assert.All(held, frame => Assert.Same(frame, kept[frame.Mfn]));
                Assert.Equal(held.Append(Frame(count)), kept.Add(Frame(count)).All());
                Assert.Null(kept.Find(new Mfn(1)));
                Assert.Throws<KeyNotFoundException>(() => kept.With(Frame(count)));
            }
        });

    private static Frame Frame(int number) =>
        new(new Mfn(0x100 + (ulong)number), new DomId(1), FrameUse.Data, new Pfn((ulong)number), Page.Zero);
}
