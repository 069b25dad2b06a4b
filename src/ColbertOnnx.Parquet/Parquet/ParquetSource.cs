using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>An open Parquet file. Values are read in small batches, however large its row groups are.</summary>
internal sealed class ParquetSource : IDisposable
{
    // Of the file's bytes for each column that is read: without it the library holds a column of a whole row group.
    private const int BufferSize = 256 * 1024;

    private readonly PageSizes pages;
    private readonly ParquetFileReader? reader;
    private readonly FileMetaData? about;

    public ParquetSource(string path)
    {
        InputReader.Check(path);
        Path = path;
        EmbeddingErrors.Regular(path);
        pages = new PageSizes(path);
        try
        {
            (reader, about) = ParquetErrors.Guard(path, () => Open(path));
            SchemaDescriptor schema = about.Schema;
            Columns = ParquetErrors.Guard(
                path, () => Enumerable.Range(0, schema.NumColumns).Select(i => new ParquetColumn(i, schema.Column(i))).ToArray());
            Metadata = ParquetErrors.Guard(path, () => about.KeyValueMetadata);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The leaves of the schema: "id", "translation.en", "embedding.list.element.list.element".</summary>
    public IReadOnlyList<ParquetColumn> Columns { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What people call the columns.</summary>
    public IEnumerable<string> Names => Columns.Select(column => column.Shown).Distinct(StringComparer.Ordinal);

    public int RowGroups => about!.NumRowGroups;

    /// <summary>Rows of all row groups.</summary>
    public long Rows => ParquetErrors.Guard(Path, () => about!.NumRows);

    /// <summary>Rows of a row group; nothing of it is read but what the footer says.</summary>
    public long RowsOf(int number) => ParquetErrors.Guard(Path, () =>
    {
        using RowGroupReader group = reader!.RowGroup(number);
        return group.MetaData.NumRows;
    });

    /// <param name="number">Which one.</param>
    /// <param name="location">Of its first row.</param>
    /// <param name="columns">Those that will be read.</param>
    public RowGroupReader RowGroup(int number, string location, params IEnumerable<ParquetColumn?> columns)
    {
        foreach (ParquetColumn? column in columns)
            if (column is not null) pages.Check(number, column.Index, location);
        return ParquetErrors.Guard(location, () => reader!.RowGroup(number));
    }

    /// <summary>Bytes that a column of a row group has in the file.</summary>
    public long LengthOf(int group, ParquetColumn column) => pages.LengthOf(group, column.Index);

    /// <summary>Where a row stands; they count from 1.</summary>
    public string At(long row) => InputErrors.At(Path, row);

    public void Dispose()
    {
        about?.Dispose();
        reader?.Dispose();
        pages.Dispose();
    }

    private static (ParquetFileReader Reader, FileMetaData About) Open(string path)
    {
        using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        properties.BufferSize = BufferSize;
        properties.EnablePageChecksumVerification();
        var reader = new ParquetFileReader(path, properties);
        return (reader, reader.FileMetaData);
    }
}
