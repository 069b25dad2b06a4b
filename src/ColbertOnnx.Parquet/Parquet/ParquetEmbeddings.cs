using System.Globalization;
using ColbertOnnx.Embeddings;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>Embeddings of a Parquet file, ours or others': a column of lists of token vectors, and what lies beside it.</summary>
internal static class ParquetEmbeddings
{
    private static readonly string[] Usual = [ParquetLayout.Embedding, "embeddings"];

    public static IEnumerable<StoredEmbedding> Read(string path, EmbeddingReaderOptions options)
    {
        using var source = new ParquetSource(path);
        ParquetColumn vectors = Vectors(source);
        ParquetColumn? id = Beside(source, ParquetLayout.Id, StringColumn.Reads),
            text = Beside(source, ParquetLayout.Text, column => column.IsText);
        ParquetColumn? tokens = Beside(source, ParquetLayout.TokenIds, TokenIdColumn.Reads);
        TextKind? kind = source.Metadata.GetValueOrDefault(ParquetLayout.Kind) switch
        {
            "query" => TextKind.Query,
            "document" => TextKind.Document,
            _ => null,
        };
        int known = DimensionOf(source);
        using TextSource? texts = options.Texts is { } given ? TextSource.OfFile(given, options.TextOptions) : null;
        long row = 0;
        for (int number = 0; number < source.RowGroups; number++)
        {
            // It may have no page at all.
            if (source.RowsOf(number) == 0) continue;
            string begin = source.At(row + 1);
            using RowGroupReader group = source.RowGroup(number, begin, vectors, id, texts is null ? text : null, tokens);
            using var values = VectorColumn.Open(group, vectors, source.LengthOf(number, vectors), begin);
            using StringColumn? idColumn = id is null ? null : new StringColumn(group, id, begin),
                textColumn = text is null || texts is not null ? null : new StringColumn(group, text, begin);
            using TokenIdColumn? tokenColumn = tokens is null ? null : new TokenIdColumn(group, tokens, begin);
            while (values.TryRead(() => source.At(row + 1), out float[] elements, out int dimension))
            {
                string location = source.At(++row);
                if (dimension > 0) known = dimension;
                StoredText stored = texts?.Next("", location) ?? new StoredText(location) { Text = Take(textColumn, location) };
                StoredEmbedding embedding = stored.With(elements, known, location);
                string? name = Take(idColumn, location);
                yield return embedding with
                {
                    Id = embedding.Id ?? name,
                    Kind = embedding.Kind ?? kind,
                    Model = source.Metadata.GetValueOrDefault(ParquetLayout.Model),
                    TokenIds = tokenColumn is null ? embedding.TokenIds : Tokens(tokenColumn, embedding, location),
                };
            }
        }

        texts?.End();
    }

    /// <summary>What a copy of it must have.</summary>
    public static (EmbeddingType Type, bool HasText, EncoderDescription? Encoder) Describe(string path)
    {
        using var source = new ParquetSource(path);
        EncoderDescription? encoder = source.Metadata.TryGetValue(ParquetLayout.Model, out string? model)
            ? new EncoderDescription(model, DimensionOf(source), source.Metadata.GetValueOrDefault(ParquetLayout.Settings, "{}")) : null;
        return (
            Vectors(source).IsHalf ? EmbeddingType.Float16 : EmbeddingType.Float32,
            Beside(source, ParquetLayout.Text, column => column.IsText) is not null, encoder);
    }

    private static int DimensionOf(ParquetSource source) =>
        int.TryParse(
            source.Metadata.GetValueOrDefault(ParquetLayout.Dimension), NumberStyles.None, CultureInfo.InvariantCulture,
            out int dimension) ? dimension : 0;

    private static ParquetColumn Vectors(ParquetSource source)
    {
        ParquetColumn[] all = [.. source.Columns.Where(VectorColumn.Reads)];
        ParquetColumn[] found =
        [
            .. Usual.Select(name => Array.FindAll(all, column => column.Root == name)).FirstOrDefault(named => named.Length > 0) ?? all,
        ];
        if (found.Length == 1) return found[0];
        ParquetColumn? usual = source.Columns.FirstOrDefault(column => Usual.Contains(column.Root));
        string what = found.Length > 1
            ? $"there are several columns with lists of token vectors: {ColumnNames.Shown(found.Select(column => column.Root))}."
            : usual is not null ? $"the column '{usual.Root}' holds {usual.Holds}, not lists of token vectors."
            : $"there is no column with lists of token vectors among {ColumnNames.Shown(source.Names)}.";
        throw EmbeddingErrors.Invalid(
            source.Path, what, "Give a list of lists of numbers in 'embedding', a row of numbers for each token.");
    }

    private static ParquetColumn? Beside(ParquetSource source, string name, Func<ParquetColumn, bool> isUsable) =>
        source.Columns.FirstOrDefault(column => column.Shown == name && isUsable(column));

    private static string? Take(StringColumn? column, string location)
    {
        ColbertException? error = null;
        string? value = column?.ReadBeside(location, out error);
        return error is null ? value : throw error;
    }

    private static int[]? Tokens(TokenIdColumn column, StoredEmbedding embedding, string location)
    {
        int[]? ids = column.Read(() => location);
        return ids is null || ids.Length == embedding.Rows ? ids
            : throw EmbeddingErrors.Invalid(
                location, $"it has {ShownText.Count(ids.Length, "token id")} for {ShownText.Count(embedding.Rows, "row")}.",
                "Write the file again.");
    }
}
