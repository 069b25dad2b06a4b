using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Makes an FP32 graph an INT8 one: matrices become signed bytes with a scale for each column, what they are multiplied with becomes
/// bytes with a scale for each row while the graph runs, embedding matrices become bytes with a scale for each row. Attention, norms and
/// activation functions stay float32.
/// </summary>
internal static class Quantizer
{
    // QuantizeLinear with a scale for each row.
    private const int OldestOpset = 13;

    /// <summary>Changes the model in place; its constants are read again when it is written.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="options">What is too small to gain by it.</param>
    /// <param name="file">Where it came from, for errors.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: it is quantized already, or of an operator set before
    /// 13.</exception>
    public static void Quantize(
        OnnxModel model, QuantizationOptions? options = null, string? file = null, CancellationToken cancellation = default)
    {
        Check(model, file);
        BranchNames.Separate(model);
        new GraphRewriter(model, options ?? new QuantizationOptions(), cancellation).Rewrite(model.Graph);
        UnusedParts.Remove(model);
        CoarseGelu.Apply(model);
        model.Import(OnnxNames.Microsoft, 1);
        model.Proto.MetadataProps.Add(new StringStringEntryProto { Key = OnnxNames.Quantization, Value = OnnxNames.PerToken });
    }

    private static void Check(OnnxModel model, string? file)
    {
        long opset = model.Proto.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (opset < OldestOpset)
            throw Refused(
                file, FormattableString.Invariant($"It uses operator set {opset}, and INT8 rows need {OldestOpset}"),
                "Export the model with a newer operator set.");
        if (model.Graph.All()
            .FirstOrDefault(node => node.OpType is "DynamicQuantizeLinear" or "QuantizeLinear" or "MatMulInteger" or "MatMulIntegerToFloat"
                or "DynamicQuantizeMatMul" or "QLinearMatMul" or "MatMulNBits") is { } found)
            throw Refused(file, $"It is quantized already: it has the operator {found.OpType} ('{found.Label()}')", "Give the FP32 graph.");
    }

    private static ColbertException Refused(string? file, string what, string action) =>
        new(ColbertErrorId.ModelInvalid, $"{(file is null ? "The graph" : $"'{file}'")} cannot be quantized. {what}.", file, action);
}
