using ColbertOnnx.Embeddings;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>A list of token ids for each row, row by row through one row group.</summary>
internal sealed class TokenIdColumn(RowGroupReader group, ParquetColumn column, string location) : IDisposable
{
    private readonly LeafCursor<int> cursor = new(group, column, location);

    public static bool Reads(ParquetColumn column) => column.Levels.Depth == 1 && column.Physical == PhysicalType.Int32;

    /// <summary>The next row; null: it has none.</summary>
    public int[]? Read(Func<string> location)
    {
        if (cursor.Left(location) == 0) throw ParquetErrors.Uneven(location(), column.Root);
        List<int> ids = [];
        bool isThere = true;
        for (bool isFirst = true; cursor.Left(location) > 0 && (isFirst || cursor.Repetition != 0); isFirst = false)
        {
            if (cursor.IsThere)
            {
                EmbeddingErrors.CheckSize(ids.Count + 1L, location());
                foreach (int id in cursor.Take(cursor.Run(1))) ids.Add(id);
                continue;
            }

            isThere = cursor.Definition >= column.Levels.List(0);
            if (cursor.Definition >= column.Levels.Item(0)) throw EmbeddingErrors.Invalid(location(), $"'{column.Root}' holds a null.");
            cursor.Pass();
        }

        return isThere ? [.. ids] : null;
    }

    public void Dispose() => cursor.Dispose();
}
