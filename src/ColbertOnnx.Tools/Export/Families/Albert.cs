namespace ColbertOnnx.Export.Families;

/// <summary>
/// ALBERT (Lan et al. 2019): BERT with embeddings narrower than its hidden states, whose layers share their weights within a group.
/// </summary>
internal sealed class Albert(CheckpointConfig config) : IArchitecture
{
    private static readonly LayerNames Names = new(
        "attention.query", "attention.key", "attention.value", "attention.dense", "attention.LayerNorm", "ffn", "ffn_output",
        "full_layer_layer_norm");

    private readonly PostNormEncoder encoder = PostNormEncoder.Read(config, Names, activation: "gelu_new");

    private readonly int layersPerGroup = config.Layers("inner_group_num", 1, times: config.Layers("num_hidden_layers"));

    public int HiddenSize => encoder.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("albert.");
        int embeddingSize = config.Count("embedding_size", 128), groups = config.Layers("num_hidden_groups", 1);
        string x = encoder.Embed(graph, inputs, inputs.FlatPositions(), config.Integer("type_vocab_size", 2), size: embeddingSize);
        x = graph.Linear(x, "encoder.embedding_hidden_mapping_in", embeddingSize, HiddenSize);
        SelfAttention attention = encoder.Attention(graph, inputs);
        for (int i = 0; i < encoder.Layers * layersPerGroup; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            int group = i / layersPerGroup * groups / encoder.Layers;
            x = encoder.Layer(
                graph, x, $"encoder.albert_layer_groups.{group}.albert_layers.{i % layersPerGroup}",
                (q, k, v) => attention.Apply(q, k, v, inputs.Padding));
        }

        return x;
    }
}
