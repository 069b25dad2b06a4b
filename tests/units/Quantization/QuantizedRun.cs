using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Quantization;

/// <summary>What a graph gives for a run's texts: unbatched, and laid out in batches.</summary>
internal sealed class QuantizedRun(OrtEncoderSession session, ReferenceRun run)
{
    /// <summary>Matrix products that are INT8.</summary>
    public static int Products(OnnxModel model) => model.Graph.All().Count(node => node.OpType == "MatMulIntegerToFloat");

    /// <summary>Names of the operators that read a table of this type; a column of scales is none.</summary>
    public static string[] Gathers(OnnxModel model, OnnxElementType type) =>
    [
        .. model.Graph.All()
            .Where(node => node.OpType == "Gather" && model.Find(node.Input[0]) is { Shape: [_, > 1] } table && table.Type == type)
            .Select(node => node.Name),
    ];

    /// <summary>All token vectors of a text, unbatched.</summary>
    public float[] Unbatched(int text)
    {
        ReadOnlySpan<int> ids = run.Ids(text);
        float[] rows = new float[ids.Length * session.Dimension];
        session.Run(1, ids.Length, ids, run.AttentionMask(text), rows, TestContext.Current.CancellationToken);
        return rows;
    }

    /// <summary>The token vectors of each text of one batch, in which all are padded on the right beyond the longest.</summary>
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

    /// <summary>Cosines between the token vectors of two results.</summary>
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
