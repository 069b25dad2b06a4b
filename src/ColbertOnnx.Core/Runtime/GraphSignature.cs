using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime;

/// <summary>The inputs and the output of an encoder's graph, found by name and checked.</summary>
internal sealed record GraphSignature(OrtTensorInfo[] Inputs, OrtTensorInfo Output)
{
    public const string InputIds = "input_ids";
    public const string AttentionMask = "attention_mask";
    public const string TokenTypeIds = "token_type_ids";

    /// <summary>Last dimension of the output; -1 when the graph leaves it open.</summary>
    public long Dimension => Output.Dimensions[^1];

    public bool UsesTokenTypeIds => Inputs.Any(i => i.Name == TokenTypeIds);

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/> when this is not an encoder's graph.</exception>
    public static GraphSignature Check(OrtTensorInfo[] inputs, OrtTensorInfo[] outputs, string file)
    {
        foreach (OrtTensorInfo input in inputs)
        {
            if (input.Name is not (InputIds or AttentionMask or TokenTypeIds))
            {
                throw Invalid(file, $"has an input '{input.Name}' that an encoder does not fill");
            }

            if (input.ElementType is not (OrtElementType.Int64 or OrtElementType.Int32) || input.Dimensions.Length != 2)
            {
                throw Invalid(file, $"takes '{input.Name}' as {Describe(input)}; int64 or int32 of [batch, length] is expected");
            }
        }

        foreach (string name in new[] { InputIds, AttentionMask })
        {
            if (!inputs.Any(i => i.Name == name)) throw Invalid(file, $"has no input '{name}' (it has {Names(inputs)})");
        }

        if (inputs.Any(i => i.ElementType != inputs[0].ElementType)) throw Invalid(file, "mixes int32 and int64 inputs");

        OrtTensorInfo[] vectors =
        [
            .. outputs.Where(o => o.Dimensions.Length == 3 && o.ElementType is OrtElementType.Float or OrtElementType.Float16),
        ];
        return vectors.Length == 1
            ? new GraphSignature(inputs, vectors[0])
            : throw Invalid(
                file,
                $"must have one output of [batch, length, dimension] in float32 or float16 (it has "
                    + $"{string.Join(", ", outputs.Select(o => $"'{o.Name}': {Describe(o)}"))})");
    }

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: token vectors have more elements than
    /// <see cref="Limits.LargestDimension"/>.</exception>
    public static int CheckDimension(long dimension, string file) => dimension <= Limits.LargestDimension
        ? (int)dimension
        : throw Invalid(
            file,
            $"gives token vectors of {dimension} elements, more than {Limits.LargestDimension} "
                + $"(the limit {nameof(Limits.LargestDimension)})");

    private static string Names(OrtTensorInfo[] tensors) => string.Join(", ", tensors.Select(t => $"'{t.Name}'"));

    private static string Describe(OrtTensorInfo tensor) =>
        $"{(Enum.IsDefined(tensor.ElementType) ? tensor.ElementType : $"element type {(int)tensor.ElementType}")} of "
            + $"[{string.Join(", ", tensor.Dimensions.Select(d => d < 0 ? "?" : $"{d}"))}]";

    private static ColbertException Invalid(string file, string what) =>
        new(
            ColbertErrorId.ModelInvalid, $"The graph '{file}' {what}.", file,
            "Use the folder of a ColBERT model that was exported for token embeddings.");
}
