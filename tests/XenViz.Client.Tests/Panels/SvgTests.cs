using System.Globalization;
using XenViz.Client.Panels;

namespace XenViz.Client.Tests.Panels;

public sealed class SvgTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.001, "0")]
    [InlineData(12, "12")]
    [InlineData(12.5, "12.5")]
    [InlineData(12.05, "12.05")]
    [InlineData(-7.25, "-7.25")]
    [InlineData(1999.999, "2000")]
    [InlineData(123456.78, "123456.78")]
    public void A_coordinate_has_at_most_two_decimals(double value, string text) => Assert.Equal(text, Svg.N(value));

    [Fact]
    public void A_number_is_written_to_a_hundredth_and_a_share_to_a_thousandth()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var value = (random.NextDouble() - 0.5) * 10_000;
            Assert.Equal(value, double.Parse(Svg.N(value), CultureInfo.InvariantCulture), 0.00501);
            var share = random.NextDouble() * 100;
            Assert.Equal(share, double.Parse(Svg.Percent(share)[..^1], CultureInfo.InvariantCulture), 0.000501);
        }
    }
}
