using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;

namespace ColbertOnnx.Tests.Onnx;

/// <summary>One change of a graph's structure, chosen by a number: the same number changes the same graph in the same way.</summary>
internal static class GraphMutation
{
    private static readonly long[] Odd = [-1, 0, 1, 2, 7, 1L << 31, 1L << 40, long.MaxValue, long.MinValue];
    private static readonly string[] Places = ["0", "1", "-1", "4096", "9223372036854775807", "18446744073709551615", "x", ""];
    private static readonly string[] Files = ["model.onnx.data", "nothing", "../model.onnx", "/etc/passwd", "a\0b", "", ".", "link"];
    private static readonly string[] Operators =
    [
        "MatMul", "Gemm", "Gather", "Transpose", "Identity", "QuantizeLinear", "MatMulIntegerToFloat", "FastGelu", "If", "Reshape",
        "ReduceMax", "",
    ];

    public static ModelProto Of(ModelProto original, int seed)
    {
        ModelProto model = original.Clone();
        var random = new Random(seed);
        for (int i = random.Next(1, 4); i > 0; i--) Change(model, random);
        return model;
    }

    private static void Change(ModelProto model, Random random)
    {
        GraphProto graph = model.Graph;
        NodeProto node = Any(graph.Node, random) ?? new NodeProto();
        TensorProto tensor = Any(graph.Initializer, random) ?? new TensorProto();
        switch (random.Next(18))
        {
            case 0: Remove(node.Input, random); break;
            case 1: node.Input.Clear(); break;
            case 2: Remove(node.Output, random); break;
            case 3: Remove(node.Attribute, random); break;
            case 4: node.OpType = Pick(Operators, random); break;
            case 5: if (tensor.Dims.Count > 0) tensor.Dims[random.Next(tensor.Dims.Count)] = Pick(Odd, random); break;
            case 6: tensor.Dims.Add(Pick(Odd, random)); break;
            case 7:
                tensor.RawData = tensor.RawData.IsEmpty
                    ? ByteString.CopyFromUtf8("abc")
                    : ByteString.CopyFrom(tensor.RawData.Span[..random.Next(tensor.RawData.Length)]);
                break;
            case 8: tensor.DataType = random.Next(-1, 30); break;
            case 9: Externalize(tensor, random); break;
            case 10: tensor.Name = random.Next(2) == 0 ? "" : graph.Initializer[0].Name; break;
            case 11: Remove(graph.Initializer, random); break;
            case 12: Remove(graph.Node, random); break;
            case 13:
                if (node.Input.Count > 0)
                    node.Input[random.Next(node.Input.Count)] = node.Output.Count > 0 ? node.Output[0] : ""; break;
            case 14:
                if (node.Input.Count > 0)
                    node.Input[random.Next(node.Input.Count)] = Any(graph.Initializer, random)?.Name ?? ""; break;
            case 15: Nest(graph, random.Next(1, 20)); break;
            case 16: Scatter(node, random); break;
            default: (random.Next(2) == 0 ? (Action)model.OpsetImport.Clear : graph.Output.Clear)(); break;
        }
    }

    private static void Externalize(TensorProto tensor, Random random)
    {
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Clear();
        if (random.Next(8) > 0) tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Pick(Files, random) });
        if (random.Next(4) > 0) tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = Pick(Places, random) });
        if (random.Next(4) > 0) tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = Pick(Places, random) });
    }

    // If in If. Each takes one node in, so that a graph grows by its depth: with more it would double with every level.
    private static void Nest(GraphProto graph, int depth)
    {
        for (int i = 0; i < depth; i++)
        {
            var inner = new GraphProto { Name = $"inner.{i}" };
            inner.Node.Add(graph.Node.Take(1));
            var node = new NodeProto { OpType = "If", Input = { "condition" }, Output = { $"result.{i}" } };
            node.Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = inner });
            graph.Node.Insert(0, node);
        }
    }

    private static void Scatter(NodeProto node, Random random)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            attribute.I = Pick(Odd, random);
            for (int i = 0; i < attribute.Ints.Count; i++) attribute.Ints[i] = Pick(Odd, random);
            if (random.Next(4) == 0) attribute.Type = (AttributeProto.Types.AttributeType)random.Next(0, 15);
        }
    }

    private static T Pick<T>(T[] values, Random random) => values[random.Next(values.Length)];

    private static T? Any<T>(IList<T> list, Random random) => list.Count == 0 ? default : list[random.Next(list.Count)];

    private static void Remove<T>(IList<T> list, Random random)
    {
        if (list.Count > 0) list.RemoveAt(random.Next(list.Count));
    }
}
