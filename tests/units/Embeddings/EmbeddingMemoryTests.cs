namespace ColbertOnnx.Tests.Embeddings;

[Collection(nameof(Alone))]
public sealed class EmbeddingMemoryTests(ITestOutputHelper log)
{
    private const int Texts = 150_000;

    [Theory]
    [InlineData("many.npz")]
    [InlineData("many.safetensors")]
    [InlineData("many.jsonl")]
    public void Memory_does_not_grow_with_the_number_of_texts(string name)
    {
        using var folder = new TemporaryFolder();
        long written = Growth(name, "written", () => ColbertEmbeddingFile.Write(folder.File(name), Enumerable.Range(0, Texts).Select(Embedding)));
        long read = Growth(name, "read", () => ColbertEmbeddingFile.Read(folder.File(name)).LongCount());
        Assert.InRange(written, long.MinValue, 20 << 20);
        Assert.InRange(read, long.MinValue, 20 << 20);
    }

    // What is held near the end of the work, beyond what was held before it.
    private long Growth(string name, string verb, Func<long> work)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        using (var timer = new Timer(_ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)), null, 100, 100)) Assert.Equal(Texts, work());
        log.WriteLine($"{name}, {verb}: {(most - before) / 1e6:f1} MB more for {Texts} texts");
        return most - before;
    }

    private static ColbertEmbedding Embedding(int number) => new(TextKind.Document, $"text {number}", new float[8], 4) { Id = $"{number}" };
}
