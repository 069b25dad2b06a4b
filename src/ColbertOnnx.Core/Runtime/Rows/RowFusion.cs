using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// Finds in a graph what <c>ActivationQuantizer</c> and <c>GraphRewriter</c> of ColbertOnnx.Tools write around its products, and puts one
/// operator of ours in the place of up to six. Whatever looks otherwise stays.
/// </summary>
internal sealed class RowFusion
{
    // Its magnitude.
    private const float LeastGelu = 0.17f;

    private readonly OnnxModel model;
    private readonly Dictionary<string, NodeProto> producers;
    private readonly ILookup<string, NodeProto> readers;
    private readonly HashSet<string> results;

    // Of the main graph: those of its branches stay as they are, and so does what only they read.
    private readonly HashSet<NodeProto> own;

    // By reference: messages are compared by what they hold, and change here.
    private readonly HashSet<NodeProto> gone = new(ReferenceEqualityComparer.Instance);

    // A new node for the place before an old one.
    private readonly Dictionary<NodeProto, NodeProto> made = new(ReferenceEqualityComparer.Instance);

    // Columns of what new nodes give in the place of sums.
    private readonly Dictionary<string, long> widths = new(StringComparer.Ordinal);

    private RowFusion(OnnxModel model)
    {
        this.model = model;
        results = [.. model.Graph.Output.Select(output => output.Name)];
        own = new HashSet<NodeProto>(model.Graph.Node, ReferenceEqualityComparer.Instance);
        producers = model.Graph.Producers();
        readers = model.Graph.Readers();
    }

    /// <summary>Changes the model in place; false: there is nothing to change.</summary>
    public static bool Apply(OnnxModel model)
    {
        var fusion = new RowFusion(model);
        foreach (NodeProto node in model.Graph.Node.ToArray())
        {
            if (node.Is("QuantizeLinear")) fusion.Quantization(node);
            else if (node is { OpType: "MatMulIntegerToFloat", Domain: OnnxNames.Microsoft }) fusion.Product(node);
        }

        if (fusion.made.Count == 0) return false;
        fusion.Gelu();
        NodeProto[] nodes =
        [
            .. model.Graph.Node.SelectMany(node =>
                fusion.made.TryGetValue(node, out NodeProto? before) ? [before, node] : (NodeProto[])[node])
                .Where(node => !fusion.gone.Contains(node)),
        ];
        model.Graph.Node.Clear();
        model.Graph.Node.Add(nodes);
        UnusedParts.Remove(model);
        GateFusion.Apply(model);
        OwnZeros.Apply(model);
        NormFusion.Apply(model);
        model.Import(RowOperators.Domain, 1);
        return true;
    }

    // [Abs] -> ReduceMax -> Mul -> [Max] -> Reshape -> QuantizeLinear of zeros; and of the rows, with both.
    private void Quantization(NodeProto node)
    {
        if (node.Input.Count != 3 || node.Integer("axis", 1) != 0) return;
        if (Producer(node.Input[1], "Reshape") is not { } list || Producer(node.Input[2], "QuantizeLinear") is not { } zeros
            || zeros.Input[0] != list.Output[0])
            return;
        if (zeros.Input.Count != 3 || Number(zeros.Input[1]) != float.MaxValue || Byte(zeros.Input[2]) is not { } zero) return;
        string scales = list.Input[0];
        NodeProto? floor = Producer(scales, "Max");
        if (floor is { Input.Count: not 2 } || (floor is null ? 0 : Number(floor.Input[1])) is not { } smallest) return;
        if (Producer(floor?.Input[0] ?? scales, "Mul") is not { } scale || Number(scale.Input[1]) is not { } factor
            || Producer(scale.Input[0], "ReduceMax") is not { } largest || !IsOfRows(largest))
            return;
        NodeProto? magnitudes = Producer(largest.Input[0], "Abs");
        if ((magnitudes?.Input[0] ?? largest.Input[0]) != node.Input[0]) return;

        // Before the first of them: the scales are read before the bytes are made. What is read no more goes with the unused parts.
        made[magnitudes ?? largest] = Fused(RowOperators.QuantizeRows, [node.Input[0]], [node.Output[0], scales],
            (RowOperators.Symmetric, magnitudes is null ? 0 : 1), (RowOperators.Factor, factor), (RowOperators.SmallestScale, smallest),
            (RowOperators.ZeroPoint, (int)zero), (RowOperators.OwnZeroPoint, 0));
        gone.UnionWith([producers[scales], node]);
    }

    // MatMulIntegerToFloat -> Mul -> [Add of a bias] -> [Add of other rows], or a FastGelu that adds the bias itself.
    private void Product(NodeProto product)
    {
        if (Reader(product.Output[0], "Mul") is not { } last || last.Input[0] != product.Output[0]) return;
        if (Producer(product.Input[0], "QuantizeLinear") is not { Input: [_, var list, _] }
            || Producer(list, "Reshape")?.Input[0] != last.Input[1])
            return;
        if (model.Find(product.Input[1]) is not { Shape: [_, var columns] }) return;
        string[] inputs = [product.Output[0], last.Input[1], "", ""];
        List<NodeProto> chain = [last];
        if (Reader(last.Output[0], "Add") is { } biased && IsList(biased.Input[1], columns))
        {
            inputs[2] = biased.Input[1];
            chain.Add(last = biased);
        }

        if (Reader(last.Output[0], "Add") is { } sum && Other(sum, last.Output[0], columns) is { } other)
        {
            inputs[3] = other;
            chain.Add(last = sum);
        }

        if (inputs[2].Length == 0 && inputs[3].Length == 0
            && Reader(last.Output[0], "FastGelu", OnnxNames.Microsoft) is { Input: [_, var added] } gelu && IsList(added, columns))
        {
            inputs[2] = added;
            gelu.Input.RemoveAt(1);
        }

        int count = inputs[3].Length > 0 ? 4 : inputs[2].Length > 0 ? 3 : 2;
        gone.UnionWith(chain);
        if (last.Is("Add")) widths[last.Output[0]] = columns;
        made[last] = Fused(RowOperators.ScaleRows, inputs[..count], [last.Output[0]]);
    }

    // ScaleRows -> FastGelu -> QuantizeRows: the row between them stays in the CPU's first cache. The operator takes magnitudes for
    // numbers, which is the same where the smallest scale is that of the least that GELU gives.
    private void Gelu()
    {
        foreach (NodeProto quantize in made.Values.Where(node =>
            node.OpType == RowOperators.QuantizeRows && node.Integer(RowOperators.Symmetric, 1) == 0))
        {
            if (quantize.Single(RowOperators.SmallestScale, 0) < LeastGelu * quantize.Single(RowOperators.Factor, 1)) continue;
            if (!producers.TryGetValue(quantize.Input[0], out NodeProto? gelu)
                || gelu is not { OpType: "FastGelu", Domain: OnnxNames.Microsoft, Input: [var x] })
                continue;
            if (!producers.TryGetValue(x, out NodeProto? scaled) || !made.TryGetValue(scaled, out NodeProto? scale)
                || scale.Input.Count != 3)
                continue;
            quantize.OpType = RowOperators.GeluRows;
            quantize.Input.Clear();
            quantize.Input.Add(scale.Input);
        }
    }

    // Rows as long as the product's: what a norm gives, or what was added up here before. How many there are shows when the graph runs.
    private string? Other(NodeProto sum, string one, long columns)
    {
        string other = sum.Input[0] == one ? sum.Input[1] : sum.Input[0];
        bool isNorm = Producer(other, "LayerNormalization") is { } norm && norm.Output[0] == other && IsList(norm.Input[1], columns);
        return isNorm || widths.GetValueOrDefault(other) == columns ? other : null;
    }

    private static NodeProto Fused(
        string op, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, params ReadOnlySpan<(string, object)> attributes)
    {
        NodeProto node = Nodes.Make(op, RowOperators.Domain, inputs, outputs[0], attributes);
        foreach (string output in outputs[1..]) node.Output.Add(output);
        return node;
    }

    private NodeProto? Producer(string value, string op) => producers.TryGetValue(value, out NodeProto? node) && node.Is(op) ? node : null;

    /// <summary>
    /// The one node that reads a value; null where there are others, where it stands in a branch, or where the value is a result of the
    /// graph.
    /// </summary>
    private NodeProto? Reader(string value, string op, string domain = "") =>
        !results.Contains(value) && readers[value].ToArray() is [var node] && own.Contains(node) && node.OpType == op
            && node.Domain == domain ? node : null;

    private bool IsOfRows(NodeProto largest) => largest.Integer("keepdims", 1) == 1
        && (largest.Find("axes") is { } axes
            ? axes.Ints is [-1]
            : largest.Input.Count == 2 && model.Find(largest.Input[1]) is { ElementCount: 1 } list
                && BitConverter.ToInt64(list.Data.ToArray()) == -1);

    private bool IsList(string name, long count) =>
        model.Find(name) is { Type: OnnxElementType.Float, Shape: [var length] } && length == count;

    private float? Number(string name) =>
        model.Find(name) is { Type: OnnxElementType.Float, ElementCount: 1 } tensor ? Floats.Of(tensor)[0] : null;

    private byte? Byte(string name) =>
        model.Find(name) is { Type: OnnxElementType.UInt8, ElementCount: 1 } tensor ? tensor.Data.ToArray()[0] : null;
}
