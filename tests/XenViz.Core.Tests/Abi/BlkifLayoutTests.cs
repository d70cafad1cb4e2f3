using System.Text.Json;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Tests.Abi;

/// <summary>Both byte layouts of a block slot are the measured ones.</summary>
public sealed class BlkifLayoutTests
{
    static readonly JsonElement Root =
        JsonDocument.Parse(File.ReadAllText(TestData.PathOf("layout.json"))).RootElement;

    [Fact]
    public void The_32_bit_layout_is_the_measured_one()
    {
        var at = BlkifLayout.X32;
        var measured = Root.GetProperty("i386_abi");
        (string Structure, string Field, int Value)[] expected =
        [
            ("blkif_request", "size", at.SlotBytes), ("blkif_request", "id", at.IdAt),
            ("blkif_request", "sector_number", at.SectorAt), ("blkif_request", "seg", at.SegmentsAt),
            ("blkif_request", "operation", Blkif.Request.Operation.OffsetBytes),
            ("blkif_request", "nr_segments", Blkif.Request.NrSegments.OffsetBytes),
            ("blkif_request", "handle", Blkif.Request.Handle.OffsetBytes),
            ("blkif_request_discard", "id", at.IdAt), ("blkif_request_discard", "sector_number", at.SectorAt),
            ("blkif_request_discard", "nr_sectors", at.NrSectorsAt),
            ("blkif_request_indirect", "nr_segments", Blkif.Indirect.NrSegments.OffsetBytes),
            ("blkif_request_indirect", "id", at.IdAt), ("blkif_request_indirect", "sector_number", at.SectorAt),
            ("blkif_request_indirect", "handle", at.IndirectHandleAt),
            ("blkif_request_indirect", "indirect_grefs", at.IndirectGrefsAt),
            ("blkif_response", "size", at.ResponseBytes), ("blkif_response", "id", Blkif.Response.Id.OffsetBytes),
            ("blkif_response", "operation", Blkif.Response.Operation.OffsetBytes),
            ("blkif_response", "status", Blkif.Response.Status.OffsetBytes),
            ("blkif_sring_entry", "size", at.SlotBytes), ("blkif_sring_entry", "ring_offset", Ring.HeaderBytes),
            ("blkif_sring_entry", "ring_size_1_page", Ring.SizeOf(4096, at.SlotBytes)),
        ];
        Assert.All(expected, e => Assert.Equal(
            (e.Structure, e.Field, measured.GetProperty(e.Structure).GetProperty(e.Field).GetInt32()), e));
    }

    [Fact]
    public void The_64_bit_layout_is_that_of_the_fields()
    {
        var at = BlkifLayout.X64;
        Assert.Equal(
            [
                Blkif.SlotBytes, Blkif.Request.Id.OffsetBytes, Blkif.Request.SectorNumber.OffsetBytes,
                Blkif.Request.Segments.OffsetBytes, Blkif.Discard.NrSectors.OffsetBytes,
                Blkif.Indirect.Handle.OffsetBytes, Blkif.Indirect.Grefs.OffsetBytes, Blkif.Response.SizeBytes,
            ],
            [
                at.SlotBytes, at.IdAt, at.SectorAt, at.SegmentsAt, at.NrSectorsAt, at.IndirectHandleAt,
                at.IndirectGrefsAt, at.ResponseBytes,
            ]);
    }

    [Theory]
    [InlineData(null, 108)]
    [InlineData("x86_32-abi", 108)]
    [InlineData("x86_64-abi", 112)]
    [InlineData("arm-abi", null)]
    [InlineData("", null)]
    public void The_protocol_key_chooses_the_layout_and_its_absence_means_32_bits(string? protocol, int? slotBytes) =>
        Assert.Equal(slotBytes, BlkifLayout.AssumedFor(protocol)?.SlotBytes);
}
