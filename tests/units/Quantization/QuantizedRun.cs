using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Quantization;

/// <summary>What a graph gives for a run's texts: alone, and laid out in batches.</summary>
internal sealed class QuantizedRun(OrtEncoderSession session, ReferenceRun run)
{
    /// <summary>All rows of a text, alone.</summary>
    public float[] Alone(int text)
    {
        ReadOnlySpan<int> ids = run.Ids(text);
        float[] rows = new float[ids.Length * session.Dimension];
        session.Run(1, ids.Length, ids, run.AttentionMask(text), rows, TestContext.Current.CancellationToken);
        return rows;
    }

    /// <summary>The rows of each text of one batch, in which all are padded on the right to the longest and some tokens more.</summary>
    public float[][] Together(ReadOnlySpan<int> texts, int more)
    {
        int length = more;
        foreach (int text in texts) length = Math.Max(length, run.Ids(text).Length + more);
        int[] ids = new int[texts.Length * length];
        byte[] mask = new byte[ids.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            run.Ids(texts[i]).CopyTo(ids.AsSpan(i * length));
            run.AttentionMask(texts[i]).CopyTo(mask.AsSpan(i * length));
        }

        float[] rows = new float[ids.Length * session.Dimension];
        session.Run(texts.Length, length, ids, mask, rows, TestContext.Current.CancellationToken);
        float[][] apart = new float[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
            apart[i] = rows.AsSpan(i * length * session.Dimension, run.Ids(texts[i]).Length * session.Dimension).ToArray();
        return apart;
    }

    /// <summary>Cosines between rows of two results, unit rows both.</summary>
    public static IEnumerable<double> Cosines(float[] a, float[] b, int dimension)
    {
        for (int row = 0; row < a.Length; row += dimension)
        {
            double dot = 0, first = 0, second = 0;
            for (int k = row; k < row + dimension; k++)
            {
                dot += (double)a[k] * b[k];
                first += (double)a[k] * a[k];
                second += (double)b[k] * b[k];
            }

            yield return dot / Math.Sqrt(first * second);
        }
    }
}
