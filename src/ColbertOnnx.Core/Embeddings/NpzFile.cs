using System.Runtime.InteropServices;
using ColbertOnnx.Embeddings.Zip;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// A zip of npy files as numpy.load reads it, and last the texts as bytes of JSON Lines. Stored, not compressed: the digits of unit vectors
/// do not shrink.
/// </summary>
internal sealed class NpzFile : StagedFile
{
    private const string Data = "data";
    private const string Directory = "directory";
    private readonly ZipWriter zip;

    public NpzFile(string target, EmbeddingWriterOptions options, Func<Stream, Stream>? through = null)
        : base(target, options, through) =>
        zip = new ZipWriter(Parts.Part(Data), Parts.Part(Directory), State.Texts * (Type == EmbeddingType.Int8 ? 2 : 1));

    protected override void Write(ColbertEmbedding embedding, string name)
    {
        ReadOnlySpan<byte> bytes = Matrix.Of(embedding, out ReadOnlySpan<float> scales);
        zip.Add(name + ".npy", NpyFormat.Header(Matrix.Descr, embedding.TokenCount, Matrix.Width(embedding.Dimension)), bytes);
        if (Type == EmbeddingType.Int8)
            zip.Add(name + ArrayEmbeddings.ScaleSuffix + ".npy", NpyFormat.Header("<f4", scales.Length), MemoryMarshal.AsBytes(scales));
        Lines.Write(Parts.Part(TextSource.ArrayName), embedding, name);
    }

    protected override string Finish()
    {
        Stream texts = Parts.Part(TextSource.ArrayName);
        zip.Add(TextSource.ArrayName + ".npy", NpyFormat.Header("|u1", texts.Length), texts);
        zip.Complete();
        return Data;
    }
}
