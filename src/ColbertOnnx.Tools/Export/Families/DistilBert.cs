namespace ColbertOnnx.Export.Families;

/// <summary>DistilBERT (Sanh et al. 2019): BERT without token types, with names of its own.</summary>
internal sealed class DistilBert(CheckpointConfig config) : IArchitecture
{
    private static readonly LayerNames Names = new(
        "attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm", "ffn.lin1", "ffn.lin2",
        "output_layer_norm");

    private readonly PostNormEncoder encoder = new(config, config.Count("dim"), config.Count("n_heads"))
    {
        IntermediateSize = config.Count("hidden_dim"),
        Layers = config.Layers("n_layers"),
        Epsilon = 1e-12f,
        Names = Names,
        List = "transformer.layer",
        Activation = ("activation", "gelu"),
    };

    public int HiddenSize => encoder.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("distilbert.");
        return encoder.Encode(graph, inputs, encoder.Embed(graph, inputs, inputs.FlatPositions(), types: 0), inputs.Padding);
    }
}
