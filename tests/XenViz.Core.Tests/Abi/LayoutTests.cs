using System.Globalization;
using System.Reflection;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Tests.Abi;

/// <summary>Every size, offset and number that Abi declares is the one measured from the headers of Xen.</summary>
public class LayoutTests
{
    // What Xen keeps in its private headers, or what follows from other numbers: said here once more, by hand.
    static readonly Dictionary<string, long> NotMeasured = new(StringComparer.Ordinal)
    {
        ["NetTxFlags.None"] = 0,
        ["NetRxFlags.None"] = 0,
        ["PageSize.Shift"] = 12,
        ["PageSize.Bytes"] = 4096,
        ["PageTableEntry.SizeBytes"] = 8,
        ["PageTableEntry.Present"] = 1 << 0,
        ["PageTableEntry.Writable"] = 1 << 1,
        ["PageTableEntry.User"] = 1 << 2,
        ["PageTableEntry.Accessed"] = 1 << 5,
        ["PageTableEntry.Dirty"] = 1 << 6,
        ["PageTableEntry.AvailMask"] = 7 << 9,
        ["PageTableEntry.GuestKernel"] = 1L << 52,
        ["PageTableEntry.Grant"] = 1L << 62,
        ["PageTableEntry.NoExecute"] = 1L << 63,
        ["PageTableEntry.AddressMask"] = (1L << 52) - 4096,
        ["GrantTable.EntryV1.PerFrame"] = 512,
        ["EventChannel.WordBits"] = 64,
        ["EventChannel.TwoLevelChannels32"] = 1024,
        ["EventChannel.MaskBytes32"] = 2176,
        ["EventChannel.SelectorBytes32"] = 4,
        ["EventChannel.PortsPerBucket"] = 64,
        ["EventChannel.Op.ResetContinue"] = 14,
        ["EventChannel.Fifo.WordsPerPage"] = 1024,
        ["EventChannel.Fifo.MostPages"] = 128,
        ["EventChannel.Fifo.LinkTries"] = 4,
        ["Blkif.SectorsPerPage"] = 8,
        ["Blkif.SegmentsPerPage"] = 512,
        ["Sector.SizeBytes"] = 512,
    };

    static readonly Type[] Types = [.. typeof(Field).Assembly.GetTypes().Where(IsAbi)];

    public static TheoryData<string> Fields() => [.. AllFields().Select(f => f.Name)];

    public static TheoryData<string> Numbers() => [.. AllNumbers().Select(n => n.Name)];

    public static TheoryData<string, int, int, int> RingSizes()
    {
        var rows = new TheoryData<string, int, int, int>();
        foreach (var (ring, entryBytes, pages, size) in Layout.Measured.RingSizes())
        {
            rows.Add(ring, entryBytes, pages, size);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_lies_where_the_headers_put_it(string name)
    {
        var field = AllFields().Single(f => f.Name == name).Field;
        var symbol = field.Citation.Split(' ')[1];
        var measured = Layout.Measured.FieldOf(symbol);

        Assert.True(measured is not null, $"{name} cites {symbol}, which is not in layout.json.");
        Assert.Equal(measured.Value, (field.OffsetBytes, field.WidthBytes));
        Assert.EndsWith("." + field.Name, symbol, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_the_one_of_the_headers(string name)
    {
        var (_, value, cites) = AllNumbers().Single(n => n.Name == name);
        if (NotMeasured.TryGetValue(name, out var known))
        {
            Assert.Equal(known, value);
            return;
        }

        Assert.True(cites is not null, $"{name} cites nothing.");
        var symbol = cites.Split(' ')[1];
        var measured = Layout.Measured.NumberOf(symbol);
        Assert.True(measured is not null, $"{name} cites {symbol}, which is not in layout.json.");
        Assert.Equal(measured.Value, value);
    }

    [Theory]
    [MemberData(nameof(RingSizes))]
    public void A_ring_has_as_many_slots_as_the_macro_gives(string ring, int entryBytes, int pages, int size) =>
        Assert.Equal((ring, size), (ring, Ring.SizeOf(pages * PageSize.Bytes, entryBytes)));

    [Fact]
    public void The_flag_bits_of_a_grant_entry_cover_their_masks_and_do_not_overlap()
    {
        ulong seen = 0;
        foreach (var bits in GrantTable.Gtf.Bits)
        {
            Assert.Equal((ulong)Layout.Measured.NumberOf(bits.Citation.Split(' ')[1])!.Value, bits.Mask);
            Assert.Equal(0UL, seen & bits.Mask);
            seen |= bits.Mask;
        }

        Assert.Equal(0x1FFUL, seen);
    }

    [Fact]
    public void Both_tables_of_this_test_are_alive()
    {
        Assert.InRange(AllFields().Count(), 79, 500);
        Assert.InRange(AllNumbers().Count(), 120, 1000);
        Assert.Empty(NotMeasured.Keys.Except(AllNumbers().Select(n => n.Name)));
    }

    static bool IsAbi(Type type) =>
        type.Namespace is { } name && (name + ".").StartsWith("XenViz.Core.Abi.", StringComparison.Ordinal);

    static IEnumerable<(string Name, Field Field)> AllFields() =>
        from type in Types
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where field.FieldType == typeof(Field)
        select ($"{type.FullName![(type.Namespace!.Length + 1)..]}.{field.Name}", (Field)field.GetValue(null)!);

    static IEnumerable<(string Name, long Value, string? Cites)> AllNumbers() =>
        from type in Types
        where type != typeof(Writer) && type != typeof(Actor) && type != typeof(AccessKind)
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where field.IsLiteral
        select (NameOf(type, field), ValueOf(field), field.GetCustomAttribute<CitesAttribute>()?.Symbol);

    static string NameOf(Type type, FieldInfo field) =>
        $"{type.FullName![(type.Namespace!.Length + 1)..]}.{field.Name}".Replace('+', '.');

    static long ValueOf(FieldInfo field) => field.GetRawConstantValue() switch
    {
        ulong value => unchecked((long)value),
        var value => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
