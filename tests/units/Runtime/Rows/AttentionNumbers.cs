namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>Random queries, keys and values of texts of one length, and what attention makes of them in double precision.</summary>
internal sealed record AttentionNumbers(int Length, int Heads, int KeyHeads, int Width, float[] Queries, float[] Keys, float[] Values)
{
    public static AttentionNumbers Random(int seed, int texts, int length, int heads, int keyHeads, int width)
    {
        var random = new Random(seed);
        return new(length, heads, keyHeads, width, Some(heads), Some(keyHeads), Some(keyHeads));

        float[] Some(int n) => [.. Enumerable.Range(0, texts * length * n * width).Select(_ => One() + One() + One())];

        float One() => (float)(random.NextDouble() - 0.5) * 2;
    }

    /// <summary>Texts from one, behind so many tokens of others and in front of so many.</summary>
    public AttentionNumbers Padded(int inFront, int behind)
    {
        int length = inFront + Length + behind;
        return this with { Length = length, Queries = Pad(Queries, Heads), Keys = Pad(Keys, KeyHeads), Values = Pad(Values, KeyHeads) };

        float[] Pad(float[] numbers, int n) => [.. Other(inFront * n * Width), .. numbers, .. Other(behind * n * Width)];

        static IEnumerable<float> Other(int count) => Enumerable.Range(0, count).Select(i => (i % 7) - 3f);
    }

    /// <summary>The row of a head of a text.</summary>
    public double[] Exact(
        int text, int head, int row, bool[] seen, double? scale = null, long before = int.MaxValue, long after = int.MaxValue)
    {
        int[] keys = [.. Enumerable.Range(0, Length).Where(key => seen[key] && key >= row - before && key <= row + after)];
        int keyHead = head / (Heads / KeyHeads);
        double[] result = new double[Width];
        if (keys.Length == 0) return result;
        double[] scores = [.. keys.Select(key => Dot(key) * (scale ?? 1 / Math.Sqrt(Width)))];
        double largest = scores.Max(), total = scores.Sum(score => Math.Exp(score - largest));
        for (int i = 0; i < keys.Length; i++)
        {
            double weight = Math.Exp(scores[i] - largest) / total;
            for (int j = 0; j < Width; j++) result[j] += weight * Values[At(keys[i], keyHead, KeyHeads) + j];
        }

        return result;

        double Dot(int key)
        {
            double sum = 0;
            for (int j = 0; j < Width; j++) sum += (double)Queries[At(row, head, Heads) + j] * Keys[At(key, keyHead, KeyHeads) + j];
            return sum;
        }

        int At(int token, int which, int of) => ((((text * Length) + token) * of) + which) * Width;
    }

    /// <summary>The same place of a result.</summary>
    public ReadOnlySpan<float> Of(float[] result, int text, int head, int row) =>
        result.AsSpan(((((text * Length) + row) * Heads) + head) * Width, Width);
}
