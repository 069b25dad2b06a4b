namespace ColbertOnnx.Export.Families;

/// <summary>
/// BERT (Devlin et al. 2018): word, type and learned position embeddings; layers of attention and of two linear maps, each followed
/// by residual and norm.
/// </summary>
internal sealed class Bert : IArchitecture
{
    private readonly CheckpointConfig config;
    private readonly int heads, inner, layers;
    private readonly float epsilon;

    public Bert(CheckpointConfig config)
    {
        this.config = config;
        config.Only("position_embedding_type", "absolute");
        config.Only("is_decoder", "false");
        config.Only("add_cross_attention", "false");
        Width = config.Integer("hidden_size");
        heads = config.Integer("num_attention_heads");
        inner = config.Integer("intermediate_size");
        layers = config.Integer("num_hidden_layers");
        epsilon = config.Single("layer_norm_eps", 1e-12f);
    }

    public int Width { get; }

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("bert.");
        string x = Embed(graph, inputs);
        var attention = new SelfAttention(graph, inputs, heads, Width / heads);
        for (int i = 0; i < layers; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            string layer = $"encoder.layer.{i}";
            string mixed = attention.Apply(
                graph.Linear(x, $"{layer}.attention.self.query", Width, Width),
                graph.Linear(x, $"{layer}.attention.self.key", Width, Width),
                graph.Linear(x, $"{layer}.attention.self.value", Width, Width),
                inputs.Padding);
            string attended = graph.Add(graph.Linear(mixed, $"{layer}.attention.output.dense", Width, Width), x);
            x = graph.LayerNorm(attended, $"{layer}.attention.output.LayerNorm", Width, epsilon);
            string widened = Activations.Apply(graph, config, "hidden_act", "gelu", graph.Linear(x, $"{layer}.intermediate.dense", Width, inner));
            x = graph.LayerNorm(graph.Add(graph.Linear(widened, $"{layer}.output.dense", inner, Width), x), $"{layer}.output.LayerNorm", Width, epsilon);
        }

        return x;
    }

    private string Embed(GraphBuilder graph, TokenInputs inputs)
    {
        using IDisposable scope = graph.Scope("embeddings");
        string words = graph.GatherWords("embeddings.word_embeddings.weight", Width, inputs.FlatIds);
        string types = graph.Gather("embeddings.token_type_embeddings.weight", config.Integer("type_vocab_size"), Width, graph.Scalar(0));
        string positions = graph.Gather("embeddings.position_embeddings.weight", config.Integer("max_position_embeddings"), Width, inputs.FlatPositions());
        return graph.LayerNorm(graph.Add(graph.Add(words, types), positions), "embeddings.LayerNorm", Width, epsilon);
    }
}
