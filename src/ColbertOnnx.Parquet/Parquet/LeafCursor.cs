using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>Values of a column with their levels, batch by batch through one row group.</summary>
internal sealed class LeafCursor<T> : IDisposable
    where T : unmanaged
{
    private const int BatchSize = 4096;

    private readonly ColumnReader<T> reader;
    private readonly T[] values = new T[BatchSize];
    private readonly short[] definitions = new short[BatchSize];
    private readonly short[] repetitions = new short[BatchSize];
    private readonly short most;
    private readonly bool isNested;
    private int count;
    private int at;
    private int valueCount;
    private int valueAt;

    public LeafCursor(RowGroupReader group, ParquetColumn column, string location)
    {
        (most, isNested) = (column.Levels.Most, column.Levels.Depth > 0);
        reader = (ColumnReader<T>)ParquetErrors.Guard(location, () => group.Column(column.Index));
    }

    /// <summary>Levels that are left of the batch; asked when there are none, it reads the next one. 0: the row group ends.</summary>
    public int Left(Func<string> location)
    {
        if (at < count) return count - at;
        (at, valueAt) = (0, 0);
        try
        {
            long read = 0;
            count = reader.HasNext ? (int)reader.ReadBatch(BatchSize, definitions, repetitions, values, out read) : 0;
            valueCount = (int)read;
        }
        catch (Exception error) when (ParquetErrors.IsTheLibrarys(error))
        {
            // Not by Guard: the place is made of numbers, and only where it is told.
            throw ParquetErrors.Unreadable(location(), error);
        }

        return count;
    }

    /// <summary>Of the next level, where there is one.</summary>
    public short Definition => most == 0 ? (short)0 : definitions[at];

    public short Repetition => isNested ? repetitions[at] : (short)0;

    public bool IsThere => Definition == most;

    /// <summary>The value of a level that has one; moves on.</summary>
    public T Take()
    {
        at++;
        return values[valueAt++];
    }

    /// <summary>Moves on behind a level without a value.</summary>
    public void Pass() => at++;

    /// <summary>How many levels from the next one on have a value and belong to the innermost list of the first; at least 1.</summary>
    public int Run(short deepest)
    {
        int longest = Math.Min(count - at, valueCount - valueAt);
        if (isNested && repetitions.AsSpan(at + 1, longest - 1).IndexOfAnyExcept(deepest) is >= 0 and var other) longest = other + 1;
        if (most > 0 && definitions.AsSpan(at + 1, longest - 1).IndexOfAnyExcept(most) is >= 0 and var missing) longest = missing + 1;
        return longest;
    }

    /// <summary>The values of a run; moves on.</summary>
    public ReadOnlySpan<T> Take(int run)
    {
        ReadOnlySpan<T> taken = values.AsSpan(valueAt, run);
        at += run;
        valueAt += run;
        return taken;
    }

    public void Dispose() => reader.Dispose();
}
