using System.Runtime.ExceptionServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;
using FileWriter = ParquetSharp.Arrow.FileWriter;

namespace ColbertOnnx.Parquet;

/// <summary>Gathers texts to row groups, and writes these.</summary>
internal sealed class GroupWriter : IDisposable
{
    public const int MostRows = 1000;
    public const int MostBytes = 32 << 20;

    private readonly WriterStream stream;
    private readonly Func<ParquetLayout> choose;
    private ParquetLayout? chosen;
    private FileWriter? writer;
    private readonly StringArray.Builder ids = new();
    private readonly StringArray.Builder texts = new();
    private readonly ArrowBuffer.Builder<int> offsets = new();
    private readonly ArrowBuffer.Builder<byte> elements = new();
    private readonly ArrowBuffer.Builder<int> tokens = new();
    private long bytes;
    private int rows;
    private int vectors;

    /// <param name="to">Where the file goes; it stays open.</param>
    /// <param name="choose">Asked when the first row group is written.</param>
    public GroupWriter(Stream to, Func<ParquetLayout> choose)
    {
        this.choose = choose;
        stream = new WriterStream(to);
    }

    private ParquetLayout Begin()
    {
        ParquetLayout layout = choose();
        using var settings = new WriterPropertiesBuilder();
        settings.Compression(Compression.Zstd).CompressionLevel(1).EnablePageChecksum().DisableDictionary()
            .DisableStatistics(ParquetLayout.Elements);
        using WriterProperties properties = settings.Build();
        using var arrowSettings = new ArrowWriterPropertiesBuilder();
        // Without it the length of the inner lists is lost, and all metadata of ours.
        arrowSettings.StoreSchema();
        using ArrowWriterProperties arrow = arrowSettings.Build();
        writer = Run(() => new FileWriter(stream, layout.Schema, properties, arrow, leaveOpen: true));
        return layout;
    }

    /// <param name="id">Null: it has none.</param>
    /// <param name="text">Written where the layout has texts.</param>
    /// <param name="values">The values as the layout's type.</param>
    /// <param name="count">How many token vectors they are.</param>
    /// <param name="tokenIds">One for each vector, where the layout has them.</param>
    public void Add(string? id, string text, ReadOnlySpan<byte> values, int count, IReadOnlyList<int>? tokenIds)
    {
        if (id is null) ids.AppendNull();
        else ids.Append(id);
        texts.Append(text);
        offsets.Append(vectors);
        elements.Append(values);
        foreach (int token in tokenIds ?? []) tokens.Append(token);
        rows++;
        vectors += count;
        bytes += values.Length + text.Length;
        // As long as no text has rows, nothing may have said how long a vector is.
        if ((rows >= MostRows || bytes >= MostBytes) && (vectors > 0 || chosen is not null)) Flush();
    }

    /// <summary>The file is whole then.</summary>
    public void Complete()
    {
        if (rows > 0) Flush();
        chosen ??= Begin();
        Run(() =>
        {
            writer!.Close();
            return true;
        });
    }

    public void Dispose()
    {
        stream.GiveUp();
        try
        {
            writer?.Dispose();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Of a file that goes away.
        }
    }

    private void Flush()
    {
        ParquetLayout layout = chosen ??= Begin();
        offsets.Append(vectors);
        int count = vectors * layout.Width;
        ArrowBuffer values = elements.Build(), starts = offsets.Build();
        IArrowArray flat = layout.IsHalf
            ? new HalfFloatArray(values, ArrowBuffer.Empty, count, 0, 0)
            : new FloatArray(values, ArrowBuffer.Empty, count, 0, 0);
        List<IArrowArray> columns = [ids.Build()];
        if (layout.HasText) columns.Add(texts.Build());
        IArrowArray inner = layout.Vectors.ValueDataType is ListType none
            ? new ListArray(none, 0, new ArrowBuffer.Builder<int>().Append(0).Build(), flat, ArrowBuffer.Empty, 0)
            : new FixedSizeListArray(layout.Vectors.ValueDataType, vectors, flat, ArrowBuffer.Empty, 0);
        columns.Add(new ListArray(layout.Vectors, rows, starts, inner, ArrowBuffer.Empty, 0));
        if (layout.HasTokens)
        {
            var again = new ArrowBuffer.Builder<int>(rows + 1);
            again.Append(starts.Span.CastTo<int>()[..(rows + 1)]);
            columns.Add(new ListArray(
                layout.Tokens, rows, again.Build(), new Int32Array(tokens.Build(), ArrowBuffer.Empty, vectors, 0, 0),
                ArrowBuffer.Empty, 0));
        }

        using (var batch = new RecordBatch(layout.Schema, columns, rows))
        {
            Run(() =>
            {
                writer!.WriteRecordBatch(batch, rows);
                return true;
            });
        }

        ids.Clear();
        texts.Clear();
        offsets.Clear();
        elements.Clear();
        tokens.Clear();
        (bytes, rows, vectors) = (0, 0, 0);
    }

    private T Run<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (stream.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
            throw new IOException(ParquetErrors.Reason(error), error);
        }
    }
}
