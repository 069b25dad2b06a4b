using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Native;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>Token vectors of a column: for each row a list of lists of values, the inner ones of one length.</summary>
internal abstract class VectorColumn : IDisposable
{
    /// <param name="group">The row group.</param>
    /// <param name="column">Which column of it.</param>
    /// <param name="stored">Bytes that it has in the file.</param>
    /// <param name="location">Of its first row.</param>
    public static VectorColumn Open(RowGroupReader group, ParquetColumn column, long stored, string location) => column.Physical switch
    {
        PhysicalType.Float => new Vectors<float>(group, column, stored, location, static (from, to) => from.CopyTo(to)),
        PhysicalType.Double => new Vectors<double>(group, column, stored, location, Narrow),
        PhysicalType.Int32 => new Vectors<int>(group, column, stored, location, static (from, to) => Each(from, to, static value => value)),
        PhysicalType.Int64 => new Vectors<long>(
            group, column, stored, location, static (from, to) => Each(from, to, static value => value)),
        _ => new Vectors<FixedLenByteArray>(group, column, stored, location, Widen),
    };

    public static bool Reads(ParquetColumn column) => column.Levels.Depth == 2 && column.IsNumeric;

    /// <summary>The next row; false: the row group ends.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: null, vectors of several lengths, too many
    /// numbers.</exception>
    public abstract bool TryRead(Func<string> location, out float[] values, out int dimension);

    public abstract void Dispose();

    private static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
            if (float.IsInfinity(to[i]) && !double.IsInfinity(from[i])) throw new OverflowException();
        }
    }

    private static void Widen(ReadOnlySpan<FixedLenByteArray> from, Span<float> to)
    {
        Span<Half> halves = MemoryMarshal.Cast<float, Half>(to)[to.Length..];
        NativeBytes.CopyHalves(from, halves);
        for (int i = 0; i < to.Length; i++) to[i] = (float)halves[i];
    }

    private static void Each<T>(ReadOnlySpan<T> from, Span<float> to, Func<T, float> convert)
    {
        for (int i = 0; i < from.Length; i++) to[i] = convert(from[i]);
    }

    private delegate void Conversion<T>(ReadOnlySpan<T> from, Span<float> to);

    private sealed class Vectors<T>(
        RowGroupReader group, ParquetColumn column, long stored, string location, Conversion<T> convert) : VectorColumn
        where T : unmanaged
    {
        private const short NewRow = 0, SameVector = 2;

        private readonly LeafCursor<T> cursor = new(group, column, location);
        private readonly ColumnLevels levels = column.Levels;
        private float[] buffer = new float[4096];
        private int count;

        public override bool TryRead(Func<string> location, out float[] values, out int dimension)
        {
            (values, dimension, count) = ([], 0, 0);
            if (cursor.Left(location) == 0) return false;
            int begin = 0, row = -1;
            for (bool isFirst = true; cursor.Left(location) > 0 && (isFirst || cursor.Repetition != NewRow); isFirst = false)
            {
                if (!cursor.IsThere)
                {
                    Check(cursor.Definition, row + 1, location);
                    cursor.Pass();
                    continue;
                }

                // Of a text's first number a damaged file may say that it goes on with a vector.
                if (row < 0 || cursor.Repetition != SameVector)
                {
                    dimension = Close(begin, row++, dimension, location);
                    begin = count;
                }

                int run = cursor.Run(SameVector);
                Span<float> to = Room(run, location);
                try
                {
                    convert(cursor.Take(run), to);
                }
                catch (OverflowException)
                {
                    throw EmbeddingErrors.Invalid(
                        location(), FormattableString.Invariant($"row {row} holds a number that float32 cannot hold."),
                        "Scale the vectors, or write float32.");
                }

                count += run;
            }

            if (row >= 0) dimension = Close(begin, row, dimension, location);
            values = buffer.AsSpan(0, count).ToArray();
            return true;
        }

        public override void Dispose() => cursor.Dispose();

        /// <summary>A level without a number is an empty text, or wrong.</summary>
        private void Check(short definition, int row, Func<string> location)
        {
            if (definition < levels.List(0))
                throw EmbeddingErrors.Invalid(
                    location(), $"there is no embedding: '{column.Root}' is null.", "Leave the row out, or give it an empty list.");
            if (definition < levels.Item(0)) return;
            string what = definition < levels.List(1)
                ? "is null"
                : definition < levels.Item(1) ? "has no elements"
                : "holds a number that is null";
            throw EmbeddingErrors.Invalid(
                location(), FormattableString.Invariant($"row {row} of '{column.Root}' {what}."), "Give a list of numbers for each token.");
        }

        private int Close(int begin, int row, int dimension, Func<string> location)
        {
            if (row < 0 || dimension == count - begin) return count - begin;
            return dimension == 0 ? count - begin : throw EmbeddingErrors.Invalid(
                location(), $"row {row} has {ShownText.Count(count - begin, "element")}, the rows before it {dimension}.",
                "Give rows of one length.");
        }

        private Span<float> Room(int more, Func<string> location)
        {
            if (count + more > buffer.Length)
            {
                int wanted = Math.Max(buffer.Length * 2, count + more);
                long bytes = (long)wanted * sizeof(float);
                if (bytes > Limits.LargestEmbedding) EmbeddingErrors.CheckSize(count + more, location());
                // A number that is repeated costs nothing in the file.
                if (bytes > Limits.FreeExpansion && bytes / Limits.MostExpansion > stored)
                {
                    throw EmbeddingErrors.Invalid(
                        location(),
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"one text would take {bytes} bytes, more than {Limits.MostExpansion} times the {stored} of its column in "
                                + $"the file (the limit MostExpansion)."), "Write the file again with real vectors.");
                }

                Array.Resize(ref buffer, wanted);
            }

            return buffer.AsSpan(count, more);
        }
    }
}
