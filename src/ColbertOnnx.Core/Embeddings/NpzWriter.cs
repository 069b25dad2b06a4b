using System.IO.Compression;

namespace ColbertOnnx.Embeddings;

/// <summary>A zip of npy files as numpy.load reads it. Stored, not compressed: the digits of unit vectors do not shrink.</summary>
internal sealed class NpzWriter(Stream stream) : IEmbeddingWriter
{
    // The earliest time that a zip can hold: the same input gives the same bytes.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
    private readonly int[] numbers = new int[2];

    public void Write(ColbertEmbedding embedding)
    {
        ZipArchiveEntry entry = archive.CreateEntry(NpyFormat.NameOf(embedding.Kind, numbers[(int)embedding.Kind]++), CompressionLevel.NoCompression);
        entry.LastWriteTime = Time;
        using Stream data = entry.Open();
        NpyFormat.Write(data, embedding.Values.Span, embedding.TokenCount, embedding.Dimension);
    }

    public void Skip(TextKind kind) => numbers[(int)kind]++;

    public void Complete() => archive.Dispose();

    public void Dispose() => archive.Dispose();
}
