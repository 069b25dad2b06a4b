namespace ColbertOnnx.Tests.Parity;

/// <summary>How far embeddings are from a run's.</summary>
internal static class Difference
{
    /// <summary>
    /// The largest difference of a component, and how many rows were left out because the graph itself is known to be wrong there.
    /// </summary>
    public static (double Largest, int LeftOut) Of(ReferenceRun run, int text, ColbertEmbedding embedding, int window = 0)
    {
        ReadOnlySpan<float> expected = run.Embeddings(text);
        Assert.Equal(run.Dimension, embedding.Dimension);
        Assert.True(
            expected.Length == embedding.Values.Length,
            $"{run}, text {text}: {embedding.TokenCount} rows instead of {expected.Length / run.Dimension}");
        double largest = 0;
        int leftOut = 0, row = 0;
        for (int place = 0; place < run.Keep(text).Length; place++)
        {
            if (run.Keep(text)[place] == 0) continue;
            if (window > 0 && SeesNoKey(run.AttentionMask(text), place, window / 2)) leftOut++;
            else
            {
                for (int k = 0; k < run.Dimension; k++)
                {
                    double difference = Math.Abs(expected[(row * run.Dimension) + k] - (double)embedding.Row(row)[k]);
                    largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
                }
            }

            row++;
        }

        return (largest, leftOut);
    }

    /// <summary>True when a layer of local attention has nothing to look at from this place.</summary>
    private static bool SeesNoKey(ReadOnlySpan<byte> mask, int place, int reach)
    {
        int first = Math.Max(0, place - reach), end = Math.Min(mask.Length, place + reach + 1);
        return !mask[first..end].Contains((byte)1);
    }
}
