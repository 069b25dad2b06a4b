using System.Text.Json;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>
/// The graph, the selection of rows, normalization and pooling against PyLate's embeddings, from the ids that PyLate fed.
/// </summary>
public sealed class StoredIdsParityTests(ITestOutputHelper output)
{
    /// <summary>Rows that see no key: PyLate gives zeros there, the exporter's graph of this model the mean (up to 0.69 apart).</summary>
    private static readonly string[] WrongGraphs = ["modernbert-base/query"];

    private static float[] Rows(IEncoderSession session, ReadOnlySpan<int> ids, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> keep)
    {
        float[] all = new float[ids.Length * session.Dimension];
        session.Run(1, ids.Length, ids, mask, all, TestContext.Current.CancellationToken);
        var kept = new List<int>();
        for (int i = 0; i < keep.Length; i++) if (keep[i] != 0) kept.Add(i);
        float[] rows = new float[kept.Count * session.Dimension];
        TokenVectors.Gather(all, [.. kept], session.Dimension, rows);
        return rows;
    }

    private static float Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++) largest = MathF.Max(largest, MathF.Abs(expected[i] - actual[i]));
        return largest;
    }

    [Fact]
    public void Every_exported_folder_gives_PyLates_vectors_within_1e_minus_5()
    {
        float worst = 0;
        int texts = 0;
        foreach (string name in ReferenceCase.OnnxNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            using var session = OrtEncoderSession.Open(
                Path.Combine(reference.OnnxFolder, "model.onnx"), new EncoderSessionOptions { Threads = 1 });
            foreach (ReferenceRun run in reference.Runs.Where(r => r.HasRows && r.IsPlain && !WrongGraphs.Contains(r.ToString())))
            {
                float largest = 0;
                for (int i = 0; i < reference.Texts.Count; i++, texts++)
                    largest = MathF.Max(
                        largest, Difference(run.Embeddings(i), Rows(session, run.Ids(i), run.AttentionMask(i), run.Keep(i))));
                output.WriteLine($"{run}: {largest:e2}");
                worst = MathF.Max(worst, largest);
            }
        }

        output.WriteLine($"{texts} texts; largest difference {worst:e2}");
        Assert.InRange(worst, 0, 1e-5f);
        Assert.True(texts > 300, "the reference cases are there");
    }

    [Fact]
    public void Rule_14_pooled_documents_are_PyLates_within_1e_minus_5()
    {
        using ReferenceCase reference = ReferenceCase.Load("bert-base");
        using var session = OrtEncoderSession.Open(
            Path.Combine(reference.OnnxFolder, "model.onnx"), new EncoderSessionOptions { Threads = 1 });
        ReferenceRun plain = reference["document"];
        var pooling = new TokenPooling();
        int runs = 0;
        foreach (ReferenceRun run in reference.Runs.Where(r => r.Encode.TryGetProperty("pool_factor", out _)))
        {
            int factor = run.Encode.GetProperty("pool_factor").GetInt32();
            int kept = run.Encode.TryGetProperty("protected_tokens", out JsonElement value) ? value.GetInt32() : 1;
            float largest = 0;
            for (int i = 0; i < reference.Texts.Count; i++)
            {
                if (run.UnstableTexts.Contains(i)) continue;
                float[] rows = Rows(session, plain.Ids(i), plain.AttentionMask(i), plain.Keep(i));
                float[] pooled = new float[rows.Length];
                int count = pooling.Pool(rows, session.Dimension, factor, kept, pooled);
                largest = MathF.Max(largest, Difference(run.Embeddings(i), pooled.AsSpan(0, count * session.Dimension)));
            }

            output.WriteLine($"{run}: {largest:e2}");
            Assert.InRange(largest, 0, 1e-5f);
            runs++;
        }

        Assert.True(runs > 0);
    }

    [Fact]
    public void The_embedded_INT8_model_has_a_mean_cosine_of_at_least_0_99_to_PyLate()
    {
        using SafetensorsFile stored = SafetensorsFile.Open(TestData.Path("minilm-reference", "embeddings.safetensors"));
        using var session = OrtEncoderSession.Open(
            TestData.Path("..", "..", "module", "models", "minilm-l6-colbert-96", "model_int8.onnx"),
            new EncoderSessionOptions { Threads = 1 });
        double sum = 0, smallest = 1;
        int rows = 0;
        for (int i = 0; stored.Tensors.ContainsKey($"{i}.input_ids"); i++)
        {
            int[] ids = stored.Read<int>($"{i}.input_ids");
            float[] expected = stored.ReadSingles($"{i}.embeddings");
            byte[] everything = new byte[ids.Length];
            everything.AsSpan().Fill(1);
            float[] actual = Rows(session, ids, [.. stored.ReadSingles($"{i}.attention_mask").Select(x => (byte)x)], everything);
            Assert.Equal(expected.Length, actual.Length);
            for (int row = 0; row < ids.Length; row++, rows++)
            {
                double cosine = 0;
                for (int k = 0; k < session.Dimension; k++)
                    cosine += (double)expected[(row * session.Dimension) + k] * actual[(row * session.Dimension) + k];
                sum += cosine;
                smallest = Math.Min(smallest, cosine);
            }
        }

        output.WriteLine($"{rows} rows: mean cosine {sum / rows:f5}, smallest {smallest:f5}");
        Assert.True(rows > 1000, "the reference is there");
        Assert.InRange(sum / rows, 0.99, 1.0001);
    }
}
