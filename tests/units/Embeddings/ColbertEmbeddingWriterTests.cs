using System.Text;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class ColbertEmbeddingWriterTests
{
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
        Assert.Equal(1, writer.Count);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    public void Numbers_that_are_no_whole_number_of_vectors_make_no_embedding(int numbers, int dimension) =>
        Assert.Throws<ArgumentException>(() => new ColbertEmbedding(TextKind.Document, "a text", new float[numbers], dimension));
}
