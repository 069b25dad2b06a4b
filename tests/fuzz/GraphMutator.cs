using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;

namespace ColbertOnnx.Fuzz;

/// <summary>Spoils the form of an ONNX graph: nodes, names, shapes, places of data; every fourth time its bytes.</summary>
internal static class GraphMutator
{
    private static readonly long[] Sizes = [0, 1, -1, 2, 7, 1L << 31, 1L << 62, long.MaxValue, long.MinValue];

    public static byte[] Mutate(Random random, byte[] bytes)
    {
        if (random.Next(4) == 0) return ByteMutator.Mutate(random, bytes);
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        for (int i = ByteMutator.Times(random); i > 0; i--) Step(random, model);
        return model.ToByteArray();
    }

    private static void Step(Random random, ModelProto model)
    {
        GraphProto graph = model.Graph;
        NodeProto node = graph.Node[random.Next(graph.Node.Count)], other = graph.Node[random.Next(graph.Node.Count)];
        TensorProto tensor = graph.Initializer[random.Next(graph.Initializer.Count)];
        switch (random.Next(20))
        {
            case 0: node.Input.Clear(); break;
            case 1: node.Output.Clear(); break;
            case 2: if (node.Input.Count > 0) node.Input.RemoveAt(random.Next(node.Input.Count)); break;
            case 3: if (node.Input.Count > 0) node.Input[random.Next(node.Input.Count)] = random.Next(2) == 0 ? "" : tensor.Name; break;
            case 4: node.Attribute.Clear(); break;
            case 5: node.OpType = random.Next(3) == 0 ? "\u001b[31mOdd" : other.OpType; break;
            case 6: node.Domain = random.Next(2) == 0 ? "com.microsoft" : "x.y"; break;
            case 7: graph.Node.Remove(node); if (graph.Node.Count == 0) graph.Node.Add(node); break;
            case 8: graph.Node.Add(node.Clone()); break;
            case 9: if (tensor.Dims.Count > 0) tensor.Dims[random.Next(tensor.Dims.Count)] = Sizes[random.Next(Sizes.Length)]; break;
            case 10: tensor.Dims.Clear(); break;
            case 11: tensor.Dims.Add(Sizes[random.Next(Sizes.Length)]); break;
            case 12:
                tensor.RawData = tensor.RawData.Length > 1
                    ? ByteString.CopyFrom(tensor.RawData.Span[..random.Next(tensor.RawData.Length)])
                    : ByteString.Empty;
                break;
            case 13: tensor.DataType = random.Next(-1, 25); break;
            case 14: tensor.Name = random.Next(2) == 0 ? "" : graph.Initializer[random.Next(graph.Initializer.Count)].Name; break;
            case 15: External(random, tensor); break;
            case 16: if (graph.Output.Count > 0) graph.Output[0].Name = other.Output.FirstOrDefault() ?? ""; break;
            case 17: if (graph.Input.Count > 0) graph.Input.RemoveAt(random.Next(graph.Input.Count)); break;
            case 18: if (node.Output.Count > 0 && other.Output.Count > 0) node.Output[0] = other.Output[0]; break;
            default:
                if (model.OpsetImport.Count > 0)
                    model.OpsetImport[random.Next(model.OpsetImport.Count)].Version = random.Next(-1, 40);
                break;
        }
    }

    private static void External(Random random, TensorProto tensor)
    {
        string[] places = ["weights", "../weights", "/dev/zero", "a\0b", "", ".", new string('x', 300)];
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.RawData = ByteString.Empty;
        tensor.ExternalData.Clear();
        Add("location", places[random.Next(places.Length)]);
        if (random.Next(2) == 0) Add("offset", Size());
        if (random.Next(2) == 0) Add("length", Size());

        void Add(string key, string value) => tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        string Size() =>
            random.Next(5) == 0 ? "x" : Sizes[random.Next(Sizes.Length)].ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
