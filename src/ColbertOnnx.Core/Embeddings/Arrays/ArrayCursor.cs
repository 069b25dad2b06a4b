using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The elements of an array one after the other, the last index running fastest, whatever the order in the file.</summary>
internal sealed class ArrayCursor : IDisposable
{
    // Elements that go through at once.
    private const int Step = 1 << 22;

    private const int BufferSize = 64 * 1024;

    private readonly StoredArray array;
    private readonly int size;
    private readonly Stream stream;
    private byte[] buffer = [];
    private float[]? transposed;
    private int taken;
    private long passed;

    public ArrayCursor(StoredArray array)
    {
        this.array = array;
        size = array.Type.Size();
        if (size == 0) throw array.Invalid($"its elements are of type {array.TypeName}, not numbers.", "Convert it: a.astype('float32').");
        stream = EmbeddingErrors.Guard(array.Location, array.Open);
    }

    /// <summary>The next elements as float32; wider types are rounded.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the file ends, or it is too large.</exception>
    public float[] Read(long count)
    {
        EmbeddingErrors.CheckSize(count, array.Location);
        if (array.IsFortran && array.Rank > 1) return Transposed((int)count);
        CheckExpansion(count);
        float[] values = GC.AllocateUninitializedArray<float>((int)count);
        for (int done = 0, part; done < count; done += part)
        {
            part = Math.Min(values.Length - done, array.Type == SafetensorsType.F32 ? Step : BufferSize / size);
            Read(values.AsSpan(done, part));
        }

        return values;
    }

    /// <summary>The next element as an integer, in digits.</summary>
    public string ReadDigits()
    {
        if (array.Type != SafetensorsType.U64) return ReadInteger().ToString(CultureInfo.InvariantCulture);
        Span<byte> element = stackalloc byte[sizeof(ulong)];
        Fill(element);
        return BinaryPrimitives.ReadUInt64LittleEndian(element).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The next element as an integer.</summary>
    public long ReadInteger()
    {
        Span<byte> element = (stackalloc byte[sizeof(ulong)])[..size];
        Fill(element);
        return array.Type switch
        {
            SafetensorsType.I64 => BinaryPrimitives.ReadInt64LittleEndian(element),
            SafetensorsType.U64 => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(element), long.MaxValue),
            SafetensorsType.I32 => BinaryPrimitives.ReadInt32LittleEndian(element),
            SafetensorsType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
            SafetensorsType.I16 => BinaryPrimitives.ReadInt16LittleEndian(element),
            SafetensorsType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
            SafetensorsType.I8 => (sbyte)element[0],
            _ => element[0],
        };
    }

    public void Dispose() => stream.Dispose();

    /// <summary>A few bytes of a zip can stand for gigabytes of zeros.</summary>
    private void CheckExpansion(long count)
    {
        long bytes = count * sizeof(float);
        if (array.PackedBytes is not { } packed || bytes <= Limits.FreeExpansion || bytes / Limits.MostExpansion <= packed) return;
        throw array.Invalid(
            string.Create(
                CultureInfo.InvariantCulture,
                $"one text would take {bytes} bytes, of {packed} in the file: more than {Limits.MostExpansion} times as many (the limit "
                    + $"MostExpansion)."),
            "Write it uncompressed, with numpy.savez.");
    }

    private void Read(Span<float> values)
    {
        if (array.Type == SafetensorsType.F32)
        {
            Fill(MemoryMarshal.AsBytes(values));
            return;
        }

        if (buffer.Length == 0) buffer = new byte[BufferSize];
        Span<byte> bytes = buffer.AsSpan(0, values.Length * size);
        Fill(bytes);
        SafetensorsWidening.Widen(array.Type, bytes, values);
        if (array.Type == SafetensorsType.F64) CheckRange(bytes, values);
    }

    /// <summary>Elements as bytes in little-endian.</summary>
    private void Fill(Span<byte> bytes)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException)
        {
            throw EmbeddingErrors.CutOff(array.Location);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw array.Invalid($"it cannot be read: {error.Message.TrimEnd('.')}.");
        }

        if (!array.IsBigEndian || size == 1) return;
        for (Span<byte> rest = bytes; rest.Length > 0; rest = rest[size..]) rest[..size].Reverse();
    }

    // Infinity in the file stays, as in float32; what becomes it by narrowing would be another vector.
    private void CheckRange(ReadOnlySpan<byte> bytes, ReadOnlySpan<float> values)
    {
        if (SafetensorsWidening.IndexOfTooLarge(bytes, values) is >= 0 and int at)
        {
            throw array.Invalid(
                FormattableString.Invariant($"row {RowOf(passed + at)} holds a number that float32 cannot."),
                "Find out why the encoder gave it, and write float32: a.astype('float32').");
        }

        passed += values.Length;
    }

    // From 0, as rows of JSON; beyond rank 2 all dimensions but the last count the rows.
    private long RowOf(long element)
    {
        if (array.Rank < 2) return element;
        if (!array.IsFortran) return element / array.Shape[^1];
        long row = 0;
        foreach (long dimension in array.Shape.SkipLast(1))
        {
            row = (row * dimension) + (element % dimension);
            element /= dimension;
        }

        return row;
    }

    private float[] Transposed(int count)
    {
        transposed ??= ToRowOrder();
        if (count == transposed.Length) return transposed;
        float[] values = transposed.AsSpan(taken, count).ToArray();
        taken += count;
        return values;
    }

    /// <summary>The whole array; each piece that is read goes to its place at once.</summary>
    private float[] ToRowOrder()
    {
        if (array.ElementCount > Limits.LargestFortranArray / sizeof(float))
        {
            throw array.Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it is in Fortran order and has {array.ElementCount} elements: more than {Limits.LargestFortranArray} bytes to hold "
                        + $"in memory (the limit LargestFortranArray)."),
                "Write it row by row: numpy.ascontiguousarray(a).");
        }

        CheckExpansion(array.ElementCount);
        float[] rows = GC.AllocateUninitializedArray<float>((int)array.ElementCount), piece = new float[BufferSize / sizeof(double)];
        int[] index = new int[array.Rank];
        for (int done = 0, part; done < rows.Length; done += part)
        {
            part = Math.Min(rows.Length - done, piece.Length);
            Read(piece.AsSpan(0, part));
            foreach (float value in piece.AsSpan(0, part))
            {
                long target = 0;
                for (int axis = 0; axis < index.Length; axis++) target = (target * array.Shape[axis]) + index[axis];
                rows[target] = value;
                for (int axis = 0; axis < index.Length && ++index[axis] == array.Shape[axis]; axis++) index[axis] = 0;
            }
        }

        return rows;
    }
}
