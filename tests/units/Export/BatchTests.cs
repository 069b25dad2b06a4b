using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// A text's token vectors are those of the unbatched text, to the bit, whatever is beside it (docs/semantics.md, rule 15). INT8 rests on
/// it: a last bit that depends on the batch may round a value up in one and down in the other.
/// </summary>
public sealed class BatchTests
{
    [Theory]
    [InlineData("albert-base")]
    [InlineData("bert-base")]
    [InlineData("deberta-v2-conv")]
    [InlineData("deberta-v3-base")]
    [InlineData("distilbert-base")]
    [InlineData("electra-base")]
    [InlineData("eurobert-base")]
    [InlineData("lfm2-base")]
    [InlineData("modernbert-base")]
    [InlineData("mpnet-base")]
    [InlineData("qwen3-base")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    public void Token_vectors_are_the_same_to_the_bit_unbatched_and_in_a_padded_batch(string name)
    {
        using ReferenceCase reference = ReferenceCase.Load(name);
        using var exported = new ExportedCase(name);
        using OrtEncoderSession session = OrtEncoderSession.Open(exported.GraphPath, new EncoderSessionOptions());

        // Queries all have their full length with expansion: DeBERTa's vectors of expansion tokens depend on it (SequenceLimits).
        foreach (ReferenceRun run in reference.Runs.Where(r => r.Name is "query" or "document"))
        {
            int texts = reference.Texts.Count, length = Enumerable.Range(0, texts).Max(text => run.Ids(text).Length),
                dimension = session.Dimension;
            int[] ids = new int[texts * length];
            byte[] mask = new byte[ids.Length];
            Array.Fill(ids, exported.Padding);
            for (int text = 0; text < texts; text++)
            {
                run.Ids(text).CopyTo(ids.AsSpan(text * length));
                run.AttentionMask(text).CopyTo(mask.AsSpan(text * length));
            }

            float[] together = new float[ids.Length * dimension];
            session.Run(texts, length, ids, mask, together, TestContext.Current.CancellationToken);
            for (int text = 0; text < texts; text++)
            {
                float[] unbatched = new float[run.Ids(text).Length * dimension];
                session.Run(
                    1, run.Ids(text).Length, run.Ids(text), run.AttentionMask(text), unbatched, TestContext.Current.CancellationToken);
                Assert.True(
                    unbatched.AsSpan().SequenceEqual(together.AsSpan(text * length * dimension, unbatched.Length)),
                    $"{run}, text {text}: {Different(unbatched, together.AsSpan(text * length * dimension, unbatched.Length))}");
            }
        }
    }

    private static string Different(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int count = 0;
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i]) count++;
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return FormattableString.Invariant($"{count} of {a.Length} numbers differ, by up to {largest:e1}");
    }
}
