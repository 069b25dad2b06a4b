using System.Globalization;
using ColbertOnnx.Inputs;
using ColbertOnnx.Native;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>Strings of a column, or of integers what is written there, row by row through one row group.</summary>
internal sealed class StringColumn : IDisposable
{
    private readonly ParquetColumn column;
    private readonly LeafCursor<ByteArray>? strings;
    private readonly LeafCursor<int>? ints;
    private readonly LeafCursor<long>? longs;

    public StringColumn(RowGroupReader group, ParquetColumn column, string location)
    {
        this.column = column;
        if (column.Physical == PhysicalType.Int32) ints = new(group, column, location);
        else if (column.Physical == PhysicalType.Int64) longs = new(group, column, location);
        else strings = new(group, column, location);
    }

    public static bool Reads(ParquetColumn column) => column.IsText || (column.Levels.Depth == 0 && column.IsWhole);

    /// <summary>The next row; false: the row group ends.</summary>
    /// <param name="location">Of the row.</param>
    /// <param name="value">Null: there is none, or it cannot be used.</param>
    /// <param name="error">Why it cannot be used though the next one can.</param>
    public bool TryRead(Func<string> location, out string? value, out ColbertException? error)
    {
        (value, error) = (null, null);
        if (ints is not null)
            return TryRead(
                ints, location,
                number => column.IsSigned
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : ((uint)number).ToString(CultureInfo.InvariantCulture),
                out value);
        if (longs is not null)
            return TryRead(
                longs, location,
                number => column.IsSigned
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : ((ulong)number).ToString(CultureInfo.InvariantCulture),
                out value);
        if (strings!.Left(location) == 0) return false;
        if (!strings.IsThere)
        {
            strings.Pass();
            return true;
        }

        ByteArray bytes = strings.Take();
        try
        {
            if (bytes.Length > Limits.LongestLine) throw InputErrors.TooLong(location(), $"what stands in '{column.Path}'");
            value = StrictUtf8.Decode(NativeBytes.Of(bytes), "");
        }
        catch (ColbertException bad)
        {
            error = bad.Target is ""
                ? InputErrors.Invalid(
                    location(), $"what stands in '{column.Path}' is not UTF-8.", "Write the file again with strings.", bad)
                : bad;
        }

        return true;
    }

    /// <summary>The row beside one of another column, which is there.</summary>
    /// <inheritdoc cref="TryRead(Func{string}, out string?, out ColbertException?)"/>
    public string? ReadBeside(string location, out ColbertException? error) =>
        TryRead(() => location, out string? value, out error) ? value : throw ParquetErrors.Uneven(location, column.Path);

    public void Dispose()
    {
        strings?.Dispose();
        ints?.Dispose();
        longs?.Dispose();
    }

    private static bool TryRead<T>(LeafCursor<T> numbers, Func<string> location, Func<T, string> format, out string? value)
        where T : unmanaged
    {
        value = null;
        if (numbers.Left(location) == 0) return false;
        if (numbers.IsThere) value = format(numbers.Take());
        else numbers.Pass();
        return true;
    }
}
