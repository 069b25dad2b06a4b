using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// Attention to the keys that are at most <c>reach</c> positions away. Short inputs hide the others with a mask; long ones are cut
/// into blocks that look at themselves and their two neighbours, so that the work grows with the length and not with its square.
/// </summary>
internal sealed class LocalAttention
{
    private readonly GraphBuilder graph;
    private readonly TokenInputs inputs;
    private readonly SelfAttention attention;
    private readonly int hiddenSize, block;
    private readonly string last, behind, around;
    private readonly KeyMask window, blocks;

    /// <param name="graph">Where it is built.</param>
    /// <param name="inputs">The graph's inputs.</param>
    /// <param name="attention">Its heads, all of them with keys of their own.</param>
    /// <param name="hiddenSize">Heads x head size.</param>
    /// <param name="reach">The farthest key that a query sees, in either direction.</param>
    public LocalAttention(GraphBuilder graph, TokenInputs inputs, SelfAttention attention, int hiddenSize, int reach)
    {
        (this.graph, this.inputs, this.attention, this.hiddenSize) = (graph, inputs, attention, hiddenSize);
        block = Math.Max(64, (reach + 63) / 64 * 64);
        using IDisposable scope = graph.Scope("local");
        string length = graph.Node("Squeeze", [inputs.Length, graph.Constant(0)]);
        string keys = inputs.Keys; // computed outside of the branches
        string hides = graph.Node("Or", [inputs.IsPadded, graph.Node("Greater", [length, graph.Scalar(reach + 1)])]);
        window = KeyMask.Where(
            graph,
            graph.Node("And", [hides, graph.Node("Not", [inputs.IsLong])]),
            () =>
            {
                string positions = inputs.Positions();
                return graph.Node("And", [graph.Node("Expand", [keys, inputs.SquareShape()]), Band(positions, positions, reach)]);
            },
            mask => KeyMask.AnyKey(graph, mask));

        string lacking = graph.Node("Mod", [graph.Node("Neg", [inputs.Length]), graph.Constant(block)]);
        last = graph.Add(inputs.Length, lacking);
        behind = graph.Node("Concat", [graph.Constant(0, 0, 0, 0), lacking, graph.Constant(0)], ("axis", 0));
        around = graph.Node(
            "Concat", [graph.Constant(0, block, 0, 0), graph.Add(lacking, graph.Constant(block)), graph.Constant(0)], ("axis", 0));
        blocks = KeyMask.Where(
            graph,
            inputs.IsLong,
            () => graph.Node("And", [BlockKeys(), Band(Range(0, block), Range(-block, 2 * block), reach)]),
            mask => KeyMask.AnyKey(graph, mask));
    }

    /// <summary>As <see cref="SelfAttention.Apply(string, string, string, KeyMask)"/>.</summary>
    public string Apply(string q, string k, string v) => attention.Apply(
        q,
        k,
        v,
        (q, k, v) => graph.If(inputs.IsLong, OnnxElementType.Float, 3, () => ByBlocks(q, k, v), () => attention.Attend(q, k, v, window)));

    // On [batch, length, hidden size]. Token vectors are moved, never computed with: a block is a text of its own to the operator.
    private string ByBlocks(string q, string k, string v)
    {
        using IDisposable scope = graph.Scope("blocks");
        q = graph.Reshape(graph.Node("Pad", [q, behind]), graph.Constant(-1, block, hiddenSize));
        k = Neighbours(k, hiddenSize);
        v = Neighbours(v, hiddenSize);

        // Without padding only queries behind the text's end can be without a key, and those are cut off.
        string mixed = graph.If(
            inputs.IsPadded, OnnxElementType.Float, 3, () => attention.AttendPlain(q, k, v, blocks),
            () => attention.AttendPlain(q, k, v, blocks with { Visible = null }));
        string texts = graph.Reshape(mixed, graph.Node("Concat", [inputs.Batch, graph.Constant(-1, hiddenSize)], ("axis", 0)));
        return graph.Node("Slice", [texts, graph.Constant(0), inputs.Length, graph.Constant(1)]);
    }

    // Keys of each block with attention 1: bool [batch x blocks, 1, 1, 3 block].
    private string BlockKeys()
    {
        string keys = Neighbours(graph.Node("Unsqueeze", [TokenInputs.Mask, graph.Constant(2)]), 1);
        return graph.Node("Cast", [graph.Reshape(keys, graph.Constant(-1, 1, 1, 3 * block))], ("to", (long)OnnxElementType.Bool));
    }

    // [batch, length, n] as [batch x blocks, 3 block, n]: a block between its neighbours, with zeros in front of the first and behind the
    // last.
    private string Neighbours(string x, int n)
    {
        string padded = graph.Node("Pad", [x, around]);
        return graph.Node("Concat", [Shifted(0), Shifted(block), Shifted(2 * block)], ("axis", 1));

        string Shifted(int by)
        {
            string from = graph.Constant([by]);
            return graph.Reshape(
                graph.Node("Slice", [padded, from, graph.Add(last, from), graph.Constant(1)]), graph.Constant(-1, block, n));
        }
    }

    // bool [queries, keys]: near enough.
    private string Band(string queries, string keys, int reach)
    {
        string distance = graph.Node("Abs", [graph.Node("Sub", [graph.Node("Unsqueeze", [queries, graph.Constant(1)]), keys])]);
        return graph.Node("LessOrEqual", [distance, graph.Scalar(reach)]);
    }

    private string Range(int from, int to) => graph.Node("Range", [graph.Scalar(from), graph.Scalar(to), graph.Scalar(1)]);
}
