using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Tells in words what happened: the one place where captions, whys and spoken sentences are made.</summary>
public static class Narrator
{
    /// <summary>The number that stands for the rows told: one row's own, or that of the fold.</summary>
    public static string NumberOf(ImmutableArray<PlayedRow> told)
    {
        var (first, last) = (told[0].Number, told[^1].Number);
        if (first == last)
        {
            return first;
        }

        var parts = last.Split('.');
        return parts.Length == 3 && !IsHandler(told) ? $"{parts[0]}.{parts[1]}" : $"{first}–{last}";
    }

    // The handler that a binding calls: W.4 tells that of a device as one.
    private static bool IsHandler(ImmutableArray<PlayedRow> told) =>
        told[0].Record is { Phase: Phase.Connect, Row.Label: "upcall" };

    /// <summary>The caption and the why of the rows told.</summary>
    /// <param name="told">One row, or the rows of a fold.</param>
    /// <param name="earlier">The row before them by the same agent, or null.</param>
    /// <param name="facts">The facts after the last of them.</param>
    public static (string Caption, string Why) Tell(ImmutableArray<PlayedRow> told, PlayedRow? earlier, RowFacts facts)
    {
        var row = told[^1];
        var number = NumberOf(told);
        var tokens = NarrationTokens.Of(row, facts.Focus, facts.DataPage, facts.Ring);
        var read = IsRead(row, facts);
        // The rings are mapped for writing, like the pages of a READ; the receipt is the same.
        read |= row.Record.Phase == Phase.Connect && row.Record.Row.Key != "map_grant_ref.answer";
        string key;
        string? outcome;
        if (told.Length == 1)
        {
            key = NarrationVariants.KeyOf(row);
            outcome = NarrationVariants.OutcomeOf(row);
            if (row.Record.Row.Key == "evtchn_send.return" && earlier is not null)
            {
                outcome = NarrationVariants.OutcomeOf(earlier);
            }
        }
        else
        {
            // A fold speaks with everything that its rows know.
            foreach (var part in told)
            {
                foreach (var (name, value) in NarrationTokens.Of(part, facts.Focus, facts.DataPage, facts.Ring))
                {
                    tokens.TryAdd(name, value);
                }
            }

            key = FoldKey(number);
            outcome = told.Select(NarrationVariants.OutcomeOf)
                .FirstOrDefault(o => o is "coalesced" or "masked" or "set" or "running" or "unbound" or "refused"
                    or "nothing" or "fault" or "queued" or "bounced");
        }

        var persistent = row.After.Back is BlkbackState { Options.Path: DataPath.Persistent };
        read |= persistent && IsForBoth(row.Record.Row);
        IEnumerable<string> variants = NarrationText.Variants(read, outcome);
        variants = row.After.Front is NetfrontState ? NetVariants(variants, outcome) : variants;
        variants = FifoWords.Speaks(row.After) ? FifoWords.Variants(variants, outcome) : variants;
        variants = persistent && outcome is (null or "zeros" or "bytes")
            ? NarrationText.Variants(read, "persistent").Take(2).Concat(variants)
            : variants;
        // A backend that sent its device elsewhere answers as if it had not.
        variants = facts.Astray && outcome is (null or "zeros" or "bytes")
            ? NarrationText.Variants(read, "astray").Take(2).Concat(variants)
            : variants;
        return (Fill(key, "caption", variants, tokens), Fill(key, "why", variants, tokens));
    }

    // What stays granted and mapped is so for requests of both directions.
    private static bool IsForBoth(RowInfo row) =>
        row.Listing == "map_grant_ref" || row.Key is "blkif_queue_request.grant_flags" or "xen_blkif_schedule.map";

    // What the application prepares is what it works on, whatever request was told of before.
    private static bool IsRead(PlayedRow row, RowFacts facts)
    {
        var job = (row.Before.Application as ApplicationState)?.Job;
        return row.Record.Row.Listing == "application" && row.Record.Row.Label is "fill" or "prepare" or "hand_over"
            ? job?.Read ?? false
            : facts.Focus?.Request.Read ?? job?.Read ?? false;
    }

    // The words of the network before those of the disk.
    private static IEnumerable<string> NetVariants(IEnumerable<string> usual, string? outcome) =>
        outcome is null
            ? usual.Prepend("net")
            : usual.Where(v => v.EndsWith(outcome, StringComparison.Ordinal)).Prepend($"net.{outcome}").Append("net")
                .Concat(usual);

    /// <summary>The words for position 0.</summary>
    public static (string Caption, string Why) Start(Machine machine, bool connecting)
    {
        var tokens = new Dictionary<string, string>
        {
            ["guest"] = Scenarios.World.Guest.ToString(), ["driver"] = Scenarios.World.Driver.ToString(),
        };
        string[] variants = machine.Front is NetfrontState ? connecting ? ["net.connect"] : ["net"]
            : connecting ? ["connect"]
            : [];
        return (Fill("start", "caption", variants, tokens), Fill("start", "why", variants, tokens));
    }

    private static string FoldKey(string number)
    {
        var key = number.Replace('–', '-');
        var dash = key.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            return key;
        }

        // A delivery or a map that ended early, or that ran several times, is still that delivery or map.
        return key[0] switch
        {
            '3' => "3.4-3.10", '6' => "6.4-6.10", '4' => "4.11-4.16", 'U' => "U.2-U.6",
            'C' => "C.9.6-C.9.12", 'K' => "K.2-K.5", 'X' => "X.3-X.8", _ => key,
        };
    }

    private static string Fill(
        string key, string part, IEnumerable<string> variants, IReadOnlyDictionary<string, string> tokens) =>
        NarrationText.Find(key, part, variants) is { } template ? NarrationText.Fill(template, tokens) : "";
}
