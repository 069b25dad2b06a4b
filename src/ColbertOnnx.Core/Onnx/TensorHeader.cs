using System.Globalization;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>The three places where a tensor may keep its elements: raw bytes, a list of its type, a file beside the model.</summary>
internal static class TensorHeader
{
    // Bits of an element by the format's numbers; what is not here, as strings are, has no size of its own.
    private static readonly int[] Bits = [0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8, 2, 2];

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: the bytes are not those of shape and type;
    /// <see cref="ColbertErrorId.ModelIncomplete"/>: the data file is missing or cut off.</exception>
    public static OnnxTensor ToTensor(TensorProto header, TensorData? raw, string modelPath)
    {
        long? size = SizeOf(header, modelPath);
        TensorData data = header.DataLocation == TensorProto.Types.DataLocation.External
            ? External(header, size, modelPath)
            : raw ?? Listed(header, modelPath);
        if (data is not UnreadTensorData && size is { } expected && data.ByteCount != expected)
            throw Differs(header, data.ByteCount, expected, modelPath);
        return new OnnxTensor(header.Name, (OnnxElementType)header.DataType, [.. header.Dims], data);
    }

    /// <summary>Checks a tensor that stays as it is: of a branch, or of an attribute.</summary>
    public static void Check(TensorProto header, string modelPath)
    {
        if (SizeOf(header, modelPath) is { } size && header.RawData.Length > 0 && header.RawData.Length != size)
            throw Differs(header, header.RawData.Length, size, modelPath);
    }

    private static long? SizeOf(TensorProto header, string modelPath)
    {
        const long Most = long.MaxValue / 128; // so that no count of bits overflows
        long count = 1;
        foreach (long dimension in header.Dims)
        {
            if (dimension < 0)
                throw OnnxReader.Invalid(
                    modelPath, FormattableString.Invariant($"the tensor '{header.Name}' has a dimension of {dimension}"));
            if (dimension > 0 && count > Most / dimension)
                throw OnnxReader.Invalid(modelPath, $"the tensor '{header.Name}' has more elements than any file");
            count *= dimension;
        }

        int bits = (uint)header.DataType < (uint)Bits.Length ? Bits[header.DataType] : 0;
        return bits == 0 ? null : ((count * bits) + 7) / 8;
    }

    private static FileTensorData External(TensorProto header, long? size, string modelPath)
    {
        string? Entry(string key) => header.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;
        long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw OnnxReader.Invalid(modelPath, $"the tensor '{header.Name}' has no place in its data file ('{text}')");

        string name = Entry("location") ?? throw OnnxReader.Invalid(modelPath, $"the tensor '{header.Name}' names no data file");
        FileInfo file = ExternalData.Resolve(modelPath, name);
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelPath))!, name);
        if (!file.Exists) throw Incomplete("which is not there");
        long offset = Number(Entry("offset") ?? "0"),
            length = Entry("length") is { } given ? Number(given) : size ?? Math.Max(0, file.Length - offset);
        return offset <= file.Length && length <= file.Length - offset
            ? new FileTensorData(path, offset, length)
            : throw Incomplete($"which is cut off in the tensor '{header.Name}'");

        ColbertException Incomplete(string what) =>
            new(
                ColbertErrorId.ModelIncomplete, $"'{modelPath}' keeps its weights in '{name}', {what}.", path,
                "Copy the whole model folder again.");
    }

    private static TensorData Listed(TensorProto header, string modelPath)
    {
        switch ((OnnxElementType)header.DataType)
        {
            case OnnxElementType.Float: return MemoryTensorData.Of<float>([.. header.FloatData]);
            case OnnxElementType.Double: return MemoryTensorData.Of<double>([.. header.DoubleData]);
            case OnnxElementType.Int64: return MemoryTensorData.Of<long>([.. header.Int64Data]);
            case OnnxElementType.Int32: return MemoryTensorData.Of<int>([.. header.Int32Data]);
            case OnnxElementType.Float16 or OnnxElementType.BFloat16:
                return MemoryTensorData.Of<ushort>([.. header.Int32Data.Select(v => (ushort)v)]);
            case OnnxElementType.Int8: return MemoryTensorData.Of<sbyte>([.. header.Int32Data.Select(v => (sbyte)v)]);
            case OnnxElementType.UInt8 or OnnxElementType.Bool:
                return MemoryTensorData.Of<byte>([.. header.Int32Data.Select(v => (byte)v)]);
            default:
                (string name, int type) = (header.Name, header.DataType);
                return new UnreadTensorData(() => OnnxReader.Invalid(
                    modelPath, FormattableString.Invariant($"the tensor '{name}' has the element type {type}, which is not read here")));
        }
    }

    private static ColbertException Differs(TensorProto header, long bytes, long expected, string modelPath) =>
        OnnxReader.Invalid(
            modelPath, FormattableString.Invariant($"the tensor '{header.Name}' has {bytes} bytes, and its shape and type say {expected}"));
}
