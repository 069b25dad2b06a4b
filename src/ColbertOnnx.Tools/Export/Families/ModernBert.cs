namespace ColbertOnnx.Export.Families;

/// <summary>
/// ModernBERT (Warner et al. 2024): layers norm what goes into them, see the whole text or a window around each token, apply
/// rotary embedding (with another theta in windows), and have a gated linear unit.
/// </summary>
internal sealed class ModernBert : IArchitecture
{
    private const string Global = "full_attention";
    private const string Local = "sliding_attention";

    private readonly CheckpointConfig config;
    private readonly int heads, headSize, intermediateSize, positions, reach;
    private readonly string[] kinds;
    private readonly double globalTheta, localTheta;
    private readonly float epsilon;
    private readonly bool normBias, attentionBias, mlpBias;

    public ModernBert(CheckpointConfig config)
    {
        this.config = config;
        HiddenSize = config.Count("hidden_size");
        heads = config.Count("num_attention_heads");
        headSize = config.HeadSize(HiddenSize, heads, "num_attention_heads");
        intermediateSize = config.Count("intermediate_size");
        positions = config.Positions("max_position_embeddings", 8192);
        reach = config.Positions("local_attention", 128) / 2;
        int layers = config.Layers("num_hidden_layers"), every = config.Count("global_attn_every_n_layers", 3);
        kinds = config.PerLayer("layer_types", layers) ?? [.. Enumerable.Range(0, layers).Select(i => i % every == 0 ? Global : Local)];
        if (kinds.Any(kind => kind is not (Global or Local))) throw config.Unsupported("layer_types");
        globalTheta = RotaryParameters.Theta(config, Global, 160_000, "global_rope_theta");
        localTheta = RotaryParameters.Theta(config, Local, config.IsNull("local_rope_theta") ? globalTheta : 10_000, "local_rope_theta");
        epsilon = config.Single("norm_eps", 1e-5f);
        normBias = config.Boolean("norm_bias", false);
        attentionBias = config.Boolean("attention_bias", false);
        mlpBias = config.Boolean("mlp_bias", false);
    }

    public int HiddenSize { get; }

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("model.");
        var everywhere = new SelfAttention(graph, inputs, heads, headSize)
        {
            TakesLongInputs = true,
            Rotary = new Rotary(graph, headSize, globalTheta, positions),
        };
        var nearby = new SelfAttention(graph, inputs, heads, headSize) { Rotary = new Rotary(graph, headSize, localTheta, positions) };
        var window = new LocalAttention(graph, inputs, nearby, HiddenSize, reach);
        string x = Embed(graph, inputs);
        for (int i = 0; i < kinds.Length; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            string layer = $"layers.{i}";

            // The embeddings in front of the first layer are normed already.
            string normed = i == 0 ? x : Norm(graph, x, $"{layer}.attn_norm");
            string[] qkv = graph.LinearParts(normed, $"{layer}.attn.Wqkv", 3, HiddenSize, HiddenSize, attentionBias);
            string mixed = kinds[i] == Global
                ? everywhere.Apply(qkv[0], qkv[1], qkv[2], inputs.Padding)
                : window.Apply(qkv[0], qkv[1], qkv[2]);
            x = graph.Add(graph.Linear(mixed, $"{layer}.attn.Wo", HiddenSize, HiddenSize, attentionBias), x);

            normed = Norm(graph, x, $"{layer}.mlp_norm");
            string[] halves = graph.LinearParts(normed, $"{layer}.mlp.Wi", 2, HiddenSize, intermediateSize, mlpBias);
            string gated = graph.Mul(Activations.Apply(graph, config, "hidden_activation", "gelu", halves[0]), halves[1]);
            x = graph.Add(graph.Linear(gated, $"{layer}.mlp.Wo", intermediateSize, HiddenSize, mlpBias), x);
        }

        return Norm(graph, x, "final_norm");
    }

    private string Embed(GraphBuilder graph, TokenInputs inputs)
    {
        using IDisposable scope = graph.Scope("embeddings");
        return Norm(graph, graph.GatherWordEmbeddings("embeddings.tok_embeddings.weight", HiddenSize, inputs.FlatIds), "embeddings.norm");
    }

    private string Norm(GraphBuilder graph, string x, string module) => graph.LayerNorm(x, module, HiddenSize, epsilon, normBias);
}
