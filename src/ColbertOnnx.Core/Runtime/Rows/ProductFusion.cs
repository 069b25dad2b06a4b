using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// Attention that reads the products of one row's bytes itself, where it read what ScaleRows makes of them, laid out as texts: three
/// ScaleRows and four Reshape go. Families that apply rotary embeddings (RoPE) to queries and keys in between keep them.
/// </summary>
internal static class ProductFusion
{
    public static void Apply(OnnxModel model)
    {
        GraphProto graph = model.Graph;
        var index = new GraphIndex(graph);
        foreach (NodeProto attention in graph.Node.Where(node => node.IsOwn(RowOperators.AttentionRows) && node.Input.Count == 4))
        {
            NodeProto?[] scales = [.. attention.Input.Take(3).Select(input => Scale(input, attention))];
            if (scales is not [{ } q, { } k, { } v] || q.Input[1] != k.Input[1] || q.Input[1] != v.Input[1]) continue;
            if (index.OnlyReader(attention.Output[0]) is not { } tokens || !tokens.Is("Reshape")) continue;
            if (model.Find(tokens.Input[1]) is not { ElementCount: 2 } || !index.Gone.Add(tokens)) continue;

            // As the products are laid out, and so what comes of them.
            attention.Output[0] = tokens.Output[0];
            for (int i = 0; i < 3; i++)
            {
                index.Gone.Add(index.Producer(attention.Input[i])!);
                index.Gone.Add(scales[i]!);
                attention.Input[i] = scales[i]!.Input[0];
            }

            attention.Input.Add(q.Input[1]);
            foreach (NodeProto scale in (NodeProto[])[q, k, v]) attention.Input.Add([scale.Input[2], scale.Input[4]]);
        }

        if (index.Remove()) UnusedParts.Remove(model);

        // A product with sums and nothing else that is added, which only this attention reads.
        NodeProto? Scale(string texts, NodeProto attention) =>
            index.Producer(texts) is { } reshape && reshape.Is("Reshape") && index.IsOnlyReadBy(reshape, attention)
            && index.Producer(reshape.Input[0]) is { } scale && scale.IsOwn(RowOperators.ScaleRows)
            && scale.Input is [_, _, _, "", { Length: > 0 }] && index.IsOnlyReadBy(scale, reshape) ? scale : null;
    }
}
