using System.Globalization;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>Whether what is about to be timed is right: the speed of wrong vectors is worth nothing.</summary>
internal static class OutputCheck
{
    /// <summary>How far a value of the encoder may be from the raw session loop's: kernels may round otherwise in another batch.</summary>
    public const float Tolerance = 1e-4f;

    /// <summary>
    /// Where the graph scales activations by the whole batch and a user wants batches, another cut of the batches gives other vectors.
    /// </summary>
    public const float BatchedInt8Tolerance = 0.05f;

    private const float UnitTolerance = 1e-3f;

    /// <summary>Encodes the first chunk and compares it with the raw session loop's own answers.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InferenceFailed"/>: what is wrong, with which text.</exception>
    public static void Run(
        BenchmarkSubject subject, IReadOnlyList<string> texts, PreparedTexts prepared, CancellationToken cancellation)
    {
        LanePool pool = subject.Pool;
        List<ColbertEmbedding> embeddings = [];
        EncoderPass.Run(pool, texts.Take(prepared.FirstInputs.Count), subject.Options, embeddings.Add, cancellation);

        float tolerance = subject.IsQuantized && pool.Settings.BatchSize != 1 ? BatchedInt8Tolerance : Tolerance;
        for (int i = 0; i < embeddings.Count; i++)
        {
            int count = subject.Options.PoolFactor > 1 ? embeddings[i].TokenCount : prepared.FirstInputs[i].KeptCount;
            if (Wrong(embeddings[i], count, subject.Options.GivesUnitVectors) is { } wrong) throw Error(i, wrong);
        }

        var builder = new EmbeddingBuilder(pool.Session.Dimension, subject.CreateInputs(), pool.Settings.Name);
        float[] output = new float[prepared.Batches.Take(prepared.FirstBatches).Select(batch => batch.Ids.Length).Append(0)
            .Max() * pool.Session.Dimension];
        foreach (PreparedBatch batch in prepared.Batches.Take(prepared.FirstBatches))
        {
            ReadOnlySpan<float> rest = RawSessionLoop.RunBatch(pool.Session, batch, output, cancellation);
            foreach (int text in batch.Texts)
            {
                ModelInput input = prepared.FirstInputs[text];
                var slot = new EncodeSlot { Input = new ColbertText(texts[text]), ModelInput = input };
                ColbertEmbedding expected = builder.Build(
                    slot, rest[..(input.Count * pool.Session.Dimension)], subject.Options, cancellation);
                if (Different(embeddings[text].Values.Span, expected.Values.Span, tolerance) is { } wrong) throw Error(text, wrong);
                rest = rest[(batch.Length * pool.Session.Dimension)..];
            }
        }
    }

    /// <summary>What is wrong with an embedding by itself; null: nothing.</summary>
    internal static string? Wrong(ColbertEmbedding embedding, int count, bool isUnit)
    {
        if (embedding.TokenCount != count)
            return string.Create(CultureInfo.InvariantCulture, $"it has {embedding.TokenCount} token vectors, and its layout says {count}");
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            foreach (float value in embedding.Row(i)) sum += (double)value * value;
            if (!double.IsFinite(sum)) return string.Create(CultureInfo.InvariantCulture, $"token vector {i + 1} is not finite");
            if (isUnit && Math.Abs(Math.Sqrt(sum) - 1) > UnitTolerance)
                return string.Create(CultureInfo.InvariantCulture, $"token vector {i + 1} has the length {Math.Sqrt(sum):0.0000}, not 1");
        }

        return null;
    }

    /// <summary>Where the encoder's vectors are not the raw session loop's; null: nowhere.</summary>
    internal static string? Different(ReadOnlySpan<float> encoded, ReadOnlySpan<float> raw, float tolerance)
    {
        if (encoded.Length != raw.Length)
            return string.Create(
                CultureInfo.InvariantCulture, $"the encoder gives {encoded.Length} values and the raw session loop {raw.Length}");
        float worst = 0;
        for (int i = 0; i < raw.Length; i++)
        {
            float difference = MathF.Abs(encoded[i] - raw[i]);
            if (!(difference <= worst)) worst = difference;
        }

        return worst <= tolerance
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the encoder's vectors differ from the raw session loop's by {worst:0.######}");
    }

    private static ColbertException Error(int text, string wrong) => new(
        ColbertErrorId.InferenceFailed,
        string.Create(CultureInfo.InvariantCulture, $"The output is not right, so nothing was timed: of text {text + 1} {wrong}."), null,
        "Export the model again, or compare it with reference vectors.");
}
