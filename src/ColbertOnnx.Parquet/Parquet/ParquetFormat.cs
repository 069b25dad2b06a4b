using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>What <see cref="ParquetAddOn"/> makes of this package.</summary>
internal sealed class ParquetFormat : IEmbeddingFormat
{
    /// <exception cref="DllNotFoundException">There is no native library for this machine.</exception>
    public ParquetFormat()
    {
        ParquetLibrary.LookInAddOn();
        ReaderProperties.GetDefaultReaderProperties().Dispose();
    }

    public IEnumerable<InputItem> ReadTexts(string path, InputOptions options, InputPart? part) => ParquetTexts.Read(path, options, part);

    public IEnumerable<StoredEmbedding> ReadEmbeddings(string path, EmbeddingReaderOptions options) =>
        ParquetEmbeddings.Read(path, options);

    public (EmbeddingType Type, bool HasText, EncoderDescription? Encoder) Describe(string path) => ParquetEmbeddings.Describe(path);

    public StagedWriter OpenWriter(string target, EmbeddingWriterOptions options) => new ParquetWriter(target, options);
}
