using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// Attention that reads the products of one row's bytes itself, where it read what ScaleRows makes of them, laid out as texts: three
/// ScaleRows and four Reshape go. Families that turn queries and keys by their positions in between keep them.
/// </summary>
internal static class ProductFusion
{
    public static void Apply(OnnxModel model)
    {
        GraphProto graph = model.Graph;
        Dictionary<string, NodeProto> producers = graph.Producers();
        ILookup<string, NodeProto> readers = graph.Readers();
        HashSet<string> results = [.. graph.Output.Select(output => output.Name)];
        var gone = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (NodeProto attention in graph.Node.Where(node => node.IsOwn(RowOperators.AttentionRows) && node.Input.Count == 4))
        {
            NodeProto?[] scales = [.. attention.Input.Take(3).Select(input => Scale(input, attention))];
            if (scales is not [{ } q, { } k, { } v] || q.Input[1] != k.Input[1] || q.Input[1] != v.Input[1]) continue;
            if (results.Contains(attention.Output[0]) || readers[attention.Output[0]].ToArray() is not [{ } tokens]) continue;
            if (!tokens.Is("Reshape") || model.Find(tokens.Input[1]) is not { ElementCount: 2 } || !gone.Add(tokens)) continue;

            // As the products are laid out, and so what comes of them.
            attention.Output[0] = tokens.Output[0];
            for (int i = 0; i < 3; i++)
            {
                gone.Add(producers[attention.Input[i]]);
                gone.Add(scales[i]!);
                attention.Input[i] = scales[i]!.Input[0];
            }

            attention.Input.Add(q.Input[1]);
            foreach (NodeProto scale in (NodeProto[])[q, k, v]) attention.Input.Add([scale.Input[2], scale.Input[4]]);
        }

        if (gone.Count == 0) return;
        NodeProto[] left = [.. graph.Node.Where(node => !gone.Contains(node))];
        graph.Node.Clear();
        graph.Node.Add(left);
        UnusedParts.Remove(model);

        // A product with sums and nothing else that is added, which only this attention reads.
        NodeProto? Scale(string texts, NodeProto attention) =>
            producers.TryGetValue(texts, out NodeProto? reshape) && reshape.Is("Reshape") && IsOnlyReadBy(reshape, attention)
            && producers.TryGetValue(reshape.Input[0], out NodeProto? scale) && scale.IsOwn(RowOperators.ScaleRows)
            && scale.Input is [_, _, _, "", { Length: > 0 }] && IsOnlyReadBy(scale, reshape) ? scale : null;

        bool IsOnlyReadBy(NodeProto node, NodeProto reader) =>
            !results.Contains(node.Output[0]) && readers[node.Output[0]].ToArray() is [var one] && ReferenceEquals(one, reader);
    }
}
