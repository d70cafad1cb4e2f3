using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>An arrow of the step: what moves on the same way one after the other is one.</summary>
/// <param name="Letter">a, b, c; empty for those behind the last letter.</param>
/// <param name="Kind">The kind of what moves, as in <see cref="CarrierView.Kind"/>.</param>
/// <param name="First">The first of its carriers, an index.</param>
/// <param name="Count">How many carriers it stands for.</param>
/// <param name="Words">What it is.</param>
public sealed record Beat(string Letter, string Kind, int First, int Count, string Words);

/// <summary>
/// The letters of a step's arrows, in order of time. A step with one arrow needs none; of many arrows the first have
/// letters, and the others are counted.
/// </summary>
public static class Beats
{
    /// <summary>Most letters of a step.</summary>
    public const int Most = 6;

    /// <summary>Most arrows with a letter that begin at the same place.</summary>
    public const int MostAtAPlace = 2;

    /// <summary>The arrows with their letters; empty where there are fewer than two.</summary>
    /// <param name="stage">What is on stage.</param>
    public static ImmutableArray<Beat> Of(StageView stage)
    {
        var beats = new List<Beat>();
        for (var i = 0; i < stage.Carriers.Length; i++)
        {
            var kind = stage.Carriers[i].Kind;
            if (!Lanes.Knows(kind))
            {
                continue;
            }

            if (beats.Count > 0 && beats[^1] is var last && last.Kind == kind && last.First + last.Count == i)
            {
                beats[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                beats.Add(new Beat("", kind, i, 1, ""));
            }
        }

        return beats.Count < 2 ? [] : Lettered(beats, stage);
    }

    private static ImmutableArray<Beat> Lettered(List<Beat> beats, StageView stage)
    {
        var taken = new Dictionary<(double, double), int>();
        var letters = 0;
        while (letters < Math.Min(beats.Count, Most) && Takes(beats[letters]))
        {
            letters++;
        }

        return
        [
            .. beats.Select((beat, i) => beat with
            {
                Letter = i < letters ? ((char)('a' + i)).ToString() : "", Words = WordsOf(beat, stage),
            }),
        ];

        bool Takes(Beat beat)
        {
            var place = Lanes.LetterAt(beat.Kind);
            taken[place] = taken.GetValueOrDefault(place) + 1;
            return taken[place] <= MostAtAPlace;
        }
    }

    private static string WordsOf(Beat beat, StageView stage)
    {
        var key = "Beat." + beat.Kind;
        var words = StageText.Get(stage.Device == "network" && StageText.Knows("Net." + key) ? "Net." + key : key);
        return beat.Count == 1 ? words : StageText.Get("BeatTimes", words, beat.Count);
    }
}
