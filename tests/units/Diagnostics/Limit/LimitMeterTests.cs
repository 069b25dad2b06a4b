using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Limit;

namespace ColbertOnnx.Tests.Diagnostics.Limit;

public sealed class LimitMeterTests
{
    [Fact]
    public void Seconds_are_the_sum_of_what_each_type_takes()
    {
        Assert.Equal(2.5, new MultiplyAdds(8, 6).SecondsAt(new CpuPeak(16, 3)));
        Assert.Equal(2, new MultiplyAdds(0, 6).SecondsAt(new CpuPeak(0, 3)));
    }

    [Fact]
    public void Only_the_types_that_a_graph_multiplies_are_measured()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        CpuPeak both = CpuPeak.Measure(2, new MultiplyAdds(1, 1), token), floats = CpuPeak.Measure(1, new MultiplyAdds(0, 1), token);
        Assert.True(both.Int8 > 0 && double.IsFinite(both.Int8) && both.Float > 0 && double.IsFinite(both.Float));
        Assert.Equal(0, floats.Int8);
        Assert.Throws<OperationCanceledException>(() => CpuPeak.Measure(1, new MultiplyAdds(1, 1), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_measurement_has_the_limit_of_its_texts()
    {
        var options = new ColbertBenchmarkOptions
        {
            Repeat = 1,
            Count = 8,
            TokenCount = 40,
            LatencyTexts = 1,
            LeastRound = TimeSpan.FromMilliseconds(1),
        };
        ThroughputLimit limit = ColbertBenchmark.Measure(options: options, cancellation: TestContext.Current.CancellationToken)[0].Limit!;
        Assert.Equal(40.0 * ((6 * ((4 * 384 * 384) + (2 * 384 * 1536))) + (384 * 96)), limit.Int8PerText, 1.0);
        Assert.Equal(6 * 2 * 40.0 * 40 * 384, limit.FloatPerText, 1.0);
        Assert.Equal(
            limit.DocumentsPerSecond.Median,
            1 / ((limit.Int8PerText / limit.Int8PerSecond!.Value.Median) + (limit.FloatPerText / limit.FloatPerSecond!.Value.Median)),
            limit.DocumentsPerSecond.Median * 1e-9);
        Assert.True(limit.Share.Minimum > 0 && limit.ShareByCpuTime.Minimum > 0);
    }
}
