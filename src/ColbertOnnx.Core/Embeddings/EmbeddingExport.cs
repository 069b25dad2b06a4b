using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>Writes one output; to append, what is there goes in first, so that the old file stays whole until the new one is.</summary>
internal sealed class EmbeddingExport : IDisposable
{
    private readonly StagedWriter writer;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public EmbeddingExport(string path, ColbertEmbeddingFileOptions options)
    {
        bool isThere = options.Append && (File.Exists(path) || Directory.Exists(path));
        EmbeddingType type = options.Type ?? EmbeddingWriter.DefaultType(path);
        bool hasText = options.IncludeText;
        EncoderDescription? encoder = null;
        if (isThere && ParquetAddOn.IsParquet(path))
        {
            (EmbeddingType old, bool had, encoder) = ((IEmbeddingFormat)ParquetAddOn.Load(path)).Describe(path);
            (type, hasText) = (options.Type ?? old, hasText || had);
        }

        writer = EmbeddingWriter.Open(path, new EmbeddingWriterOptions { Force = options.Force || isThere, Type = type, Layout = options.Layout, IncludeText = hasText });
        if (encoder is not null) writer.Describe(encoder);
        try
        {
            if (!isThere) return;
            // The old file is written anew: what is not read would be gone.
            var all = new EmbeddingReaderOptions { Notice = left => throw EmbeddingErrors.Invalid(path, $"nothing can be appended: {left}", "Write another file.") };
            foreach (StoredEmbedding old in EmbeddingReader.Read(path, all)) writer.Write(old.ToEmbedding());
            Kept = writer.Texts;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>How many were there before.</summary>
    public long Kept { get; }

    /// <summary>How many were added.</summary>
    public long Count => writer.Texts - Kept;

    public void Write(ColbertEmbedding embedding) => writer.Write(embedding);

    public void Complete() => writer.Complete();

    public void Dispose() => writer.Dispose();
}
