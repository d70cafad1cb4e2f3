using System.Text.Json;
using System.Text.Json.Nodes;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;
using static XenViz.Conformance.GrantTrace;

namespace XenViz.Conformance;

/// <summary>The guest actions of grant traces: plain accesses to memory.</summary>
static class GrantGuestActs
{
    public static void Do(GrantWorld world, GrantDomain domain, string op, JsonElement args, Answer answer)
    {
        switch (op)
        {
            case "guest.grantAccess":
                GuestGrants.Access(
                    domain, U32(args, "ref"), U16(args, "dom"), Frame(args, "gfn"), U16(args, "flags"));
                break;
            case "guest.grantTransfer":
                GuestGrants.Access(
                    domain, U32(args, "ref"), U16(args, "dom"), Frame(args, "gfn"), GrantTable.Gtf.AcceptTransfer);
                break;
            case "guest.grantSubPage":
                GuestGrants.SubPage(
                    domain, U32(args, "ref"), U16(args, "dom"), Frame(args, "gfn"), U16(args, "off"),
                    U16(args, "len"), U16(args, "flags"));
                break;
            case "guest.grantTransitive":
                GuestGrants.Transitive(
                    domain, U32(args, "ref"), U16(args, "dom"), U16(args, "transDom"), U32(args, "transRef"),
                    U16(args, "flags"));
                break;
            case "guest.writeEntry":
                GuestGrants.WriteEntry(domain, U32(args, "ref"), Hex(args));
                break;
            case "guest.setFlags":
                GuestGrants.ChangeFlags(domain, U32(args, "ref"), U16(args, "set"), U16(args, "clear"));
                break;
            case "guest.endAccess":
                answer.Out = new JsonObject { ["ended"] = GuestGrants.EndAccess(domain, U32(args, "ref")) };
                break;
            case "guest.endTransfer":
                var (frame, stuck) = GuestGrants.EndTransfer(domain, U32(args, "ref"));
                answer.Out = stuck ? new JsonObject { ["stuck"] = true } : new JsonObject { ["frame"] = frame };
                break;
            default:
                Memory(world, domain, op, args, answer);
                break;
        }
    }

    static void Memory(GrantWorld world, GrantDomain domain, string op, JsonElement args, Answer answer)
    {
        switch (op)
        {
            case "guest.writePage":
                Write(world.FrameOf(domain, Frame(args, "gfn")), Int(args, "off"), Hex(args));
                break;
            case "guest.fillPage":
                Fill(world.FrameOf(domain, Frame(args, "gfn")), Int(args, "mul"), Int(args, "add"));
                answer.HideMemory = true;
                break;
            case "guest.writeMapped":
                answer.Out = Through(domain, args, true, page => Write(page, Int(args, "off"), Hex(args)));
                break;
            case "guest.readMapped":
                var bytes = Array.Empty<byte>();
                var fault = Through(domain, args, false, page =>
                    bytes = page.Bytes.AsSpan(Int(args, "off"), Int(args, "len")).ToArray());
                answer.Out = fault.Count > 0 ? fault : new JsonObject { ["hex"] = Convert.ToHexStringLower(bytes) };
                break;
            default:
                throw new TraceFormatException($"operation '{op}' is not one of a grant trace");
        }
    }

    static JsonObject Through(GrantDomain domain, JsonElement args, bool write, Action<PageInfo> act)
    {
        if (!domain.Places.TryGetValue(Frame(args, "hostPage"), out var place) || place.Page is not { } page)
        {
            return new JsonObject { ["fault"] = "not-present" };
        }

        if (write && place.Kind == PlaceKind.GrantReadOnly)
        {
            return new JsonObject { ["fault"] = "read-only" };
        }

        act(page);
        return [];
    }

    static void Write(PageInfo? page, int offset, byte[] bytes)
    {
        if (page is not null)
        {
            bytes.CopyTo(page.Bytes.AsSpan(offset));
        }
    }

    static void Fill(PageInfo? page, int times, int plus)
    {
        for (var i = 0; page is not null && i < PageSize.Bytes; i++)
        {
            page.Bytes[i] = (byte)((i * times) + plus);
        }
    }

    static byte[] Hex(JsonElement args) => Convert.FromHexString(TraceJson.Text(args, "hex"));
}
