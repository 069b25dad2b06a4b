namespace ColbertOnnx.Tests.Embeddings;

public sealed class LibraryFileTests
{
    [Fact]
    public void The_library_reads_what_it_writes_and_appends()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(2, ColbertEmbeddingFile.Write(folder.File("a.npz"), [Embedding("a"), Embedding("b")]));
        Assert.Equal(
            1, ColbertEmbeddingFile.Write(folder.File("a.npz"), [Embedding("c")], new() { Append = true, Type = EmbeddingType.Float16 }));
        Assert.Equal(["a", "b", "c"], ColbertEmbeddingFile.Read(folder.File("a.npz")).Select(e => e.Id));
        Assert.Equal(
            ColbertErrorId.InputInvalid,
            Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Write(
                folder.File("b.npz"), [], new() { Layout = EmbeddingLayout.Flat })).Id);
    }

    private static ColbertEmbedding Embedding(string id) =>
        new(TextKind.Document, $"text {id}", new[] { 0.6f, 0.8f, id[0], -0.25f }, 2) { Id = id };
}
