using System.Text.Json;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export.Families;

/// <summary>
/// LFM2 (Liquid AI 2025): most layers are gated convolutions over a token and the few in front of it, the others causal attention with
/// normed heads; each is followed by a gated linear unit.
/// </summary>
internal sealed class Lfm2 : IArchitecture
{
    private const string Attention = "full_attention";
    private const string Convolution = "conv";

    private readonly int heads, keyHeads, headSize, intermediateSize, positions, taps;
    private readonly string[] kinds;
    private readonly double theta;
    private readonly float epsilon;
    private readonly bool bias;

    public Lfm2(CheckpointConfig config)
    {
        config.Only("is_causal", "true");
        HiddenSize = config.Count("hidden_size");
        heads = config.Count("num_attention_heads");
        keyHeads = config.Count("num_key_value_heads", 8);
        headSize = config.Count("head_dim", HiddenSize / heads);
        intermediateSize = IntermediateSize(config);
        positions = config.Positions("max_position_embeddings", 128_000);
        taps = config.Kernel("conv_L_cache", 3);
        bias = config.Boolean("conv_bias", false);
        epsilon = config.Single("norm_eps", 1e-5f);
        theta = RotaryParameters.Theta(config, kind: null, fallback: 1_000_000, "theta", "rope_theta");
        kinds = Kinds(config);
    }

    public int HiddenSize { get; }

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("model.");
        KeyMask mask = KeyMask.Causal(graph, inputs);
        var attention = new SelfAttention(graph, inputs, heads, headSize)
        {
            KeyHeads = keyHeads,
            IsCausal = true,
            Rotary = new Rotary(graph, headSize, theta, positions),
        };
        string x = graph.GatherWordEmbeddings("embed_tokens.weight", HiddenSize, inputs.FlatIds);
        for (int i = 0; i < kinds.Length; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            string layer = $"layers.{i}", normed = graph.RmsNorm(x, $"{layer}.operator_norm", HiddenSize, epsilon);
            x = graph.Add(
                kinds[i] == Attention
                    ? Attend(graph, attention, normed, $"{layer}.self_attn", mask)
                    : Convolve(graph, inputs, normed, $"{layer}.conv"),
                x);
            x = graph.Add(Feed(graph, graph.RmsNorm(x, $"{layer}.ffn_norm", HiddenSize, epsilon), $"{layer}.feed_forward"), x);
        }

        return graph.RmsNorm(x, "embedding_norm", HiddenSize, epsilon);
    }

    private string Attend(GraphBuilder graph, SelfAttention attention, string x, string module, KeyMask mask)
    {
        string q = graph.Linear(x, $"{module}.q_proj", HiddenSize, heads * headSize, bias: false);
        string k = graph.Linear(x, $"{module}.k_proj", HiddenSize, keyHeads * headSize, bias: false);
        string v = graph.Linear(x, $"{module}.v_proj", HiddenSize, keyHeads * headSize, bias: false);
        q = graph.RmsNormHeads(q, $"{module}.q_layernorm", heads, headSize, epsilon);
        k = graph.RmsNormHeads(k, $"{module}.k_layernorm", keyHeads, headSize, epsilon);
        return graph.Linear(attention.Apply(q, k, v, mask), $"{module}.out_proj", heads * headSize, HiddenSize, bias: false);
    }

    // Padding is not hidden from it: the unbatched text is the reference, and what stands behind a token never reaches it.
    private string Convolve(GraphBuilder graph, TokenInputs inputs, string x, string module)
    {
        string[] parts = graph.LinearParts(x, $"{module}.in_proj", 3, HiddenSize, HiddenSize, bias);
        string texts = inputs.Unflatten(graph.Mul(parts[0], parts[2]), HiddenSize);
        string padded = graph.Node("Pad", [texts, graph.Constant(0, taps - 1, 0, 0, 0, 0)]);
        Weight kernel = graph.Weights.Get([HiddenSize, 1, taps], $"{module}.conv.weight");
        string sum = "";
        for (int tap = 0; tap < taps; tap++)
        {
            int column = tap;
            string factors = graph.Add(
                $"{module}.conv.weight.{tap}", OnnxElementType.Float, [HiddenSize],
                new ComputedTensorData(HiddenSize * sizeof(float), () => Column(kernel, column)));
            string from = graph.Constant([tap]);
            string shifted = graph.Node("Slice", [padded, from, graph.Add(inputs.Length, from), graph.Constant(1)]);
            string term = graph.Mul(shifted, factors);
            sum = tap == 0 ? term : graph.Add(sum, term);
        }

        if (bias) sum = graph.Add(sum, graph.Add($"{module}.conv.bias", graph.Weights.Get([HiddenSize], $"{module}.conv.bias")));
        string gated = graph.Mul(parts[1], graph.Reshape(sum, graph.Constant(-1, HiddenSize)));
        return graph.Linear(gated, $"{module}.out_proj", HiddenSize, HiddenSize, bias);
    }

    private string Feed(GraphBuilder graph, string x, string module)
    {
        string gate = graph.Linear(x, $"{module}.w1", HiddenSize, intermediateSize, bias: false);
        gate = graph.Mul(gate, graph.Node("Sigmoid", [gate]));
        string up = graph.Linear(x, $"{module}.w3", HiddenSize, intermediateSize, bias: false);
        return graph.Linear(graph.Mul(gate, up), $"{module}.w2", intermediateSize, HiddenSize, bias: false);
    }

    private float[] Column(Weight kernel, int column)
    {
        float[] all = kernel.ToArray();
        return [.. Enumerable.Range(0, HiddenSize).Select(channel => all[(channel * taps) + column])];
    }

    // The configuration names a size of which two thirds are used, times a factor and rounded up unless the factor is null.
    private static int IntermediateSize(CheckpointConfig config)
    {
        int size = config.TryGet("block_ff_dim", out _) ? config.Count("block_ff_dim") : config.Count("intermediate_size");
        if (!config.Boolean("block_auto_adjust_ff_dim", true)) return size;
        int multiple = config.Count("block_multiple_of", 256);
        size = (int)(2L * size / 3);
        if (config.IsNull("block_ffn_dim_multiplier")) return size;
        size = (int)Math.Clamp(config.Double("block_ffn_dim_multiplier", 1) * size, 0, int.MaxValue - multiple);
        return multiple * ((size + multiple - 1) / multiple);
    }

    private static string[] Kinds(CheckpointConfig config)
    {
        int layers = config.Layers("num_hidden_layers");
        if (config.PerLayer("layer_types", layers) is { } kinds)
            return kinds.All(kind => kind is Attention or Convolution) ? kinds : throw config.Unsupported("layer_types");
        if (!config.TryGet("full_attn_idxs", out JsonElement attending)) return [.. Enumerable.Repeat(Attention, layers)];
        if (attending.ValueKind != JsonValueKind.Array
            || !attending.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Number && i.TryGetInt32(out _)))
            throw config.Unsupported("full_attn_idxs");
        HashSet<int> indices = [.. attending.EnumerateArray().Select(i => i.GetInt32())];
        return [.. Enumerable.Range(0, layers).Select(i => indices.Contains(i) ? Attention : Convolution)];
    }
}
