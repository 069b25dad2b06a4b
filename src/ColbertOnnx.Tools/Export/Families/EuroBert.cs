namespace ColbertOnnx.Export.Families;

/// <summary>EuroBERT (Boizard et al. 2025): a Llama whose tokens see each other in both directions.</summary>
internal sealed class EuroBert : IArchitecture
{
    private readonly LlamaLayers layers;

    public EuroBert(CheckpointConfig config)
    {
        config.Only("is_causal", "false");
        layers = new LlamaLayers(config)
        {
            Theta = RotaryParameters.Theta(config, kind: null, fallback: null, "rope_theta"),
            Positions = config.Positions("max_position_embeddings", 8192),
            Epsilon = config.Single("rms_norm_eps", 1e-5f),
            MlpBias = config.Boolean("mlp_bias", false),
        };
    }

    public int HiddenSize => layers.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs) => layers.Build(graph, inputs, inputs.Padding);
}
