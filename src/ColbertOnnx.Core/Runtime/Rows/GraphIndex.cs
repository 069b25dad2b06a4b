using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// Which nodes make and read each value of a graph, as it was when this was made, and the nodes that a fusion leaves out.
/// </summary>
internal sealed class GraphIndex(GraphProto graph)
{
    private readonly Dictionary<string, NodeProto> producers = graph.Producers();
    private readonly ILookup<string, NodeProto> readers = graph.Readers();
    private readonly HashSet<string> results = [.. graph.Output.Select(output => output.Name)];

    /// <summary>By reference: messages are compared by what they hold, and change here.</summary>
    public HashSet<NodeProto> Gone { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The node that makes a value; null: it is given to the graph, or a constant.</summary>
    public NodeProto? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>The only node that reads a value; null: there are others, or none, or it is a result of the graph.</summary>
    public NodeProto? OnlyReader(string value) => !results.Contains(value) && readers[value].ToArray() is [var one] ? one : null;

    /// <summary>That nothing but this node reads what the other gives, and that once.</summary>
    public bool IsOnlyReadBy(NodeProto node, NodeProto reader) => IsOnlyReadBy(node.Output[0], reader);

    /// <inheritdoc cref="IsOnlyReadBy(NodeProto, NodeProto)"/>
    public bool IsOnlyReadBy(string value, NodeProto reader) => ReferenceEquals(OnlyReader(value), reader);

    /// <summary>Takes <see cref="Gone"/> out of the graph; false: there is none.</summary>
    public bool Remove()
    {
        if (Gone.Count == 0) return false;
        NodeProto[] left = [.. graph.Node.Where(node => !Gone.Contains(node))];
        graph.Node.Clear();
        graph.Node.Add(left);
        return true;
    }
}
