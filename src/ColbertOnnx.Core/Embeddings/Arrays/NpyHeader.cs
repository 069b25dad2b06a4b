using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>The header of an npy file, versions 1 to 3.</summary>
internal sealed record NpyHeader(string Descr, bool IsFortran, long[] Shape, int Length)
{
    private const string Convert = "Convert it in Python: numpy.save(path, a.astype('float32')).";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Element type; Other for one that is not numeric.</summary>
    public SafetensorsType Type => Descr.TrimStart('<', '>', '|', '=') switch
    {
        "f8" => SafetensorsType.F64,
        "f4" => SafetensorsType.F32,
        "f2" => SafetensorsType.F16,
        "i8" => SafetensorsType.I64,
        "i4" => SafetensorsType.I32,
        "i2" => SafetensorsType.I16,
        "i1" => SafetensorsType.I8,
        "u8" => SafetensorsType.U64,
        "u4" => SafetensorsType.U32,
        "u2" => SafetensorsType.U16,
        "u1" => SafetensorsType.U8,
        "b1" => SafetensorsType.BOOL,
        _ => SafetensorsType.Other,
    };

    public bool IsBigEndian => Descr.StartsWith('>');

    /// <summary>Bytes of one element; 0 where they have no fixed length or none that matters here.</summary>
    public int ElementSize => Type.Size() is > 0 and int size ? size : StringSize;

    /// <summary>Strings (U: UTF-32, S: bytes) have a fixed length too.</summary>
    private int StringSize
    {
        get
        {
            string type = Descr.TrimStart('<', '>', '|', '=');
            if (type.Length < 2 || type[0] is not ('U' or 'S')
                || !int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int length))
                return 0;
            return type[0] == 'U' ? (int)Math.Min(length * 4L, int.MaxValue) : length;
        }
    }

    /// <summary>Reads it from the beginning of a file; the stream stands behind it then.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    public static NpyHeader Read(Stream stream, string location) => EmbeddingErrors.Guard(location, () =>
    {
        byte[] begin = new byte[12];
        int read = stream.ReadAtLeast(begin.AsSpan(0, 10), 10, throwOnEndOfStream: false);
        if (read < Magic.Length || !begin.AsSpan().StartsWith(Magic))
            throw EmbeddingErrors.Invalid(location, "it is not an npy file.", "Write it with numpy.save.");
        if (read < 10) throw EmbeddingErrors.CutOff(location);
        bool isShort = begin[6] == 1;
        if (begin[6] is < 1 or > 3)
            throw EmbeddingErrors.Invalid(
                location, FormattableString.Invariant($"it is of version {begin[6]} of the npy format; known are 1 to 3."),
                "Write it with numpy.save.");
        if (!isShort) stream.ReadExactly(begin.AsSpan(10, 2));
        uint length = isShort
            ? BinaryPrimitives.ReadUInt16LittleEndian(begin.AsSpan(8))
            : BinaryPrimitives.ReadUInt32LittleEndian(begin.AsSpan(8));
        if (length > Limits.LargestNpyHeader)
            throw EmbeddingErrors.Invalid(
                location,
                FormattableString.Invariant(
                    $"its header would have {length} bytes, more than {Limits.LargestNpyHeader} (the limit LargestNpyHeader)."));
        byte[] text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), (isShort ? 10 : 12) + (int)length, location);
    });

    private static NpyHeader Parse(string text, int length, string location)
    {
        var literal = new PythonLiteral(text);
        if (!literal.TryReadDictionary(out Dictionary<string, object?> fields)
            || !fields.TryGetValue("descr", out object? descr) || !fields.TryGetValue("fortran_order", out object? order)
            || order is not bool isFortran
            || !fields.TryGetValue("shape", out object? dimensions) || dimensions is not List<object?> list
            || !list.TrueForAll(dimension => dimension is long and >= 0))
        {
            throw EmbeddingErrors.Invalid(location, "its header does not describe an array.");
        }

        if (descr is not string name)
            throw EmbeddingErrors.Invalid(location, "its elements are records of several fields, not numbers.", Convert);
        long[] shape = [.. list.Cast<long>()];
        // One object is something about the others; a list of them may be the embeddings.
        if (shape.Length > 0 && name.TrimStart('|', '<', '>', '=').StartsWith('O')) throw Pickled(location);
        double count = shape.Aggregate(1.0, (product, dimension) => product * Math.Max(dimension, 1));
        if (count > long.MaxValue / 16)
            throw EmbeddingErrors.Invalid(location, FormattableString.Invariant($"its header promises {count:g3} elements."));
        return new NpyHeader(name, isFortran, shape, length);
    }

    private static ColbertException Pickled(string location) => EmbeddingErrors.Invalid(
        location,
        "it holds pickled Python objects, which only Python can read.",
        "Convert it in Python: numpy.savez('embeddings.npz', *numpy.load(path, allow_pickle=True)).");
}
