using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// What the graph is given, [batch, length], and what families derive from it once for all layers. Hidden states are
/// [tokens, hidden size], all texts end to end: only attention wants to know where one ends.
/// </summary>
internal sealed class TokenInputs
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";

    private readonly GraphBuilder graph;
    private string? keys;
    private string? isPadded;
    private string? isLong;
    private KeyMask? padding;

    public TokenInputs(GraphBuilder graph)
    {
        this.graph = graph;
        graph.Input(Ids, "batch", "length");
        graph.Input(Mask, "batch", "length");
        using IDisposable scope = graph.Scope("inputs");
        Shape = graph.Node("Shape", [Ids]);
        Batch = graph.Node("Slice", [Shape, graph.Constant(0), graph.Constant(1)]);
        Length = graph.Node("Slice", [Shape, graph.Constant(1), graph.Constant(2)]);
        FlatIds = graph.Reshape(Ids, graph.Constant(-1));
    }

    /// <summary>[batch, length] as a list of two.</summary>
    public string Shape { get; }

    /// <summary>A list of one.</summary>
    public string Batch { get; }

    /// <summary>A list of one.</summary>
    public string Length { get; }

    /// <summary>Ids of all texts end to end: [tokens].</summary>
    public string FlatIds { get; }

    /// <summary>Keys that may be attended to: bool [batch, 1, 1, length].</summary>
    public string Keys
    {
        get
        {
            using IDisposable scope = graph.Scope("inputs");
            return keys ??= graph.Node("Cast", [graph.Node("Unsqueeze", [Mask, graph.Constant(1, 2)])], ("to", (long)OnnxElementType.Bool));
        }
    }

    /// <summary>True when any token of the batch has attention 0.</summary>
    public string IsPadded
    {
        get
        {
            using IDisposable scope = graph.Scope("inputs");
            return isPadded ??= graph.Node("Equal", [graph.Node("ReduceMin", [Mask], ("keepdims", 0)), graph.Scalar(0)]);
        }
    }

    /// <summary>True when the batch's sequences are longer than <see cref="GraphBuilder.BlockedFrom"/>.</summary>
    public string IsLong
    {
        get
        {
            using IDisposable scope = graph.Scope("inputs");
            return isLong ??= graph.Node("Greater", [graph.Node("Squeeze", [Length, graph.Constant(0)]), graph.Scalar(graph.BlockedFrom)]);
        }
    }

    /// <summary>Every query sees every key of its text that has attention 1.</summary>
    public KeyMask Padding
    {
        get
        {
            using IDisposable scope = graph.Scope("inputs");
            string keys = Keys; // computed outside of the branch: others use it as well
            return padding ??= KeyMask.Where(graph, IsPadded, () => graph.Node("Expand", [keys, SquareShape()]));
        }
    }

    /// <summary>0, 1, … length - 1.</summary>
    public string Positions() =>
        graph.Node("Range", [graph.Scalar(0), graph.Node("Squeeze", [Length, graph.Constant(0)]), graph.Scalar(1)]);

    /// <summary>The same for every text, end to end: [tokens].</summary>
    public string FlatPositions()
    {
        using IDisposable scope = graph.Scope("positions");
        return graph.Reshape(graph.Node("Expand", [Positions(), Shape]), graph.Constant(-1));
    }

    /// <summary>
    /// As RoBERTa counts: from <paramref name="padding"/> + 1 on and only ids other than it, which stays at its own position. [tokens].
    /// </summary>
    public string CountedPositions(int padding)
    {
        using IDisposable scope = graph.Scope("positions");
        string counts = graph.Node(
            "Cast", [graph.Node("Not", [graph.Node("Equal", [Ids, graph.Scalar(padding)])])], ("to", (long)OnnxElementType.Int64));
        string counted = graph.Mul(graph.Node("CumSum", [counts, graph.Scalar(1)]), counts);
        return graph.Reshape(graph.Add(counted, graph.Scalar(padding)), graph.Constant(-1));
    }

    /// <summary>[tokens, size] as [batch, length, size].</summary>
    public string Unflatten(string x, int size) => graph.Reshape(x, graph.Node("Concat", [Shape, graph.Constant(size)], ("axis", 0)));

    /// <summary>[batch, 1, length, length]: the shape of a mask that ONNX Runtime's Attention wants.</summary>
    public string SquareShape() => graph.Node("Concat", [Batch, graph.Constant(1), Length, Length], ("axis", 0));
}
