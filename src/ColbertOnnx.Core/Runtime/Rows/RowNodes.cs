using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>Our operators among the nodes of a graph.</summary>
internal static class RowNodes
{
    public static bool IsOwn(this NodeProto node, string op) => node.OpType == op && node.Domain == RowOperators.Domain;

    /// <summary>What quantizes rows around zero. A list of its own: the caller changes the graph.</summary>
    public static NodeProto[] SymmetricRows(this GraphProto graph) =>
        [.. graph.Node.Where(node => node.IsOwn(RowOperators.QuantizeRows) && node.Integer(RowOperators.Symmetric, 0) == 1)];
}
