using System.Globalization;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>The three places where a tensor may keep its numbers: raw bytes, a list of its type, a file beside the model.</summary>
internal static class TensorHeader
{
    public static OnnxTensor ToTensor(TensorProto header, TensorData? raw, string modelPath)
    {
        TensorData data = header.DataLocation == TensorProto.Types.DataLocation.External ? External(header, modelPath) : raw ?? Listed(header, modelPath);
        return new OnnxTensor(header.Name, (OnnxElementType)header.DataType, [.. header.Dims], data);
    }

    private static FileTensorData External(TensorProto header, string modelPath)
    {
        string? Entry(string key) => header.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;
        long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw OnnxReader.Invalid(modelPath, $"the tensor '{header.Name}' has no place in its data file ('{text}')");

        string name = Entry("location") ?? throw OnnxReader.Invalid(modelPath, $"the tensor '{header.Name}' names no data file");
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!, full = Path.GetFullPath(Path.Combine(folder, name));
        if (!full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw OnnxReader.Invalid(modelPath, $"its data file '{name}' is outside the model's folder");
        FileInfo file = FileLinks.Follow(full);
        if (!file.Exists) throw new ColbertException(ColbertErrorId.ModelIncomplete, $"'{modelPath}' keeps its weights in '{name}', which is not there.", full, "Copy the whole model folder again.");
        long offset = Number(Entry("offset") ?? "0"), length = Entry("length") is { } given ? Number(given) : file.Length - offset;
        return offset + length <= file.Length
            ? new FileTensorData(full, offset, length)
            : throw new ColbertException(ColbertErrorId.ModelIncomplete, $"'{name}' is cut off in the tensor '{header.Name}'.", full, "Copy the whole model folder again.");
    }

    private static MemoryTensorData Listed(TensorProto header, string modelPath)
    {
        switch ((OnnxElementType)header.DataType)
        {
            case OnnxElementType.Float: return MemoryTensorData.Of<float>([.. header.FloatData]);
            case OnnxElementType.Double: return MemoryTensorData.Of<double>([.. header.DoubleData]);
            case OnnxElementType.Int64: return MemoryTensorData.Of<long>([.. header.Int64Data]);
            case OnnxElementType.Int32: return MemoryTensorData.Of<int>([.. header.Int32Data]);
            case OnnxElementType.Float16 or OnnxElementType.BFloat16: return MemoryTensorData.Of<ushort>([.. header.Int32Data.Select(v => (ushort)v)]);
            case OnnxElementType.Int8: return MemoryTensorData.Of<sbyte>([.. header.Int32Data.Select(v => (sbyte)v)]);
            case OnnxElementType.UInt8 or OnnxElementType.Bool: return MemoryTensorData.Of<byte>([.. header.Int32Data.Select(v => (byte)v)]);
            default: throw OnnxReader.Invalid(modelPath, FormattableString.Invariant($"the tensor '{header.Name}' has the element type {header.DataType}, which is not read here"));
        }
    }
}
