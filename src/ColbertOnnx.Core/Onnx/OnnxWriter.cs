using ColbertOnnx.IO;
using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;

namespace ColbertOnnx.Onnx;

/// <summary>
/// Writes a model in one pass, constants as a stream: the format wants each message's size in front of it, and every size is known
/// beforehand. The same model gives the same bytes.
/// </summary>
internal static class OnnxWriter
{
    /// <summary>
    /// Models with more bytes of constants than this keep them in a file of their own, which ONNX Runtime maps instead of copying it.
    /// </summary>
    public const long InlineLimit = 64L << 20;

    /// <summary>Shapes and other small constants stay in the graph: shape inference wants to read them.</summary>
    private const int SmallestExternal = 1024;

    // Page sizes differ; this is a multiple of all of them and of what Windows asks of a mapping.
    private const int MappedAlignment = 64 * 1024;
    private const int MappedFrom = 1 << 20;
    private const int Alignment = 64;

    /// <summary>The file beside a graph that holds its constants when they are many.</summary>
    public static string DataOf(string path) => path + ".data";

    /// <summary>
    /// Writes <paramref name="path"/>, and its data file beside it when the constants have more bytes than <paramref name="inlineLimit"/>.
    /// A token that is cancelled ends it between two constants.
    /// </summary>
    public static void Write(OnnxModel model, string path, long inlineLimit = InlineLimit, CancellationToken cancellation = default)
    {
        OnnxTensor[] tensors = [.. model.Initializers];
        bool external = tensors.Sum(t => t.Data.ByteCount) > inlineLimit;
        string dataPath = DataOf(path);
        TensorProto[] headers = new TensorProto[tensors.Length];
        long offset = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            headers[i] = Header(tensors[i]);
            if (!external || tensors[i].Data.ByteCount < SmallestExternal) continue;
            offset = Align(offset, tensors[i].Data.ByteCount);
            Locate(headers[i], Path.GetFileName(dataPath), offset, tensors[i].Data.ByteCount);
            offset += tensors[i].Data.ByteCount;
        }

        if (external) WriteData(tensors, headers, dataPath, cancellation);
        using FileStream file = Create(path);
        WriteModel(model.Proto, tensors, headers, file, cancellation);
    }

    /// <summary>
    /// The graph as bytes. Constants that lie in a file of <paramref name="folder"/> stay there, where they are large and where they can be
    /// mapped.
    /// </summary>
    public static byte[] ToArray(OnnxModel model, string folder)
    {
        OnnxTensor[] tensors = [.. model.Initializers];
        TensorProto[] headers = [.. tensors.Select(Header)];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i].Data is not FileTensorData { ByteCount: >= MappedAlignment } data || !IsAligned(tensors[i], data.Offset))
                continue;
            FileInfo file = FileLinks.Follow(data.File);
            if (file.DirectoryName == folder) Locate(headers[i], file.Name, data.Offset, data.ByteCount);
        }

        using var bytes = new MemoryStream();
        WriteModel(model.Proto, tensors, headers, bytes, CancellationToken.None);
        return bytes.ToArray();
    }

    // Within a graph's file numbers lie at any place: bytes may, others are read as what they are only where they begin at a multiple of
    // their size.
    private static bool IsAligned(OnnxTensor tensor, long offset) =>
        offset % Math.Max(1, tensor.Data.ByteCount / Math.Max(1, tensor.ElementCount)) == 0;

    private static long Align(long offset, long size)
    {
        long step = size >= MappedFrom ? MappedAlignment : Alignment;
        return (offset + step - 1) / step * step;
    }

    private static TensorProto Header(OnnxTensor tensor)
    {
        var header = new TensorProto { Name = tensor.Name, DataType = (int)tensor.Type };
        header.Dims.Add(tensor.Shape);
        return header;
    }

    private static void Locate(TensorProto header, string file, long offset, long size)
    {
        header.DataLocation = TensorProto.Types.DataLocation.External;
        header.ExternalData.Add(Entry("location", file));
        header.ExternalData.Add(Entry("offset", FormattableString.Invariant($"{offset}")));
        header.ExternalData.Add(Entry("length", FormattableString.Invariant($"{size}")));
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private static bool IsInline(TensorProto header) => header.ExternalData.Count == 0;

    private static FileStream Create(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 256 * 1024 });

    private static void WriteData(OnnxTensor[] tensors, TensorProto[] headers, string path, CancellationToken cancellation)
    {
        using FileStream file = Create(path);
        for (int i = 0; i < tensors.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsInline(headers[i])) continue;
            for (long gap = Align(file.Position, tensors[i].Data.ByteCount) - file.Position; gap > 0; gap--) file.WriteByte(0);
            WriteExactly(tensors[i], file);
        }
    }

    private static void WriteModel(
        ModelProto proto, OnnxTensor[] tensors, TensorProto[] headers, Stream file, CancellationToken cancellation)
    {
        GraphProto graph = proto.Graph;
        if (graph.Initializer.Count > 0) throw new InvalidOperationException("Initializers belong into the model's own list.");
        long graphSize = graph.CalculateSize();
        for (int i = 0; i < tensors.Length; i++)
        {
            long size = Size(tensors[i], headers[i]);
            graphSize += 1 + VarintSize(size) + size;
        }

        // Everything but the graph, then the graph in pieces: fields of a message may come in any order.
        ModelProto outside = proto.Clone();
        outside.Graph = null;
        outside.WriteTo(file);
        WriteTag(file, ModelProto.GraphFieldNumber, graphSize);
        graph.WriteTo(file);
        for (int i = 0; i < tensors.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            WriteTag(file, GraphProto.InitializerFieldNumber, Size(tensors[i], headers[i]));
            headers[i].WriteTo(file);
            if (!IsInline(headers[i])) continue;
            WriteTag(file, TensorProto.RawDataFieldNumber, tensors[i].Data.ByteCount);
            WriteExactly(tensors[i], file);
        }
    }

    private static long Size(OnnxTensor tensor, TensorProto header)
    {
        long bytes = tensor.Data.ByteCount;
        return header.CalculateSize() + (IsInline(header) ? 1 + VarintSize(bytes) + bytes : 0);
    }

    private static void WriteExactly(OnnxTensor tensor, Stream file)
    {
        long before = file.Position;
        tensor.Data.CopyTo(file);
        if (file.Position - before != tensor.Data.ByteCount)
            throw new InvalidOperationException(
                $"The tensor '{tensor.Name}' has {tensor.Data.ByteCount} bytes and gave {file.Position - before}.");
    }

    private static void WriteTag(Stream file, int field, long size)
    {
        file.WriteByte((byte)WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited));
        for (ulong rest = (ulong)size; ; rest >>= 7)
        {
            file.WriteByte((byte)(rest < 128 ? rest : (rest & 127) | 128));
            if (rest < 128) break;
        }
    }

    private static int VarintSize(long value)
    {
        int size = 1;
        for (ulong rest = (ulong)value; rest >= 128; rest >>= 7) size++;
        return size;
    }
}
