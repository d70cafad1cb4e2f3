using System.Buffers.Binary;
using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using XenViz.Conformance;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>The two forms of the tables, flat arrays and the immutable machine, run the same rules to the same
/// state.</summary>
public class EventWorldsTests
{
    [Fact]
    public void Random_operations_lead_to_the_same_answers_and_the_same_state()
    {
        var compared = 0;
        var property = Prop.ForAll(HostileStories.Of(2000, withDeath: false), story => compared += Compare(story));
        Check.One(Rounds.Of(6), property);
        Assert.InRange(compared, 6 * 2000, 6 * 2004);
    }

    static int Compare(HostileStory story)
    {
        var hostile = new HostileEvents(story.Shapes);
        var draft = new Draft(MachineOf(hostile), null);
        Span<byte> flat = stackalloc byte[HostileAct.ArgumentBytes];
        Span<byte> other = stackalloc byte[HostileAct.ArgumentBytes];
        var compared = 0;
        foreach (var act in hostile.Opening().Concat(story.Acts.Select(hostile.Now).OfType<HostileAct>()))
        {
            act.CopyTo(flat);
            act.CopyTo(other);
            var told = hostile.Target.Apply(act.Op, flat);
            var world = new DraftEventWorld(draft);
            var here = HostileTarget.InXen(ref world, act.Op, other) ?? ByGuest(draft, act.Op, hostile, told);
            Assert.True(told == here, $"{act}: {told} here, {here} there");
            Assert.True(flat.SequenceEqual(other), $"{act}: outputs differ");
            if (Differs(hostile.Events, draft) is { } what)
            {
                Assert.Fail($"{act}: {what}");
            }

            compared++;
        }

        return compared;
    }

    // Plain accesses of guests: the flat ones are copied, word by word. What matters here are Xen's rules.
    static long ByGuest(Draft draft, in HostileOp op, HostileEvents hostile, long told)
    {
        var (flat, domain) = (hostile.Events.Domains[op.Domain], draft.Domains[op.Domain]);
        if (op.Kind == HostileKind.Pause)
        {
            draft.Put(domain with { Events = domain.Events with { IsPaused = op.A > 0 } });
            return told;
        }

        draft.Poke(domain.SharedInfo, 0, SharedInfo(flat));
        foreach (var (frame, words) in flat.Frames)
        {
            draft.Poke(new Mfn(frame), 0, Bytes(words));
        }

        return told;
    }

    static string? Differs(FlatEvents events, Draft draft)
    {
        var flat = events.World;
        var other = new DraftEventWorld(draft);
        for (var d = 0; d < events.Domains.Count; d++)
        {
            var domain = events.Domains[d];
            if (flat.PortsOf(d) != other.PortsOf(d) || flat.ResetAt(d) != other.ResetAt(d)
                || flat.Pollers(d) != other.Pollers(d) || flat.WordsOf(d) != other.WordsOf(d))
            {
                return $"domain {d}: ports, reset, pollers or words";
            }

            for (uint port = 0; port < flat.PortsOf(d); port++)
            {
                if (flat.ChannelOf(d, port) != other.ChannelOf(d, port))
                {
                    return $"domain {d} port {port}: {flat.ChannelOf(d, port)} and {other.ChannelOf(d, port)}";
                }
            }

            if (OfVcpus(events, draft, d) is { } vcpu)
            {
                return vcpu;
            }

            var frames = domain.Frames.Select(f => (new Mfn(f.Key), Bytes(f.Value)));
            foreach (var (mfn, bytes) in frames.Prepend((draft.Domains[d].SharedInfo, SharedInfo(domain))))
            {
                if (!draft.PeekBytes(mfn, 0, bytes.Length).AsSpan().SequenceEqual(bytes))
                {
                    return $"domain {d}: frame {mfn}";
                }
            }
        }

        return null;
    }

    static string? OfVcpus(FlatEvents events, Draft draft, int d)
    {
        var flat = events.World;
        var other = new DraftEventWorld(draft);
        for (var v = 0; v < events.Domains[d].Vcpus.Length; v++)
        {
            var same = flat.IsBlocked(d, v) == other.IsBlocked(d, v) && flat.PollsFor(d, v) == other.PollsFor(d, v)
                && flat.HasControl(d, v) == other.HasControl(d, v);
            for (var virq = 0; virq < Virq.Count; virq++)
            {
                same &= flat.VirqPort(d, v, virq) == other.VirqPort(d, v, virq)
                    && flat.ChosenHandler(virq) == other.ChosenHandler(virq);
            }

            for (var queue = 0; queue < EventChannel.Fifo.Queues; queue++)
            {
                same &= flat.TailOf(d, v, queue) == other.TailOf(d, v, queue);
            }

            if (!same)
            {
                return $"domain {d} vCPU {v}";
            }
        }

        return null;
    }

    static byte[] SharedInfo(FlatDomain domain)
    {
        var page = new byte[Page.Size];
        var wide = domain.Limits.WordBits == 64;
        for (var v = 0; v < domain.Vcpus.Length; v++)
        {
            var info = page.AsSpan(v * Xen.VcpuInfo.SizeBytes);
            info[0] = domain.Vcpus[v].UpcallPending ? (byte)1 : (byte)0;
            info[1] = domain.Vcpus[v].UpcallMask;
            Write(info[(wide ? 8 : 4)..], domain.Vcpus[v].Selector);
        }

        for (var word = 0; word < domain.Pending.Length; word++)
        {
            Write(page.AsSpan(2048 + (word * domain.Limits.WordBits / 8)), domain.Pending[word]);
            Write(page.AsSpan((wide ? 2560 : 2176) + (word * domain.Limits.WordBits / 8)), domain.Mask[word]);
        }

        return page;

        void Write(Span<byte> at, ulong value)
        {
            if (wide)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(at, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)value);
            }
        }
    }

    static byte[] Bytes(uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    static Machine MachineOf(HostileEvents hostile)
    {
        var frames = new List<Frame>();
        var domains = ImmutableArray.CreateBuilder<Domain>();
        for (var d = 0; d < hostile.Events.Domains.Count; d++)
        {
            var (flat, limits) = (hostile.Events.Domains[d], hostile.Limits[d]);
            var info = new Mfn((ulong)(1024 + d));
            frames.Add(new(info, flat.Id, FrameUse.SharedInfo, new(0), Page.Zero));
            frames.AddRange(flat.Frames.Keys.Select(f =>
                new Frame(new Mfn(f), flat.Id, FrameUse.Data, new(f), Page.Zero)));
            domains.Add(new Domain
            {
                Id = flat.Id, SharedInfo = info, Events = new EventTables
                {
                    Vcpus = limits.Vcpus, WordBits = limits.WordBits, MaxPort = limits.MaxPort, Pirqs = limits.Pirqs,
                    IsPrivileged = limits.IsPrivileged, AllowedPirqs = [1, 2, 3],
                },
            });
        }

        return new Machine { Frames = FrameTable.Of(frames), Domains = domains.ToImmutable(), Agents = [] };
    }
}
