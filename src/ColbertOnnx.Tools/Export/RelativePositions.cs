using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>For families that have an embedding or a bias for the distance between two tokens.</summary>
internal static class RelativePositions
{
    /// <summary>
    /// [length, length]: the index of the embedding for each query (first dimension) and key. The rule is written down as a list when the
    /// graph is made: logarithms at the edge of a bucket may then not come out differently from one machine to the next.
    /// </summary>
    /// <param name="graph">Gets the list.</param>
    /// <param name="inputs">Say how long the texts are.</param>
    /// <param name="reach">The distance from which on, in either direction, all have the same index.</param>
    /// <param name="index">The index for position of the query - position of the key.</param>
    public static string Indices(GraphBuilder graph, TokenInputs inputs, int reach, Func<int, int> index)
    {
        using IDisposable scope = graph.Scope("distances");
        long[] indices = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(distance => (long)index(distance))];
        string list = graph.Constant("distances.rows", name => OnnxTensor.Of(name, indices, indices.Length));
        string positions = inputs.Positions();
        string distances = graph.Node("Sub", [graph.Node("Unsqueeze", [positions, graph.Constant(1)]), positions]);
        string near = graph.Node("Clip", [distances, graph.Scalar(-reach), graph.Scalar(reach)]);
        return graph.Node("Gather", [list, graph.Add(near, graph.Scalar(reach))]);
    }
}
