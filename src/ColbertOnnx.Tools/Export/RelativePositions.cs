using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>For families that give the distance between two tokens a row of a table.</summary>
internal static class RelativePositions
{
    /// <summary>
    /// [length, length]: the row for each query (first dimension) and key. The rule is written down as a list when the graph is made:
    /// logarithms at the edge of a bucket may then not come out differently from one machine to the next.
    /// </summary>
    /// <param name="graph">Gets the list.</param>
    /// <param name="inputs">Say how long the texts are.</param>
    /// <param name="reach">The distance from which on, on either side, all have the same row.</param>
    /// <param name="row">The row for position of the query - position of the key.</param>
    public static string Rows(GraphBuilder graph, TokenInputs inputs, int reach, Func<int, int> row)
    {
        using IDisposable scope = graph.Scope("distances");
        long[] rows = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(distance => (long)row(distance))];
        string list = graph.Constant("distances.rows", name => OnnxTensor.Of(name, rows, rows.Length));
        string positions = inputs.Positions();
        string distances = graph.Node("Sub", [graph.Node("Unsqueeze", [positions, graph.Constant(1)]), positions]);
        string near = graph.Node("Clip", [distances, graph.Scalar(-reach), graph.Scalar(reach)]);
        return graph.Node("Gather", [list, graph.Add(near, graph.Scalar(reach))]);
    }
}
