using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export.Families;

/// <summary>
/// MPNet (Song et al. 2020): BERT without token types, positions counted as RoBERTa's, and a value for each head and bucket of distances
/// that is added to the scores, the same in all layers (as in T5, Raffel et al. 2019).
/// </summary>
internal sealed class MPNet : IArchitecture
{
    // The model's, whatever pad_token_id says.
    private const int Padding = 1;

    // Of 32 buckets half are for keys behind the query; of 16, half hold one distance each, and the others share those up to 128.
    private const int Buckets = 32, OneDirection = Buckets / 2, Exact = OneDirection / 2, Farthest = 128;

    private static readonly LayerNames Names = LayerNames.Bert with
    {
        Query = "attention.attn.q",
        Key = "attention.attn.k",
        Value = "attention.attn.v",
        AttentionOutput = "attention.attn.o",
        AttentionOutputNorm = "attention.LayerNorm",
    };

    private readonly PostNormEncoder encoder;

    public MPNet(CheckpointConfig config)
    {
        config.Only("relative_attention_num_buckets", "32");
        encoder = PostNormEncoder.Read(config, Names);
    }

    public int HiddenSize => encoder.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("mpnet.");
        string x = encoder.Embed(graph, inputs, inputs.CountedPositions(Padding), types: 0, unused: Padding + 1);
        return encoder.Encode(graph, inputs, x, Bias(graph, inputs));
    }

    private KeyMask Bias(GraphBuilder graph, TokenInputs inputs)
    {
        string indices = RelativePositions.Indices(graph, inputs, Farthest, Bucket);
        using IDisposable scope = graph.Scope("bias");
        string bias = graph.Gather("encoder.relative_attention_bias.weight", Buckets, encoder.Heads, indices);
        bias = graph.Node("Unsqueeze", [graph.Node("Transpose", [bias], ("perm", new long[] { 2, 0, 1 })), graph.Constant(0)]);
        string keys = inputs.Keys;
        return new KeyMask(
            null,
            graph.If(
                inputs.IsPadded, OnnxElementType.Float, 4,
                () => graph.Node("Where", [keys, bias, graph.Constant(float.MinValue)]), () => bias));
    }

    // In single precision, as the model was trained: 16, 32 and 64 stand on the edge between two buckets.
    private static int Bucket(int distance)
    {
        int far = Math.Abs(distance), first = distance < 0 ? OneDirection : 0;
        if (far < Exact) return first + far;
        float share = (float)Math.Log((float)far / Exact) / (float)Math.Log((double)Farthest / Exact);
        return first + Math.Min(Exact + (int)(share * (OneDirection - Exact)), OneDirection - 1);
    }
}
