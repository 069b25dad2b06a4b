using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>An open Parquet file. Values are read in small batches, however large its row groups are.</summary>
internal sealed class ParquetSource : IDisposable
{
    // Of the file's bytes for each column that is read: without it the library holds a column of a whole row group.
    private const int BufferSize = 256 * 1024;

    private readonly ParquetFileReader reader;
    private readonly FileMetaData about;
    private readonly SchemaDescriptor schema;

    public ParquetSource(string path)
    {
        InputReader.Check(path);
        Path = path;
        EmbeddingErrors.Regular(path);
        reader = ParquetErrors.Guard(path, () => Open(path));
        about = reader.FileMetaData;
        schema = about.Schema;
        Columns = ParquetErrors.Guard(path, () => Enumerable.Range(0, schema.NumColumns).Select(i => new ParquetColumn(i, schema.Column(i))).ToArray());
        Metadata = ParquetErrors.Guard(path, () => about.KeyValueMetadata);
    }

    public string Path { get; }

    /// <summary>The leaves of the schema: "id", "translation.en", "embedding.list.element.list.element".</summary>
    public IReadOnlyList<ParquetColumn> Columns { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What people call the columns.</summary>
    public IEnumerable<string> Names => Columns.Select(column => column.Shown).Distinct(StringComparer.Ordinal);

    public int RowGroups => about.NumRowGroups;

    public RowGroupReader RowGroup(int number, string location) => ParquetErrors.Guard(location, () => reader.RowGroup(number));

    /// <summary>Where a row stands; they count from 1.</summary>
    public string At(long row) => InputErrors.At(Path, row);

    public void Dispose()
    {
        about.Dispose();
        reader.Dispose();
    }

    private static ParquetFileReader Open(string path)
    {
        using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        properties.BufferSize = BufferSize;
        properties.EnablePageChecksumVerification();
        return new ParquetFileReader(path, properties);
    }
}
