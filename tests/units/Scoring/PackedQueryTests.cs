using ColbertOnnx.Scoring;

namespace ColbertOnnx.Tests.Scoring;

public sealed class PackedQueryTests(ITestOutputHelper output)
{
    /// <summary>Widths that this CPU lacks are computed by the framework's own substitute, which is slow and as right.</summary>
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Every_width_of_vector_agrees_with_a_plain_loop_in_double(int bits)
    {
        double largest = 0;
        var random = new Random(bits);
        foreach (int dimension in (int[])[1, 3, 4, 48, 96, 100])
            foreach (int queryRows in (int[])[1, 4, 5, 8, 9, 12, 13, 16, 17, 21, 24, 25, 32, 33, 44, 59, 64])
                foreach (int documentRows in (int[])[1, 3, 4, 5, 7, 8, 9, 30, 61])
                {
                    float[] query = ScoredRows.Random(random, queryRows, dimension),
                        document = ScoredRows.Random(random, documentRows, dimension);
                    int[] rows = new int[queryRows];
                    float[] dots = new float[queryRows];
                    var packed = new PackedQuery(query, dimension, bits);
                    float score = packed.Match(document, rows, dots);
                    double expected = 0;
                    for (int i = 0; i < queryRows; i++)
                    {
                        double best = ScoredRows.Best(query, i, document, dimension);
                        expected += best;
                        largest = Math.Max(largest, Math.Abs(best - dots[i]));
                        Assert.Equal(best, ScoredRows.Dot(query, i, document, rows[i], dimension), 1e-6);
                    }

                    Assert.Equal(expected, score, 1e-6 * queryRows);
                    Assert.Equal(score, packed.Score(document));
                }

        output.WriteLine($"{bits} bits (this CPU: {Panels.Bits}): largest difference of a dot product {largest:g3}");
        Assert.InRange(largest, 0, 1e-6);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Of_equal_vectors_the_first_is_taken_at_every_width(int bits)
    {
        foreach (int dimension in (int[])[2, 4])
            foreach (int queryRows in (int[])[3, 8, 12, 20, 40])
                foreach (int documentRows in (int[])[5, 8, 21])
                {
                    float[] document = new float[dimension * documentRows];
                    for (int i = 3; i < documentRows; i++) document[dimension * i] = 1;
                    float[] query = new float[dimension * queryRows];
                    for (int i = 0; i < queryRows; i++) query[dimension * i] = 1;
                    int[] rows = new int[queryRows];
                    new PackedQuery(query, dimension, bits).Match(document, rows, []);
                    Assert.All(rows, row => Assert.Equal(3, row));
                }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_vector_with_NaN_is_never_the_best(int bits)
    {
        var random = new Random(5);
        foreach (int queryRows in (int[])[8, 12, 32])
        {
            float[] query = ScoredRows.Random(random, queryRows, 96), document = ScoredRows.Random(random, 30, 96);
            float[] without = document[..(29 * 96)];
            document[(29 * 96) + 50] = float.NaN;
            Assert.Equal(new PackedQuery(query, 96, bits).Score(without), new PackedQuery(query, 96, bits).Score(document));
        }
    }

    [Fact]
    public void A_packed_query_scores_what_MaxSim_scores()
    {
        var random = new Random(4);
        float[] query = ScoredRows.Random(random, 20, 96), document = ScoredRows.Random(random, 77, 96);
        Assert.Equal(MaxSim.Score(query, document, 96), new PackedQuery(query, 96).Score(document));
        Assert.Equal(0, new PackedQuery(query, 96).Score([]));
    }
}
