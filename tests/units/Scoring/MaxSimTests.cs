using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace ColbertOnnx.Tests.Scoring;

public sealed class MaxSimTests(ITestOutputHelper output)
{
    [Fact]
    public void It_agrees_with_a_plain_loop_in_double()
    {
        double largest = 0;
        var random = new Random(1);
        foreach (int dimension in (int[])[1, 2, 3, 7, 48, 96, 127, 128, 129])
            foreach (int queryRows in (int[])[1, 5, 8, 9, 16, 17, 31, 32, 33, 47, 64, 65])
                foreach (int documentRows in (int[])[1, 2, 7, 8, 9, 15, 16, 23, 180])
                {
                    float[] query = ScoredRows.Random(random, queryRows, dimension),
                        document = ScoredRows.Random(random, documentRows, dimension);
                    int[] rows = new int[queryRows];
                    float[] dots = new float[queryRows];
                    float score = MaxSim.Match(query, document, dimension, rows, dots);
                    double expected = 0;
                    for (int i = 0; i < queryRows; i++)
                    {
                        double best = double.NegativeInfinity;
                        for (int j = 0; j < documentRows; j++) best = Math.Max(best, ScoredRows.Dot(query, i, document, j, dimension));
                        expected += best;
                        largest = Math.Max(largest, Math.Abs(best - dots[i]));
                        Assert.Equal(best, ScoredRows.Dot(query, i, document, rows[i], dimension), 1e-6);
                    }

                    Assert.Equal(expected, score, 1e-6 * queryRows);
                    Assert.Equal(score, MaxSim.Score(query, document, dimension));
                }

        output.WriteLine($"largest difference of a dot product: {largest:g3}");
        Assert.InRange(largest, 0, 1e-6);
    }

    [Fact]
    public void A_document_without_vectors_scores_zero()
    {
        int[] rows = [7, 7];
        float[] dots = [7, 7];
        Assert.Equal(0, MaxSim.Match([1, 0, 0, 1], [], 2, rows, dots));
        Assert.Equal([-1, -1], rows);
        Assert.Equal([0f, 0f], dots);
    }

    [Fact]
    public void A_query_without_vectors_scores_zero() => Assert.Equal(0, MaxSim.Score([], [1, 0], 2));

    [Fact]
    public void Negative_dot_products_count_as_they_are() => Assert.Equal(-1, MaxSim.Score([1, 0], [-1, 0], 2));

    [Fact]
    public void Of_equal_vectors_the_first_is_taken()
    {
        float[] document = new float[2 * 11];
        for (int i = 3; i < 11; i++) document[2 * i] = 1;
        int[] rows = new int[1];
        MaxSim.Match([1, 0], document, 2, rows, []);
        Assert.Equal(3, rows[0]);
    }

    [Fact]
    public void Embeddings_of_different_dimensions_are_refused()
    {
        var query = new ColbertEmbedding(TextKind.Query, "q", new float[2], 2);
        var document = new ColbertEmbedding(TextKind.Document, "d", new float[3], 3);
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Throws<ColbertException>(() => MaxSim.Score(query, document)).Id);
    }

    [Fact]
    public void Memory_that_is_not_whole_vectors_is_refused()
    {
        Assert.Throws<ArgumentException>(() => MaxSim.Score(new float[3], new float[4], 2));
        Assert.Throws<ArgumentException>(() => MaxSim.Score(new float[4], new float[3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaxSim.Score(new float[4], new float[4], 0));
    }

    [Fact]
    [Trait("Kind", "Timed")]
    public void It_is_several_times_as_fast_as_a_plain_loop()
    {
        var random = new Random(2);
        foreach ((int queryRows, int documentRows, int dimension) in ((int, int, int)[])
        [
            (32, 180, 128), (32, 180, 96), (16, 180, 96), (9, 60, 96),
        ])
        {
            float[] query = ScoredRows.Random(random, queryRows, dimension), document = ScoredRows.Random(random, documentRows, dimension);
            double vector = Fastest(() => MaxSim.Score(query, document, dimension));
            double plain = Fastest(() => Plain(query, document, dimension));
            double rate = (double)queryRows * documentRows * dimension / vector / 1e9;
            output.WriteLine(
                $"{queryRows} x {documentRows} x {dimension}: {vector * 1e6:f1} us, {rate:f1} G multiply-adds/s, {plain / vector:f1} "
                    + $"times a plain loop");
            if (Vector128.IsHardwareAccelerated) Assert.InRange(plain / vector, 2, double.MaxValue);
        }
    }

    private static double Fastest(Func<float> action)
    {
        double best = double.MaxValue;
        for (int round = 0; round < 30; round++)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < 10; i++) action();
            best = Math.Min(best, watch.Elapsed.TotalSeconds / 10);
        }

        return best;
    }

    private static float Plain(float[] query, float[] document, int dimension)
    {
        float score = 0;
        for (int i = 0; i < query.Length; i += dimension)
        {
            float best = float.NegativeInfinity;
            for (int j = 0; j < document.Length; j += dimension)
            {
                float dot = 0;
                for (int k = 0; k < dimension; k++) dot += query[i + k] * document[j + k];
                best = Math.Max(best, dot);
            }

            score += best;
        }

        return score;
    }
}
