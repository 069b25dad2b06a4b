using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Goes through a graph and its branches and puts INT8 operators in the place of those that multiply with constants or read embedding
/// matrices.
/// </summary>
internal sealed class GraphRewriter
{
    // Elements of a row, which is held in memory.
    private const long LargestRow = 1 << 24;

    private readonly OnnxModel model;
    private readonly QuantizationOptions options;
    private readonly CancellationToken cancellation;
    private readonly GraphNames names;
    private readonly ActivationQuantizer activations;
    private readonly Dictionary<string, NodeProto> producers;
    private readonly HashSet<string> constants;
    private readonly Dictionary<ConstantMatrix, (string Values, string Scales)> matrices = [];
    private readonly Dictionary<string, (string Values, string Scales)> tables = new(StringComparer.Ordinal);

    public GraphRewriter(OnnxModel model, QuantizationOptions options, CancellationToken cancellation)
    {
        this.model = model;
        this.options = options;
        this.cancellation = cancellation;
        names = new GraphNames(model);
        producers = model.Graph.Producers();
        constants = ConstantValues.Of(model);
        activations = new ActivationQuantizer(model, names, new Ranks(model), producers);
    }

    public void Rewrite(GraphProto graph) => Rewrite(graph, new QuantizedValues(null));

    private void Rewrite(GraphProto graph, QuantizedValues values)
    {
        List<NodeProto> made = new(graph.Node.Count);
        foreach (NodeProto node in graph.Node)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (GraphProto branch in node.Branches()) Rewrite(branch, new QuantizedValues(values));
            if (node.Is("MatMul") || node.Is("Gemm")) Product(node, values, made);
            else if (node.Is("Gather")) Table(node, made);
            else made.Add(node);
        }

        graph.Node.Clear();
        graph.Node.Add(made);
    }

    private void Product(NodeProto node, QuantizedValues values, List<NodeProto> made)
    {
        ConstantMatrix? matrix = ConstantMatrix.Find(model, producers, node.Input[1], node.Is("Gemm") && node.Integer("transB", 0) == 1);
        if (matrix is null || !CanQuantize(node, matrix))
        {
            made.Add(node);
            return;
        }

        if (constants.Contains(node.Input[0]))
        {
            Dequantize(node, matrix, made);
            return;
        }

        string result = node.Output[0];
        (string weights, string scales) = Weights(matrix);
        QuantizedActivations x = values.Get(node.Input[0], value => activations.Write(value, matrix.Rows, made));
        string product = Add(
            "MatMulIntegerToFloat", OnnxNames.Microsoft, "product",
            [x.Bytes, weights, activations.Constant(1f), scales, activations.Byte(x.Range.ZeroPoint)]);
        bool adds = node.Is("Gemm") && node.Input.Count > 2 && node.Input[2].Length > 0;
        string scaled = Add("Mul", "", "scaled", [product, x.Scales], isLast: !adds && x.LeadingDimensions is null);
        if (adds) Add("Add", "", "", [scaled, node.Input[2]], isLast: true);
        else if (x.LeadingDimensions is not null)
            Add(
                "Reshape", "", "",
                [scaled, Add("Concat", "", "sides", [x.LeadingDimensions, activations.Constant(matrix.Columns)], false, ("axis", 0))],
                isLast: true);

        string Add(
            string op, string domain, string suffix, ReadOnlySpan<string> inputs, bool isLast = false,
            params ReadOnlySpan<(string, object)> attributes)
        {
            string output = isLast ? result : names.New($"{result}/{suffix}");
            NodeProto added = Nodes.Make(op, domain, inputs, output, attributes);
            if (isLast) added.Name = node.Name;
            made.Add(added);
            return output;
        }
    }

    // A product of constants. As bytes it would be computed in every run: ONNX Runtime does not constant-fold custom operators. Its matrix
    // is bytes in the file all the same.
    private void Dequantize(NodeProto node, ConstantMatrix matrix, List<NodeProto> made)
    {
        (string weights, string scales) = Weights(matrix);
        string wide = names.New($"{node.Output[0]}/wide"), product = names.New($"{node.Output[0]}/matrix");
        made.Add(Nodes.Make("Cast", "", [weights], wide, ("to", (long)OnnxElementType.Float)));
        made.Add(Nodes.Make("Mul", "", [wide, scales], product));
        node.Input[1] = product;
        if (node.Find("transB") is { } stored) node.Attribute.Remove(stored);
        made.Add(node);
    }

    // One that no array could hold as it is stays as it is.
    private bool CanQuantize(NodeProto node, ConstantMatrix matrix) =>
        matrix.Tensor.Data.ByteCount <= Array.MaxLength && matrix.Rows >= options.SmallestInput && matrix.Columns >= options.SmallestOutput
        && (!node.Is("Gemm") || (node.Integer("transA", 0) == 0 && node.Single("alpha", 1) == 1 && node.Single("beta", 1) == 1));

    private (string Values, string Scales) Weights(ConstantMatrix matrix)
    {
        if (matrices.TryGetValue(matrix, out (string, string) known)) return known;
        (OnnxTensor values, OnnxTensor scales) = QuantizedMatrix.Of(
            matrix, names.New($"{matrix.Tensor.Name}/int8"), names.New($"{matrix.Tensor.Name}/step"));
        return matrices[matrix] = Add(values, scales);
    }

    private void Table(NodeProto node, List<NodeProto> made)
    {
        if (node.Integer("axis", 0) != 0 || model.Find(node.Input[0]) is not { Shape: [<= int.MaxValue, > 0 and <= LargestRow] } table
            || table.Type != OnnxElementType.Float || table.Shape[0] < options.SmallestTable)
        {
            made.Add(node);
            return;
        }

        if (!tables.TryGetValue(table.Name, out (string Values, string Scales) parts))
        {
            (OnnxTensor values, OnnxTensor scales) = QuantizedTable.Of(
                table, names.New($"{table.Name}/int8"), names.New($"{table.Name}/step"));
            tables[table.Name] = parts = Add(values, scales);
        }

        // Gathered first: what is dequantized before would be folded into an FP32 matrix when the graph is opened.
        string result = node.Output[0], bytes = names.New($"{result}/int8"), rowScales = names.New($"{result}/step"),
            wide = names.New($"{result}/wide");
        made.Add(Nodes.Make("Gather", "", [parts.Values, node.Input[1]], bytes, ("axis", 0)));
        made.Add(Nodes.Make("Gather", "", [parts.Scales, node.Input[1]], rowScales, ("axis", 0)));
        made.Add(Nodes.Make("Cast", "", [bytes], wide, ("to", (long)OnnxElementType.Float)));
        made.Add(Nodes.Make("Mul", "", [wide, rowScales], result));
        made[^1].Name = node.Name;
    }

    private (string Values, string Scales) Add(OnnxTensor values, OnnxTensor scales)
    {
        model.Add(values);
        model.Add(scales);
        return (values.Name, scales.Name);
    }
}
