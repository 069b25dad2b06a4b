using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using Field = Apache.Arrow.Field;
using FileWriter = ParquetSharp.Arrow.FileWriter;
using Schema = Apache.Arrow.Schema;

namespace ColbertOnnx.Tests.Parquet;

/// <summary>Parquet files as others write them.</summary>
internal static class TestTable
{
    public static (Field, IArrowArray) Strings(string name, params string?[] values)
    {
        var builder = new StringArray.Builder();
        foreach (string? value in values)
        {
            if (value is null) builder.AppendNull();
            else builder.Append(value);
        }

        return (new Field(name, StringType.Default, nullable: true), builder.Build());
    }

    public static (Field, IArrowArray) Longs(string name, params long[] values) =>
        (new Field(name, Int64Type.Default, nullable: false), new Int64Array.Builder().AppendRange(values).Build());

    public static (Field, IArrowArray) Floats(string name, params float[] values) =>
        (new Field(name, FloatType.Default, nullable: false), new FloatArray.Builder().AppendRange(values).Build());

    /// <summary>Bytes without a word about what they are.</summary>
    public static (Field, IArrowArray) Bytes(string name, params byte[][] values)
    {
        var builder = new BinaryArray.Builder();
        foreach (byte[] value in values) builder.Append(value.AsSpan());
        return (new Field(name, BinaryType.Default, nullable: false), builder.Build());
    }

    /// <summary>Lists of lists, with what Python's None gives at each level.</summary>
    public static (Field, IArrowArray) Lists(string name, IArrowType number, params double?[]?[]?[] rows)
    {
        var inner = new ListType(new Field("item", number, nullable: true));
        var outer = new ListArray.Builder(new Field("item", inner, nullable: true));
        var vectors = (ListArray.Builder)outer.ValueBuilder;
        foreach (double?[]?[]? row in rows)
        {
            if (row is null)
            {
                outer.AppendNull();
                continue;
            }

            outer.Append();
            foreach (double?[]? vector in row)
            {
                if (vector is null)
                {
                    vectors.AppendNull();
                    continue;
                }

                vectors.Append();
                foreach (double? value in vector) Append(vectors.ValueBuilder, value);
            }
        }

        return (new Field(name, new ListType(new Field("item", inner, nullable: true)), nullable: true), outer.Build());
    }

    public static void Write(string path, params (Field Field, IArrowArray Array)[] columns) =>
        Write(path, new WriterPropertiesBuilder().EnablePageChecksum(), 1 << 20, columns);

    public static void Write(
        string path, WriterPropertiesBuilder settings, int rowsOfGroup, params (Field Field, IArrowArray Array)[] columns)
    {
        using WriterProperties properties = settings.Build();
        settings.Dispose();
        var schema = new Schema([.. columns.Select(column => column.Field)], null);
        using var writer = new FileWriter(path, schema, properties, null);
        using var batch = new RecordBatch(schema, columns.Select(column => column.Array), columns[0].Array.Length);
        writer.WriteRecordBatch(batch, rowsOfGroup);
        writer.Close();
    }

    private static void Append(IArrowArrayBuilder builder, double? value)
    {
        switch (builder)
        {
            case FloatArray.Builder floats when value is { } number:
                floats.Append((float)number);
                break;
            case DoubleArray.Builder doubles when value is { } number:
                doubles.Append(number);
                break;
            case HalfFloatArray.Builder halves when value is { } number:
                halves.Append((Half)number);
                break;
            case Int32Array.Builder ints when value is { } number:
                ints.Append((int)number);
                break;
            case FloatArray.Builder floats:
                floats.AppendNull();
                break;
            case DoubleArray.Builder doubles:
                doubles.AppendNull();
                break;
            default:
                throw new NotSupportedException(builder.GetType().Name);
        }
    }
}
