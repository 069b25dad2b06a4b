namespace ColbertOnnx.Embeddings;

/// <summary>A file of JSON Lines.</summary>
internal sealed class JsonLinesFile : StagedFile
{
    private const string Data = "data";
    private readonly JsonLinesWriter writer;

    public JsonLinesFile(string target, EmbeddingWriterOptions options, Func<Stream, Stream>? through = null)
        : base(target, options, through) => writer = new JsonLinesWriter(Parts.Part(Data), Type);

    protected override void Write(ColbertEmbedding embedding, string name) => writer.Write(embedding);

    protected override string Finish()
    {
        writer.Dispose();
        return Data;
    }
}
