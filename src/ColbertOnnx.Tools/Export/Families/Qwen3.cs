namespace ColbertOnnx.Export.Families;

/// <summary>Qwen3 (Yang et al. 2025): a Llama that norms each head's queries and keys. Tokens see those in front of them.</summary>
internal sealed class Qwen3 : IArchitecture
{
    private readonly LlamaLayers layers;

    public Qwen3(CheckpointConfig config)
    {
        config.Only("is_causal", "true");
        layers = new LlamaLayers(config)
        {
            HeadSize = config.Count("head_dim", 128),
            Theta = RotaryParameters.Theta(config, kind: null, fallback: 10_000, "rope_theta"),
            Positions = config.Positions("max_position_embeddings", 32768),
            Epsilon = config.Single("rms_norm_eps", 1e-6f),
            IsCausal = true,
            HasHeadNorms = true,
        };
        RefuseWindows(config);
    }

    public int HiddenSize => layers.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs) => layers.Build(graph, inputs, KeyMask.Causal(graph, inputs));

    // Windows are on when layer_types says so, or, where it is silent, for the layers from max_window_layers on; a window that is null is
    // none.
    private static void RefuseWindows(CheckpointConfig config)
    {
        int count = config.Layers("num_hidden_layers");
        if (config.PerLayer("layer_types", count) is { } kinds)
        {
            if (kinds.Any(kind => kind != "full_attention")) throw config.Unsupported("layer_types");
        }
        else if (config.Boolean("use_sliding_window", false) && !config.IsNull("sliding_window")
            && config.Integer("max_window_layers", 28) < count)
        {
            throw config.Unsupported("use_sliding_window");
        }
    }
}
