using ColbertOnnx.IO;
using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;

namespace ColbertOnnx.Onnx;

/// <summary>
/// Reads a model's nodes and leaves its constants in the file: their place is noted, their bytes are passed over. What comes out has the
/// form of a graph, and constants have as many bytes as their shapes say.
/// </summary>
internal static class OnnxReader
{
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: not an ONNX file;
    /// <see cref="ColbertErrorId.ModelIncomplete"/>: it, or its data file, is missing or cut off.</exception>
    public static OnnxModel Read(string path)
    {
        if (RegularFile.WhyNot(path) is { } what)
            throw new ColbertException(
                ColbertErrorId.ModelInvalid, $"'{path}' cannot be read: {what}.", path, "Check the file and its rights.");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.RandomAccess);
            return new ModelScan(file, path).Read();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or OverflowException or ArgumentException)
        {
            // Numbers that no file has, a name that no file can have.
            throw Invalid(path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.ModelIncomplete, $"'{path}' cannot be read: {e.Message}", path, "Check the file and its rights.", e);
        }
    }

    internal static ColbertException Invalid(string path, string what, Exception? inner = null) =>
        new(
            ColbertErrorId.ModelInvalid, $"'{path}' is not a whole ONNX model: {what.TrimEnd('.')}.", path,
            "Copy or export the model again.", inner);

    /// <summary>One pass over the file. Messages that hold constants are taken apart by hand, the others are the library's.</summary>
    private sealed class ModelScan(FileStream file, string path)
    {
        private readonly ModelProto proto = new();
        private readonly List<OnnxTensor> tensors = [];

        public OnnxModel Read()
        {
            Fields(file.Length, (field, wire, end) =>
            {
                if (field != ModelProto.GraphFieldNumber || wire != WireFormat.WireType.LengthDelimited) return false;
                var graph = new GraphProto();
                ReadGraph(end, graph);
                proto.Graph = graph;
                return true;
            }, proto);
            if (proto.Graph is null || proto.Graph.Node.Count == 0) throw Invalid(path, "it holds no graph");
            if (proto.OpsetImport.Count == 0) throw Invalid(path, "it names no operator set");
            GraphCheck.Run(proto, path);
            var model = new OnnxModel(proto);
            foreach (OnnxTensor tensor in tensors) model.Add(tensor);
            return model;
        }

        private void ReadGraph(long end, GraphProto graph) => Fields(end, (field, wire, fieldEnd) =>
        {
            if (field != GraphProto.InitializerFieldNumber || wire != WireFormat.WireType.LengthDelimited) return false;
            ReadTensor(fieldEnd);
            return true;
        }, graph);

        private void ReadTensor(long end)
        {
            var header = new TensorProto();
            (long Start, long Length)? raw = null;
            Fields(end, (field, wire, fieldEnd) =>
            {
                if (field != TensorProto.RawDataFieldNumber || wire != WireFormat.WireType.LengthDelimited) return false;
                raw = (file.Position, fieldEnd - file.Position);
                return true;
            }, header);
            tensors.Add(TensorHeader.ToTensor(header, raw is { } place ? new FileTensorData(path, place.Start, place.Length) : null, path));
        }

        /// <summary>
        /// Goes through the fields up to <paramref name="end"/>; what <paramref name="take"/> does not want is merged into the message.
        /// </summary>
        private void Fields(long end, Func<int, WireFormat.WireType, long, bool> take, IMessage rest)
        {
            using var others = new MemoryStream();
            while (file.Position < end)
            {
                long start = file.Position;
                uint tag = checked((uint)Varint(end));
                WireFormat.WireType wire = WireFormat.GetTagWireType(tag);
                long fieldEnd = wire switch
                {
                    WireFormat.WireType.Varint => AfterVarint(end),
                    WireFormat.WireType.Fixed64 => file.Position + 8,
                    WireFormat.WireType.Fixed32 => file.Position + 4,
                    WireFormat.WireType.LengthDelimited => AfterLength(end),
                    _ => throw Invalid(path, FormattableString.Invariant($"byte {start} begins no field")),
                };
                if (fieldEnd > end)
                    throw Invalid(
                        path, FormattableString.Invariant($"it is cut off: a field at byte {start} ends at {fieldEnd}, behind byte {end}"));
                if (!take(WireFormat.GetTagFieldNumber(tag), wire, fieldEnd)) Copy(start, fieldEnd, others);
                file.Position = fieldEnd;
            }

            rest.MergeFrom(others.ToArray());
        }

        private void Copy(long start, long end, MemoryStream target)
        {
            file.Position = start;
            byte[] bytes = new byte[checked((int)(end - start))];
            file.ReadExactly(bytes);
            target.Write(bytes);
        }

        private long AfterVarint(long end)
        {
            Varint(end);
            return file.Position;
        }

        private long AfterLength(long end)
        {
            ulong length = Varint(end);
            return length > long.MaxValue - (ulong)end ? long.MaxValue : file.Position + (long)length;
        }

        private ulong Varint(long end)
        {
            ulong value = 0;
            for (int shift = 0; shift < 64 && file.Position < end; shift += 7)
            {
                int next = file.ReadByte();
                value |= (ulong)(next & 127) << shift;
                if (next < 128) return value;
            }

            throw Invalid(path, FormattableString.Invariant($"a number is broken at byte {file.Position}"));
        }
    }
}
