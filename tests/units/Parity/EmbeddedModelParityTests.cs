using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Parity;

public sealed class EmbeddedModelParityTests(ITestOutputHelper output)
{
    [Fact]
    public void The_embedded_model_gives_PyLates_inputs_and_nearly_its_vectors()
    {
        using var reference = new MinilmReference();
        using ColbertModel model = ColbertModel.Load();
        Assert.True(model.IsQuantized);
        Assert.Equal("minilm-l6-colbert-96", model.Name);
        Assert.Equal(96, model.Dimension);

        var encoder = new InputBuilder(model.Resolved);
        var row = new ModelInput();
        double sum = 0, smallest = 1;
        int rows = 0;
        for (int i = 0; i < reference.Texts.Count; i++)
        {
            (TextKind kind, string text) = reference.Texts[i];
            encoder.Build(text, kind, withOffsets: false, row);
            Assert.Equal(reference.Ids(i), row.Ids.ToArray());
            Assert.Equal(reference.AttentionMask(i), Array.ConvertAll(row.AttentionMask.ToArray(), value => (int)value));
            Assert.Equal(reference.Keep(i).Index().Where(k => k.Item != 0).Select(k => k.Index), row.Kept.ToArray());

            ColbertEmbedding embedding = (kind == TextKind.Query ? model.EncodeQueries([text]) : model.EncodeDocuments([text]))[0];
            Assert.Equal(row.KeptCount, embedding.TokenCount);
            float[] expected = reference.Embeddings(i);
            for (int k = 0; k < embedding.TokenCount; k++)
            {
                double cosine = Cosine(embedding[k], expected.AsSpan(row.Kept[k] * 96, 96));
                sum += cosine;
                smallest = Math.Min(smallest, cosine);
                rows++;
            }
        }

        output.WriteLine($"{reference.Texts.Count} texts, {rows} rows: mean cosine {sum / rows:f5}, smallest {smallest:f5}");
        Assert.InRange(sum / rows, 0.998, 1.00001);
        Assert.InRange(smallest, 0.98, 1.00001);
    }

    /// <summary>
    /// Names the folder of the checkpoint that it was made of, where that is at hand: 45 MB that the repository does without.
    /// </summary>
    private const string CheckpointVariable = "COLBERT_TEST_MINILM";

    [Fact]
    public void The_exporter_writes_it_again_byte_for_byte()
    {
        string? checkpoint = Environment.GetEnvironmentVariable(CheckpointVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(checkpoint), $"{CheckpointVariable} does not name the checkpoint of the embedded model.");
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(
            checkpoint!, folder.File("model"), new ColbertExportOptions { Quantize = true, Name = "minilm-l6-colbert-96" },
            cancellation: TestContext.Current.CancellationToken);
        foreach (string name in (string[])["model_int8.onnx", "onnx_config.json", "tokenizer.json"])
            Assert.True(
                File.ReadAllBytes(folder.File($"model/{name}")).AsSpan()
                    .SequenceEqual(File.ReadAllBytes(TestData.Path("..", "..", "module", "models", "minilm-l6-colbert-96", name))),
                $"{name} differs");
        long full = new DirectoryInfo(folder.File("model")).EnumerateFiles("model.onnx*").Sum(file => file.Length);
        Assert.InRange((double)new FileInfo(folder.File("model/model_int8.onnx")).Length / full, 0.2, 0.26);
    }

    [Fact]
    public void Its_vectors_do_not_depend_on_what_else_is_encoded()
    {
        using var reference = new MinilmReference();
        using ColbertModel one = ColbertModel.Load(null, new ColbertModelOptions { Sessions = 1 });
        using ColbertModel many = ColbertModel.Load(null, new ColbertModelOptions { Sessions = 25 });
        string[] texts = [.. reference.Texts.Select(t => t.Text)];
        IReadOnlyList<ColbertEmbedding> together = many.EncodeDocuments(texts);
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(one.EncodeDocuments([texts[i]])[0].Values.ToArray(), together[i].Values.ToArray());
    }

    [Fact]
    public void The_relevant_text_is_ranked_first()
    {
        using ColbertModel model = ColbertModel.Load();
        ColbertEmbedding query = model.EncodeQueries(["What is the capital of France?"])[0];
        IReadOnlyList<ColbertEmbedding> documents = model.EncodeDocuments(
            [
                "Berlin is a city in Germany.", "Paris is the capital and largest city of France.",
                "Bread is made of flour, water and salt.",
            ]);
        float[] scores = [.. documents.Select(document => MaxSim.Score(query, document))];
        output.WriteLine(string.Join(", ", scores));
        Assert.Equal(scores.Max(), scores[1]);
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }
}
