using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>Those who act: the application, the domains, Xen itself.</summary>
internal static class PartySubjects
{
    /// <summary>The program in the guest.</summary>
    public static Subject Application(Moment moment)
    {
        var call = StageProjector.Of(moment).ApplicationCall;
        return new Subject
        {
            Title = Subjects.Say("Title_app"),
            About = Subjects.SayOf(moment, "About_app"),
            Mark = Writer.Guest,
            Owner = Subjects.Say("Owner_guest", moment.Machine.Guest().Id),
            Writes = Subjects.Say("Writes_app"),
            Value = call.Length == 0 ? Subjects.Say("Value_app_none") : call,
            Parts =
            [
                new Part(Subjects.Say("Part_state"), call.Length == 0 ? Subjects.Say("None") : call, Writer.Guest)
                {
                    Fact = m => m.Application,
                },
            ],
        };
    }

    /// <summary>A domain with its one vCPU.</summary>
    public static Subject Domain(Moment moment, Domain domain, string kind)
    {
        var page = moment.Machine.Frames[domain.SharedInfo].Page;
        return new Subject
        {
            Title = Subjects.Say("Title_" + kind, domain.Id),
            About = Subjects.SayOf(moment, "About_" + kind),
            Mark = Subjects.MarkOf(moment.Machine, domain.Id),
            Owner = Subjects.Say("Owner_itself"),
            Writes = Subjects.Say("Writes_domain"),
            Name = "struct domain, struct vcpu",
            Value = Subjects.Say(domain.Blocked ? "Value_asleep" : "Value_awake"),
            At = new Place(domain.SharedInfo, 0, 16),
            Parts =
            [
                new Part(
                    "vCPU 0", Subjects.Say(domain.Blocked ? "Value_asleep" : "Value_awake"), Writer.Xen)
                {
                    Cites = "sched.h vcpu.pause_flags", Fact = m => m.Find(domain.Id)?.Blocked,
                },
                Flag(Abi.Xen.VcpuInfo.UpcallPending), Flag(Abi.Xen.VcpuInfo.UpcallMask),
            ],
        };

        Part Flag(Field field) => new(
            field.Name, Words.Hex(page.Load(field.OffsetBytes, field.WidthBytes)), field.Writer)
        {
            Cites = field.Citation, At = new Place(domain.SharedInfo, field.OffsetBytes, field.WidthBytes),
        };
    }

    /// <summary>The hypervisor: what it keeps of all this.</summary>
    public static Subject Xen(Moment moment)
    {
        var (guest, driver) = (moment.Machine.Guest(), moment.Machine.Driver());
        return new Subject
        {
            Title = Subjects.Say("Title_xen"),
            About = Subjects.Say("About_xen"),
            Mark = Writer.Xen,
            Owner = Subjects.Say("Owner_itself"),
            Writes = Subjects.Say("Writes_xen"),
            Name = "struct grant_table, struct evtchn, struct page_info",
            Value = Subjects.Say(
                "Value_xen", guest.Active.Count, driver.Maptrack.Records.Count, driver.Stale.Length),
            Parts =
            [
                new Part(Subjects.Say("Part_active"), Subjects.Text(guest.Active.Count), Writer.Xen)
                {
                    Cites = "grant_table.c active_grant_entry", Fact = m => m.Find(guest.Id)?.Active.Count,
                },
                new Part(Subjects.Say("Part_records"), Subjects.Text(driver.Maptrack.Records.Count), Writer.Xen)
                {
                    Cites = "grant_table.c grant_mapping", Fact = m => m.Find(driver.Id)?.Maptrack.Records.Count,
                },
                new Part(Subjects.Say("Part_stale"), Subjects.Text(driver.Stale.Length), Writer.Device)
                {
                    Fact = m => m.Find(driver.Id)?.Stale.Length,
                },
            ],
        };
    }
}
