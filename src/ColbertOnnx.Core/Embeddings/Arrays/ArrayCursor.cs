using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The elements of an array one after the other, the last index running fastest, whatever the order in the file.</summary>
internal sealed class ArrayCursor : IDisposable
{
    // What a header promises is taken in such steps: memory grows with what is really there.
    private const int Step = 1 << 22;

    private readonly StoredArray array;
    private readonly int size;
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly Stream stream;
    private float[]? transposed;
    private int taken;

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
        if (count > Array.MaxLength) throw array.Invalid(FormattableString.Invariant($"one text would have {count} numbers, more than memory can hold in one piece."));
        if (array.IsFortran && array.Rank > 1) return Transposed((int)count);
        return Next((int)count);
    }

    /// <summary>The next element as a whole number.</summary>
    public long ReadInteger()
    {
        Span<byte> element = buffer.AsSpan(0, size);
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

    private float[] Next(int count)
    {
        float[] values = new float[Math.Min(count, Step)];
        for (int done = 0; done < count;)
        {
            if (done == values.Length) Array.Resize(ref values, (int)Math.Min(count, done * 2L));
            int part = Math.Min(values.Length - done, array.Type == SafetensorsType.F32 ? Step : buffer.Length / size);
            Read(values.AsSpan(done, part));
            done += part;
        }

        return values;
    }

    private void Read(Span<float> values)
    {
        if (array.Type == SafetensorsType.F32)
        {
            Fill(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = buffer.AsSpan(0, values.Length * size);
        Fill(bytes);
        SafetensorsWidening.Widen(array.Type, bytes, values);
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

    private float[] Transposed(int count)
    {
        if (transposed is null)
        {
            if (array.ElementCount > Array.MaxLength)
                throw array.Invalid("it is in Fortran order and too large to be turned in memory.", "Write it row by row: numpy.ascontiguousarray(a).");
            transposed = ToRowOrder(Next((int)array.ElementCount));
        }

        float[] values = transposed.AsSpan(taken, count).ToArray();
        taken += count;
        return values;
    }

    private float[] ToRowOrder(float[] columns)
    {
        float[] rows = new float[columns.Length];
        int[] index = new int[array.Rank];
        for (int source = 0; source < columns.Length; source++)
        {
            long target = 0;
            for (int axis = 0; axis < index.Length; axis++) target = (target * array.Shape[axis]) + index[axis];
            rows[target] = columns[source];
            for (int axis = 0; axis < index.Length && ++index[axis] == array.Shape[axis]; axis++) index[axis] = 0;
        }

        return rows;
    }
}
