using System.Runtime.InteropServices;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Stores the constants of rank 2 or more as float16; the graph computes in float32 as before. ONNX Runtime widens matrices when
/// it opens the file; of an embedding matrix only the rows that are read are widened.
/// </summary>
internal static class HalfPrecision
{
    // Below this a file does not become smaller by an operator more.
    private const long Smallest = 1024;

    /// <summary>Changes the model in place. Constants with a value beyond ±65,504 stay as they are.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many constants are float16 now.</returns>
    public static int Apply(OnnxModel model, CancellationToken cancellation = default)
    {
        var names = new GraphNames(model);
        int count = 0;
        List<NodeProto> casts = [];
        foreach (OnnxTensor tensor in model.Initializers.ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            if (tensor.Type != OnnxElementType.Float || tensor.Shape.Count < 2 || tensor.ElementCount < Smallest || !Fits(tensor)) continue;
            string half = names.New($"{tensor.Name}/float16");
            model.Add(new OnnxTensor(half, OnnxElementType.Float16, tensor.Shape, new HalfData(tensor)));
            ReadRows(model.Graph, tensor.Name, half, names);
            casts.Add(Nodes.Make("Cast", "", [half], tensor.Name, ("to", (long)OnnxElementType.Float)));
            model.Remove(tensor.Name);
            count++;
        }

        for (int i = 0; i < casts.Count; i++) model.Graph.Node.Insert(i, casts[i]);
        UnusedParts.Remove(model);
        return count;
    }

    private static bool Fits(OnnxTensor tensor)
    {
        bool fits = true;
        Floats.Rows(tensor, row =>
        {
            foreach (float value in row) fits &= MathF.Abs(value) <= (float)Half.MaxValue;
        });
        return fits;
    }

    private static void ReadRows(GraphProto graph, string table, string half, GraphNames names)
    {
        for (int i = 0; i < graph.Node.Count; i++)
        {
            NodeProto node = graph.Node[i];
            foreach (GraphProto branch in node.Branches()) ReadRows(branch, table, half, names);
            if (!node.Is("Gather") || node.Input[0] != table) continue;
            string result = node.Output[0];
            node.Input[0] = half;
            node.Output[0] = names.New($"{result}/float16");
            NodeProto cast = Nodes.Make("Cast", "", [node.Output[0]], result, ("to", (long)OnnxElementType.Float));
            cast.Name = names.New($"{result}/cast");
            graph.Node.Insert(i + 1, cast);
        }
    }

    private sealed class HalfData(OnnxTensor tensor) : TensorData
    {
        public override long ByteCount => tensor.ElementCount * sizeof(ushort);

        public override void CopyTo(Stream target)
        {
            byte[] bytes = [];
            Floats.Rows(tensor, row =>
            {
                if (bytes.Length == 0) bytes = new byte[row.Length * sizeof(ushort)];
                Span<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
                for (int i = 0; i < row.Length; i++) halves[i] = (Half)row[i];
                target.Write(bytes);
            });
        }
    }
}
