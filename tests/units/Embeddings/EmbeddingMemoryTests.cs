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
        long written = Growth(
            name, "written",
            measured => ColbertEmbeddingFile.Write(folder.File(name), measured(Enumerable.Range(0, Texts).Select(Embedding))));
        long read = Growth(name, "read", measured => measured(ColbertEmbeddingFile.Read(folder.File(name))).LongCount());
        Assert.InRange(written, 0, 20 << 20);
        Assert.InRange(read, 0, 20 << 20);
    }

    // What is held at the first text and at any tenth of the work, beyond what was held before it. A timer would count what is only garbage
    // at the time.
    private long Growth(string name, string verb, Func<Func<IEnumerable<ColbertEmbedding>, IEnumerable<ColbertEmbedding>>, long> work)
    {
        var memory = new HeldMemory();
        Assert.Equal(Texts, work(Measured));
        log.WriteLine($"{name}, {verb}: {memory.Growth / 1e6:f1} MB more for {Texts} texts");
        return memory.Growth;

        IEnumerable<ColbertEmbedding> Measured(IEnumerable<ColbertEmbedding> embeddings)
        {
            int count = 0;
            foreach (ColbertEmbedding embedding in embeddings)
            {
                if (++count % (Texts / 10) == 0 || count == 1) memory.Look();
                yield return embedding;
            }
        }
    }

    private static ColbertEmbedding Embedding(int number) => new(TextKind.Document, $"text {number}", new float[8], 4) { Id = $"{number}" };
}
