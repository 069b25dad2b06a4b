using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>Questions that are asked of a node, and how a new one is made.</summary>
internal static class Nodes
{
    public static IEnumerable<GraphProto> Branches(this NodeProto node) =>
        node.Attribute.Where(attribute => attribute.G is not null).Select(attribute => attribute.G);

    /// <summary>Which node gives each value, in a graph and its branches.</summary>
    public static Dictionary<string, NodeProto> Producers(this GraphProto graph)
    {
        var producers = new Dictionary<string, NodeProto>(StringComparer.Ordinal);
        foreach (NodeProto node in graph.All())
            foreach (string output in node.Output) producers[output] = node;
        return producers;
    }

    /// <summary>Which nodes read each value, in a graph and its branches.</summary>
    public static ILookup<string, NodeProto> Readers(this GraphProto graph) =>
        graph.All().SelectMany(node => node.Input, (node, input) => new Reading(input, node))
            .ToLookup(reading => reading.Value, reading => reading.Node, StringComparer.Ordinal);

    /// <summary>Names of what a graph is given, holds and makes, without its branches' own.</summary>
    public static IEnumerable<string> Values(this GraphProto graph) =>
        graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(tensor => tensor.Name))
            .Concat(graph.Node.SelectMany(node => node.Output));

    /// <summary>The nodes of a graph, each before those of its branches.</summary>
    public static IEnumerable<NodeProto> All(this GraphProto graph) =>
        graph.Node.SelectMany(node => node.Branches().SelectMany(All).Prepend(node));

    public static AttributeProto? Find(this NodeProto node, string attribute) => node.Attribute.FirstOrDefault(a => a.Name == attribute);

    public static long Integer(this NodeProto node, string attribute, long fallback) => node.Find(attribute)?.I ?? fallback;

    public static float Single(this NodeProto node, string attribute, float fallback) => node.Find(attribute)?.F ?? fallback;

    /// <summary>An operator of ONNX itself.</summary>
    public static bool Is(this NodeProto node, string op) => node.OpType == op && node.Domain is "" or "ai.onnx";

    public static string Label(this NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output[0];

    /// <summary>A node that has the name of its result.</summary>
    public static NodeProto Make(
        string op, string domain, ReadOnlySpan<string> inputs, string output, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { Name = output, OpType = op, Domain = domain };
        foreach (string input in inputs) node.Input.Add(input);
        node.Output.Add(output);
        foreach ((string name, object value) in attributes) node.Attribute.Add(OnnxAttributes.Of(name, value));
        return node;
    }

    // A class: the framework's own code for tuples of values is compiled anew in every process.
    private sealed record Reading(string Value, NodeProto Node);
}
