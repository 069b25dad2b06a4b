using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity;

namespace ColbertOnnx.Tests.Diagnostics.Parity;

public sealed class ParityStatisticsTests
{
    [Fact]
    public void Percentiles_of_counts_are_within_six_percent()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(_ => Math.Pow(10, -8 * random.NextDouble()))];
        var counts = new LogHistogram();
        foreach (double value in values) counts.Add(value);
        double[] sorted = [.. values.Order()];
        foreach (double percent in new[] { 0, 1, 50, 90, 99, 99.9, 100 })
        {
            double exact = ColbertOnnx.Diagnostics.Statistics.Percentile(sorted, percent);
            Assert.InRange(counts.Percentile(percent), exact * 0.94, exact * 1.06);
        }

        Assert.Equal(values.Length, counts.Bars(8).Sum(bar => bar.Count));
    }

    [Fact]
    public void Zero_and_what_is_beyond_the_scale_are_counted()
    {
        var counts = new LogHistogram();
        foreach (double value in new[] { 0, -1e-17, 1e-12, 100, double.PositiveInfinity }) counts.Add(value);
        Assert.Equal((5, -1e-17, double.PositiveInfinity), (counts.Count, counts.Smallest, counts.Largest));
        Assert.InRange(counts.Percentile(10), -1e-17, 1e-9);
        Assert.Equal(0, new LogHistogram().Percentile(50));
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 2, 3, 4 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 2, 4, 3 }, 0.6667)]
    [InlineData(new double[] { 1, 1, 2, 3 }, new double[] { 1, 2, 2, 3 }, 0.8)]
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, 1)]
    public void Tau_counts_pairs_and_ties(double[] a, double[] b, double expected) =>
        Assert.Equal(expected, RankingSample.KendallTau(a, b), 4);

    [Fact]
    public void A_sample_of_rankings_is_bounded_and_sees_the_whole_stream()
    {
        var sample = new RankingSample();
        for (int i = 0; i < 3000; i++)
        {
            float[] row = Row(i);
            sample.Add(TextKind.Document, row, i < 2000 ? row : Row(i + 7), 8);
            if (i % 10 == 0) sample.Add(TextKind.Query, row, row, 8);
        }

        ColbertParityRanking ranking = sample.Result(TestContext.Current.CancellationToken)!;
        Assert.Equal((32, 128, 10), (ranking.Queries, ranking.Documents, ranking.Top));
        // The last third of the documents differs: so does about a third of the sample.
        Assert.InRange(ranking.KendallTau, 0.2, 0.8);
        Assert.InRange(ranking.MeanDrift, 1e-3, 2);
    }

    [Fact]
    public void Long_documents_are_fewer()
    {
        var sample = new RankingSample();
        float[] document = new float[8192 * 8];
        for (int i = 0; i < 20; i++) sample.Add(TextKind.Document, document, document, 8);
        sample.Add(TextKind.Query, Row(1), Row(1), 8);
        Assert.Equal(4, sample.Result(TestContext.Current.CancellationToken)!.Documents);
        Assert.Null(new RankingSample().Result(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Numbers_that_are_none_are_infinitely_far()
    {
        TextComparison comparison = TextComparison.Of([1, 0, float.NaN, 1], [1, 0, 0, 1], 2, null);
        Assert.Equal(double.PositiveInfinity, comparison.LargestDifference);
        comparison = TextComparison.Of([0, 0, 1, 0], [0, 0, 0, 0], 2, null);
        Assert.Equal([1.0, 0.0], comparison.Cosines);
        Assert.Equal(1, comparison.WorstRow);
    }

    private static float[] Row(int seed)
    {
        var random = new Random(seed);
        float[] row = [.. Enumerable.Range(0, 8).Select(_ => (float)(random.NextDouble() - 0.5))];
        ColbertOnnx.Pipeline.TokenVectors.Normalize(row);
        return row;
    }
}
