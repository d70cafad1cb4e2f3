using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Events;

namespace XenViz.Core.Projection;

/// <summary>Which ports and vCPU flags an access to a shared info page is about.</summary>
internal static class SharedInfoTouches
{
    private static readonly Field[] Flags =
        [Xen.VcpuInfo.UpcallPending, Xen.VcpuInfo.UpcallMask, Xen.VcpuInfo.PendingSel];

    /// <summary>The bits: those that changed, or where none did those that are set.</summary>
    /// <param name="access">The access.</param>
    /// <param name="domain">Whose page it is.</param>
    public static IEnumerable<RowTouch> Of(MachineEvent.Accessed access, DomId domain)
    {
        if (access.Offset >= Xen.SharedInfo.EvtchnMask.OffsetBytes)
        {
            return Ports(access, access.Offset - Xen.SharedInfo.EvtchnMask.OffsetBytes, "mask");
        }

        return access.Offset >= Xen.SharedInfo.EvtchnPending.OffsetBytes
            ? Ports(access, access.Offset - Xen.SharedInfo.EvtchnPending.OffsetBytes, "pending")
            : Vcpu(access, domain);
    }

    private static IEnumerable<RowTouch> Ports(MachineEvent.Accessed access, int offset, string bit)
    {
        var changed = !access.Before.AsSpan().SequenceEqual(access.After);
        for (var i = 0; i < access.After.Length; i++)
        {
            for (var b = 0; b < 8; b++)
            {
                var was = (access.Before[i] >> b) & 1;
                var now = (access.After[i] >> b) & 1;
                if (changed ? was != now : now == 1)
                {
                    var port = ((offset + i) * 8) + b;
                    yield return new RowTouch("port", Text(port), bit, Text(was), Text(now));
                }
            }
        }
    }

    private static IEnumerable<RowTouch> Vcpu(MachineEvent.Accessed access, DomId domain)
    {
        foreach (var field in Flags)
        {
            if (access.Offset % Xen.VcpuInfo.SizeBytes == field.OffsetBytes)
            {
                yield return new RowTouch(
                    "vcpu", domain.ToString(), field.Name, Hex(access.Before), Hex(access.After));
            }
        }
    }

    private static string Hex(byte[] bytes)
    {
        var value = 0UL;
        for (var i = Math.Min(8, bytes.Length) - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return "0x" + value.ToString("x", CultureInfo.InvariantCulture);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
