namespace ColbertOnnx.Export.Families;

/// <summary>ALBERT (Lan et al. 2019): BERT with narrow embeddings, whose layers share their weights within a group.</summary>
internal sealed class Albert(CheckpointConfig config) : IArchitecture
{
    private static readonly LayerNames Names = new(
        "attention.query", "attention.key", "attention.value", "attention.dense", "attention.LayerNorm", "ffn", "ffn_output",
        "full_layer_layer_norm");

    private readonly PostNormEncoder encoder = PostNormEncoder.Read(config, Names, activation: "gelu_new");

    public int Width => encoder.Width;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("albert.");
        int narrow = config.Count("embedding_size", 128), groups = config.Layers("num_hidden_groups", 1),
            inner = config.Layers("inner_group_num", 1);
        string x = encoder.Embed(graph, inputs, inputs.FlatPositions(), config.Integer("type_vocab_size", 2), width: narrow);
        x = graph.Linear(x, "encoder.embedding_hidden_mapping_in", narrow, Width);
        SelfAttention attention = encoder.Attention(graph, inputs);
        for (int i = 0; i < encoder.Layers * inner; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            int group = i / inner * groups / encoder.Layers;
            x = encoder.Layer(
                graph, x, $"encoder.albert_layer_groups.{group}.albert_layers.{i % inner}",
                (q, k, v) => attention.Apply(q, k, v, inputs.Padding));
        }

        return x;
    }
}
