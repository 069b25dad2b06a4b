using ColbertOnnx.Tests;
using ColbertOnnx.Tests.Parity;

namespace ColbertOnnx.Benchmarks;

/// <summary>Texts and the rows that PyLate gives for them.</summary>
internal sealed record ReferenceRows(IReadOnlyList<(TextKind Kind, string Text, float[] Rows)> Texts)
{
    /// <summary>Of a checkpoint of tests/data/pylate: its queries and documents with its own settings.</summary>
    public static ReferenceRows Of(string name)
    {
        using ReferenceCase reference = ReferenceCase.Load(name);
        return new([.. reference.Runs.Where(run => run.IsPlain && !run.ExpectsError && run.Name is "query" or "document")
            .SelectMany(run => reference.Texts.Select((text, i) => (run.Kind, text, run.Embeddings(i).ToArray())))]);
    }

    /// <summary>Of the embedded model's checkpoint.</summary>
    public static ReferenceRows OfMinilm()
    {
        using var reference = new MinilmReference();
        return new([.. reference.Texts.Select((text, i) =>
        {
            int[] keep = reference.Keep(i);
            return (
                text.Kind, text.Text, reference.Embeddings(i).Chunk(96).Where((_, row) => keep[row] != 0).SelectMany(row => row).ToArray());
        })]);
    }

    /// <summary>How far a folder's graph is from them.</summary>
    public (double Largest, double Mean, double Smallest) Compare(string folder, bool quantized)
    {
        using ColbertModel model = ColbertModel.Load(folder, new ColbertModelOptions { Quantized = quantized });
        double largest = 0;
        List<double> cosines = [];
        foreach ((TextKind kind, string text, float[] expected) in Texts)
        {
            ColbertEmbedding embedding = (kind == TextKind.Query ? model.EncodeQueries([text]) : model.EncodeDocuments([text]))[0];
            if (embedding.Values.Length != expected.Length)
                throw new InvalidOperationException($"'{text}' has other rows than PyLate gives.");
            for (int row = 0; row < embedding.TokenCount; row++)
            {
                ReadOnlySpan<float> ours = embedding[row], theirs = expected.AsSpan(row * embedding.Dimension, embedding.Dimension);
                double dot = 0, left = 0, right = 0;
                for (int k = 0; k < ours.Length; k++)
                {
                    double difference = Math.Abs((double)ours[k] - theirs[k]);
                    largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
                    dot += (double)ours[k] * theirs[k];
                    left += (double)ours[k] * ours[k];
                    right += (double)theirs[k] * theirs[k];
                }

                cosines.Add(dot / Math.Sqrt(left * right));
            }
        }

        return (largest, cosines.Average(), cosines.Min());
    }
}
