using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>Every name of a graph and of its branches; new ones are unlike all of them.</summary>
internal sealed class GraphNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public GraphNames(OnnxModel model)
    {
        foreach (OnnxTensor tensor in model.Initializers) taken.Add(tensor.Name);
        Add(model.Graph);
    }

    /// <summary>The name, with a number behind it where it is taken.</summary>
    public string New(string wanted)
    {
        string name = wanted;
        for (int i = 2; !taken.Add(name); i++) name = FormattableString.Invariant($"{wanted}.{i}");
        return name;
    }

    private void Add(GraphProto graph)
    {
        taken.UnionWith(graph.Values());
        foreach (NodeProto node in graph.Node)
        {
            taken.Add(node.Name);
            foreach (GraphProto branch in node.Branches()) Add(branch);
        }
    }
}
