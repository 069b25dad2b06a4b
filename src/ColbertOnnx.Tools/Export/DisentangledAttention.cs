using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// DeBERTa's attention (He et al. 2020, section 3.1): a score is the sum of content to content, content to position and position to
/// content, where a position is that of one token relative to the other. A query that sees no key gives the mean of all values.
/// </summary>
internal sealed class DisentangledAttention
{
    private readonly GraphBuilder graph;
    private readonly int heads, headSize;
    private readonly string shape, scale;
    private readonly string indices = "", first = "", end = "";
    private readonly KeyMask mask;

    /// <param name="graph">Gets the operators.</param>
    /// <param name="inputs">Where texts begin and end.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headSize">Head size.</param>
    /// <param name="terms">Terms of the sum.</param>
    /// <param name="indices">[length, length]: for each query (first dimension) and key the index of their relative position; null:
    /// positions have no part in it.</param>
    public DisentangledAttention(GraphBuilder graph, TokenInputs inputs, int heads, int headSize, int terms, string? indices)
    {
        (this.graph, this.heads, this.headSize) = (graph, heads, headSize);
        using IDisposable scope = graph.Scope("attention");
        scale = graph.Constant(1f / MathF.Sqrt(headSize * terms));
        shape = graph.Node("Concat", [inputs.Shape, graph.Constant(heads, headSize)], ("axis", 0));
        if (indices is not null)
        {
            // Only the relative positions that texts of this length have: of a query's 32 tokens an eighth of a published model's.
            first = graph.Reshape(graph.Node("ReduceMin", [indices], ("keepdims", 0)), graph.Constant(1));
            end = graph.Add(graph.Reshape(graph.Node("ReduceMax", [indices], ("keepdims", 0)), graph.Constant(1)), graph.Constant(1));
            string near = graph.Node("Sub", [indices, first]);
            this.indices = graph.Node(
                "Expand", [near, graph.Node("Concat", [inputs.Batch, graph.Constant(heads), inputs.Length, inputs.Length], ("axis", 0))]);
        }

        string keys = inputs.Keys;
        mask = KeyMask.Where(
            graph, inputs.IsPadded, () => graph.Node("And", [keys, graph.Node("Transpose", [keys], ("perm", new long[] { 0, 1, 3, 2 }))]));
    }

    /// <summary>
    /// q, k, v and the result are [tokens, heads x headSize]; keys and queries of the relative positions [positions, heads x headSize], or
    /// null.
    /// </summary>
    public string Apply(string q, string k, string v, string? positionKeys, string? positionQueries)
    {
        using IDisposable scope = graph.Scope("attention");
        q = Texts(graph.Mul(q, scale), 0, 2, 1, 3);
        k = Texts(k, 0, 2, 3, 1);
        string scores = graph.Node("MatMul", [q, k]);
        if (positionKeys is not null)
            scores = graph.Add(scores, Pick(graph.Node("MatMul", [q, Near(Positions(positionKeys, 1, 2, 0), 2)]), 3));
        if (positionQueries is not null)
            scores = graph.Add(scores, Pick(graph.Node("MatMul", [Near(Positions(graph.Mul(positionQueries, scale), 1, 0, 2), 1), k]), 2));
        string weights = graph.If(
            mask.When!,
            OnnxElementType.Float,
            4,
            () => graph.Node("Softmax", [graph.Node("Where", [mask.Mask, scores, graph.Constant(float.MinValue)])], ("axis", -1)),
            () => graph.Node("Softmax", [scores], ("axis", -1)));
        string mixed = graph.Node("MatMul", [weights, Texts(v, 0, 2, 1, 3)]);
        return graph.Reshape(graph.Node("Transpose", [mixed], ("perm", new long[] { 0, 2, 1, 3 })), graph.Constant(-1, heads * headSize));
    }

    // Scores with all relative positions as scores with the one that each query and key have.
    private string Pick(string scores, int axis) => graph.Node("GatherElements", [scores, indices], ("axis", axis));

    private string Near(string positions, int axis) => graph.Node("Slice", [positions, first, end, graph.Constant(axis)]);

    // From [tokens, heads x headSize], by the dimensions batch, length, heads, headSize.
    private string Texts(string x, params long[] dimensions) => graph.Node("Transpose", [graph.Reshape(x, shape)], ("perm", dimensions));

    // From [positions, heads x headSize], by the dimensions positions, heads, headSize.
    private string Positions(string x, params long[] dimensions) =>
        graph.Node("Transpose", [graph.Reshape(x, graph.Constant(-1, heads, headSize))], ("perm", dimensions));
}
