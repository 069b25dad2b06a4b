using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Branches may each have a value of one name, which are two values. Here a value is found by its name alone, so the later ones get others.
/// </summary>
internal sealed class BranchNames
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly GraphNames names;

    private BranchNames(OnnxModel model) => names = new GraphNames(model);

    public static void Separate(OnnxModel model)
    {
        var branches = new BranchNames(model);
        GraphProto graph = model.Graph;
        branches.seen.UnionWith([.. graph.Values(), .. model.Initializers.Select(tensor => tensor.Name)]);
        foreach (GraphProto branch in graph.Node.SelectMany(Nodes.Branches)) branches.Visit(branch, []);
    }

    private void Visit(GraphProto graph, Dictionary<string, string> around)
    {
        var changed = new Dictionary<string, string>(around, StringComparer.Ordinal);
        foreach (string name in graph.Values().Distinct().Where(name => name.Length > 0))
        {
            if (!seen.Add(name)) changed[name] = names.New(name);
        }

        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo)) value.Name = Of(value.Name);
        foreach (TensorProto tensor in graph.Initializer) tensor.Name = Of(tensor.Name);
        foreach (NodeProto node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++) node.Input[i] = Of(node.Input[i]);
            for (int i = 0; i < node.Output.Count; i++) node.Output[i] = Of(node.Output[i]);
            foreach (GraphProto branch in node.Branches()) Visit(branch, changed);
        }

        string Of(string name) => changed.GetValueOrDefault(name, name);
    }
}
