namespace ColbertOnnx.Tests.Embeddings;

/// <summary>Texts without rows that do not say how long their vectors would be, as JSON Lines of others have them.</summary>
public sealed class NothingKnownTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    [InlineData("out.parquet")]
    [InlineData("out")]
    public void They_stand_before_between_and_behind_others_in_each_format(string name)
    {
        // More than a row group of Parquet at the beginning.
        ColbertEmbedding[] written =
        [
            .. Enumerable.Range(0, 1001).Select(n => Empty($"e{n}")), Full("a"), Empty("between"), Full("b"), Empty("behind"),
        ];
        ColbertEmbeddingFile.Write(folder.File(name), written, new ColbertEmbeddingFileOptions { Type = EmbeddingType.Float32 });
        ColbertEmbedding[] read = [.. ColbertEmbeddingFile.Read(folder.File(name))];
        Assert.Equal(
            written.Select(embedding => (embedding.Id, embedding.TokenCount)),
            read.Select(embedding => (embedding.Id, embedding.TokenCount)));
        Assert.All(read.Where(embedding => embedding.TokenCount > 0), embedding => Assert.Equal([0.6f, 0.8f], embedding.Values.ToArray()));
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out")]
    public void Of_binary_vectors_too(string name)
    {
        ColbertEmbeddingFile.Write(
            folder.File(name), [Empty("e"), Full("a")], new ColbertEmbeddingFileOptions { Type = EmbeddingType.Binary });
        Assert.Equal([0, 1], ColbertEmbeddingFile.Read(folder.File(name)).Select(embedding => embedding.TokenCount));
    }

    [Fact]
    public void A_file_without_a_name_is_no_array_of_a_folder()
    {
        ColbertEmbeddingFile.Write(folder.File("out"), [Full("a")]);
        File.Copy(Directory.EnumerateFiles(folder.File("out"), "*.npy").Single(), folder.File("out/.npy"));
        Assert.Equal("a", Assert.Single(ColbertEmbeddingFile.Read(folder.File("out"))).Id);
    }

    public void Dispose() => folder.Dispose();

    private static ColbertEmbedding Empty(string id) => new(TextKind.Document, "", Array.Empty<float>(), 0) { Id = id };

    private static ColbertEmbedding Full(string id) => new(TextKind.Document, id, new[] { 0.6f, 0.8f }, 2) { Id = id };
}
