using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>How many token ids a graph has a row for.</summary>
internal static class IdRows
{
    private const string Ids = "input_ids";

    /// <summary>
    /// Rows of the smallest constant that the graph looks its ids up in; null: it does so in a way that is not known here.
    /// </summary>
    public static long? Of(OnnxModel model)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal) { Ids };
        long? rows = null;
        foreach (NodeProto node in model.Graph.Node)
        {
            if (IsCarrier(node) && ids.Contains(node.Input[0])) ids.Add(node.Output[0]);
            else if (node.Is("Gather") && ids.Contains(node.Input[1]) && node.Integer("axis", 0) == 0
                && model.Find(node.Input[0]) is { Shape: [var count, ..] })
                rows = Math.Min(rows ?? count, count);
        }

        return rows;
    }

    // Its result has the ids of its first input.
    private static bool IsCarrier(NodeProto node) =>
        node.Is("Cast") || node.Is("Identity") || node.Is("Reshape");
}
