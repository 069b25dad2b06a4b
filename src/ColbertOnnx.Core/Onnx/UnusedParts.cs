using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>
/// Takes away what nothing reads any more: constants that have INT8 twins now, and the operators that only prepared them.
/// </summary>
internal static class UnusedParts
{
    public static void Remove(OnnxModel model)
    {
        var read = new HashSet<string>(StringComparer.Ordinal);
        Prune(model.Graph, read);
        foreach (string name in model.Initializers.Select(tensor => tensor.Name).Where(name => !read.Contains(name)).ToArray())
            model.Remove(name);
    }

    // From the end to the beginning: an operator comes before all that read it.
    private static void Prune(GraphProto graph, HashSet<string> read)
    {
        read.UnionWith(graph.Output.Select(output => output.Name));
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            NodeProto node = graph.Node[i];
            if (!node.Output.Any(read.Contains))
            {
                graph.Node.RemoveAt(i);
                continue;
            }

            foreach (GraphProto branch in node.Branches()) Prune(branch, read);
            read.UnionWith(node.Input);
        }
    }
}
