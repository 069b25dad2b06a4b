using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// The FP32 graph of the upstream exporter, of which only the INT8 one is at hand. Its quantizer puts DynamicQuantizeLinear, MatMulInteger,
/// Cast and Mul in the place of each product with a constant and touches nothing else, so that the products put back give the graph it
/// started from.
/// </summary>
internal sealed class UpstreamFloat
{
    private readonly OnnxModel model;
    private readonly Dictionary<string, NodeProto> producers;
    private readonly ILookup<string, NodeProto> readers;
    private readonly HashSet<NodeProto> gone = [];

    private UpstreamFloat(OnnxModel model)
    {
        this.model = model;
        producers = model.Graph.Producers();
        readers = model.Graph.Readers();
    }

    /// <summary>
    /// Writes a folder with the float32 graph, the tokenizer and the settings of an upstream folder; gives the graph's file.
    /// </summary>
    public static string Write(string folder, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string name in (string[])["tokenizer.json", "onnx_config.json"])
            File.Copy(Path.Combine(folder, name), Path.Combine(target, name), overwrite: true);
        OnnxModel model = OnnxReader.Read(Path.Combine(folder, "model_int8.onnx"));
        new UpstreamFloat(model).Restore();
        string graph = Path.Combine(target, "model.onnx");
        OnnxWriter.Write(model, graph, long.MaxValue); // one file, as that exporter writes it
        return graph;
    }

    private void Restore()
    {
        foreach (NodeProto node in model.Graph.Node.ToArray())
        {
            if (node.Is("MatMulInteger")) Product(node);
            else if (node.Is("DequantizeLinear")) Table(node);
        }

        NodeProto[] kept = [.. model.Graph.Node.Where(node => !gone.Contains(node) && !node.Is("DynamicQuantizeLinear"))];
        model.Graph.Node.Clear();
        model.Graph.Node.Add(kept);
        HashSet<string> used = [.. kept.SelectMany(node => node.Input)];
        foreach (OnnxTensor tensor in model.Initializers.Where(tensor => !used.Contains(tensor.Name)).ToArray()) model.Remove(tensor.Name);
        if (kept.FirstOrDefault(node =>
            node.OpType.Contains("Quant", StringComparison.Ordinal)
                || node.OpType.Contains("Integer", StringComparison.Ordinal)) is { } left)
            throw new InvalidOperationException($"{left.OpType} is left in the graph.");
    }

    // DynamicQuantizeLinear(x) -> MatMulInteger -> Cast -> Mul(steps of x times the matrix's step) becomes MatMul, where Mul stood.
    private void Product(NodeProto product)
    {
        NodeProto cast = readers[product.Output[0]].Single(), scaled = readers[cast.Output[0]].Single(), steps = producers[scaled.Input[1]];
        string x = producers[product.Input[0]].Input[0], matrix = Restore(product.Input[1], steps.Input[1], product.Input[3]);
        scaled.OpType = "MatMul";
        scaled.Input.Clear();
        scaled.Input.Add([x, matrix]);
        gone.UnionWith([product, cast, steps]);
    }

    // Gather of bytes -> DequantizeLinear becomes Gather.
    private void Table(NodeProto wide)
    {
        NodeProto gather = producers[wide.Input[0]];
        gather.Input[0] = Restore(gather.Input[0], wide.Input[1], wide.Input[2]);
        gather.Output[0] = wide.Output[0];
        gone.Add(wide);
    }

    private string Restore(string values, string step, string zero)
    {
        OnnxTensor bytes = model.Find(values)!;
        float scale = Floats.Of(model.Find(step)!)[0];
        byte zeroPoint = model.Find(zero)!.Data.ToArray()[0];
        string name = values + "/float";
        if (model.Find(name) is null)
        {
            bool signed = bytes.Type == OnnxElementType.Int8;
            float[] numbers =
            [
                .. bytes.Data.ToArray().Select(value => scale * (signed ? (sbyte)value - (sbyte)zeroPoint : value - zeroPoint)),
            ];
            model.Add(OnnxTensor.Of(name, numbers, [.. bytes.Shape]));
        }

        return name;
    }
}
