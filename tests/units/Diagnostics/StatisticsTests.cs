using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(50, 30)]
    [InlineData(75, 40)]
    [InlineData(90, 46)]
    [InlineData(95, 48)]
    [InlineData(99, 49.6)]
    [InlineData(100, 50)]
    public void A_percentile_lies_on_the_line_between_its_neighbours(double percent, double expected) =>
        Assert.Equal(expected, Statistics.Percentile([10, 20, 30, 40, 50], percent), 9);

    [Fact]
    public void Of_one_value_every_percentile_is_that_value() => Assert.Equal(7, Statistics.Percentile([7], 99));

    [Fact]
    public void A_spread_is_smallest_middle_and_largest_whatever_the_order()
    {
        Assert.Equal(new Spread(1, 3, 9), Spread.Of([9, 1, 3]));
        Assert.Equal(new Spread(1, 2.5, 9), Spread.Of([9, 1, 3, 2]));
        Assert.Equal("2.5 (1 to 9)", Spread.Of([9, 1, 3, 2]).ToString());
    }

    [Fact]
    public void Latency_is_percentiles_of_each_round_and_their_spread()
    {
        double[] first = [.. Enumerable.Range(1, 101).Select(i => (double)i)];
        double[] second = [.. first.Select(ms => ms * 2).Reverse()];
        ThroughputLatency latency = ThroughputLatency.Of([first, second, first]);
        Assert.Equal(new Spread(51, 51, 102), latency.P50);
        Assert.Equal(new Spread(96, 96, 192), latency.P95);
        Assert.Equal(new Spread(100, 100, 200), latency.P99);
        Assert.Equal(303, latency.Samples.Count);
    }
}
