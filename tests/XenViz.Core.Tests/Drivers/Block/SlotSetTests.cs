using XenViz.Core.Drivers.Block;

namespace XenViz.Core.Tests.Drivers.Block;

public sealed class SlotSetTests
{
    [Fact]
    public void Places_are_taken_from_below_and_given_back_as_a_sorted_set_would()
    {
        var random = new Random(3);
        var naive = new SortedSet<int>();
        var slots = default(SlotSet);
        for (var i = 0; i < 3000; i++)
        {
            if (random.Next(2) == 0)
            {
                var wanted = random.Next(0, 12);
                var expected = Enumerable.Range(0, 20_000).Where(slot => !naive.Contains(slot)).Take(wanted).ToArray();
                (slots, var taken) = slots.Take(wanted);
                Assert.Equal(expected, taken);
                naive.UnionWith(expected);
            }
            else
            {
                int[] given = [.. Enumerable.Range(0, random.Next(10)).Select(_ => random.Next(150))];
                slots = slots.Except(given);
                naive.ExceptWith(given);
            }

            Assert.Equal(naive.Count, slots.Count);
            Assert.All(Enumerable.Range(0, 200), slot => Assert.Equal(naive.Contains(slot), slots.Contains(slot)));
        }
    }
}
