using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>Nodes of a session by execution provider, added up.</summary>
internal static class NodeAssignment
{
    // Nearly all of an encoder's arithmetic is in these.
    private static readonly HashSet<string> Products = new(StringComparer.Ordinal)
    {
        "MatMul", "FusedMatMul", "Gemm", "FusedGemm", "MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "QLinearMatMul",
        "QGemm", "MatMulNBits", "MatMulBnb4",
        "Attention", RowOperators.AttentionRows, "MultiHeadAttention", "QAttention", "GroupQueryAttention",
        "Conv", "FusedConv", "NhwcFusedConv",
    };

    public static IReadOnlyList<ColbertProviderShare> Of(IReadOnlyList<OrtAssignedNodes> pieces)
    {
        int nodes = pieces.Sum(piece => piece.Operators.Count), products = pieces.Sum(piece => piece.Operators.Count(Products.Contains));
        return
        [
            .. pieces.GroupBy(piece => piece.Provider).Select(group => new ColbertProviderShare
            {
                Name = ProviderTable.NameOf(group.Key),
                OnnxRuntimeName = group.Key,
                Nodes = group.Sum(piece => piece.Operators.Count),
                AllNodes = nodes,
                MatrixProducts = group.Sum(piece => piece.Operators.Count(Products.Contains)),
                AllMatrixProducts = products,
            }).OrderByDescending(share => share.MatrixProducts).ThenByDescending(share => share.Nodes),
        ];
    }
}
