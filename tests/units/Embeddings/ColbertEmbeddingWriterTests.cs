using System.Text;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class ColbertEmbeddingWriterTests
{
    private static readonly string[] Texts = ["Bread rises.", "The moon turns.", "Salt melts ice."];

    [Fact]
    public void An_interrupted_run_goes_on_behind_its_last_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        ColbertEmbedding[] embeddings = [.. model.EncodeDocuments(Texts, TestContext.Current.CancellationToken)];
        string whole = folder.File("whole.npz"), parts = folder.File("parts.npz");
        ColbertEmbeddingFile.Write(whole, embeddings);

        Assert.Equal((null, 3), Run(2, complete: false));
        Assert.False(File.Exists(parts));
        Assert.Equal((2L, 1), Run(int.MaxValue, complete: true));
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(parts));

        // What was done before the run, and the texts that were still to do.
        (long? Before, int Left) Run(int most, bool complete)
        {
            using var writer = ColbertEmbeddingWriter.Resume(parts, model);
            var history = new InputHistory(writer.Resumed);
            InputItem[] left = [.. history.Read(Texts.Select((text, i) => new InputItem(text, null, $"text {i}")))];
            foreach (InputItem item in left.Take(most))
            {
                writer.Write(embeddings.Single(embedding => embedding.Text == item.Text));
                history.Encoded(isTruncated: false);
                writer.Checkpoint(history.State);
            }

            if (complete) writer.Complete();
            return (writer.Resumed?.Items, left.Length);
        }
    }

    [Fact]
    public void Another_model_does_not_go_on_with_a_run()
    {
        using var folder = new TemporaryFolder();
        using var model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        using var other = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new ColbertModelOptions { DocumentLength = 5 });
        using (var writer = ColbertEmbeddingWriter.Resume(folder.File("e.npz"), model)) writer.Checkpoint(new InputHistory().State);
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertEmbeddingWriter.Resume(folder.File("e.npz"), other));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.Contains("its DocumentLength was", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_Lines_go_to_a_stream_as_to_a_file()
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding embedding = new(TextKind.Document, "a text", new float[] { 0.6f, 0.8f }, 2) { Id = "1" };
        ColbertEmbeddingFile.Write(folder.File("e.jsonl"), [embedding]);
        using var stream = new MemoryStream();
        using var writer = new ColbertEmbeddingWriter(stream);
        writer.Write(embedding);
        writer.Complete();
        Assert.Equal(File.ReadAllText(folder.File("e.jsonl")), Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Equal((1L, null), (writer.Count, writer.Resumed));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    public void Numbers_that_are_no_whole_number_of_vectors_make_no_embedding(int numbers, int dimension) =>
        Assert.Throws<ArgumentException>(() => new ColbertEmbedding(TextKind.Document, "a text", new float[numbers], dimension));
}
