using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>Files of a format that a package of its own knows: texts, and embeddings.</summary>
internal interface IEmbeddingFormat : ITextFormat
{
    /// <summary>As <see cref="EmbeddingReader.Read"/>.</summary>
    IEnumerable<StoredEmbedding> ReadEmbeddings(string path, EmbeddingReaderOptions options);

    /// <summary>As <see cref="EmbeddingWriter.Open"/>.</summary>
    StagedWriter OpenWriter(string target, EmbeddingWriterOptions options);

    /// <summary>What a file must be written with so that nothing of this one is lost, and what it says of its encoder.</summary>
    (EmbeddingType Type, bool HasText, EncoderDescription? Encoder) Describe(string path);
}
