namespace ColbertOnnx.Export;

/// <summary>
/// What BERT and its descendants share: word, token type and position embeddings added up and normed; layers of attention and of two
/// linear maps, each followed by residual and norm. They differ in positions, in what attention adds to its scores, and in names.
/// </summary>
internal sealed class PostNormEncoder
{
    private readonly CheckpointConfig config;

    public PostNormEncoder(CheckpointConfig config, int hiddenSize, int heads)
    {
        this.config = config;
        HeadSize = config.HeadSize(hiddenSize, heads, "the number of heads");
        config.Only("pruned_heads", "{}");
        (HiddenSize, Heads) = (hiddenSize, heads);
    }

    public int HiddenSize { get; }

    public int Heads { get; }

    /// <summary>Head size.</summary>
    public int HeadSize { get; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required float Epsilon { get; init; }

    public LayerNames Names { get; init; } = LayerNames.Bert;

    /// <summary>Name of the list of layers.</summary>
    public string List { get; init; } = "encoder.layer";

    /// <summary>The field that names the function between the two linear maps, and what it is when the configuration is silent.</summary>
    public (string Field, string Fallback) Activation { get; init; } = ("hidden_act", "gelu");

    /// <summary>By the fields of BERT's own configuration.</summary>
    public static PostNormEncoder Read(
        CheckpointConfig config, LayerNames? names = null, float epsilon = 1e-12f, string activation = "gelu")
    {
        config.Only("position_embedding_type", "absolute");
        config.Only("is_decoder", "false");
        config.Only("add_cross_attention", "false");
        return new PostNormEncoder(config, config.Count("hidden_size"), config.Count("num_attention_heads"))
        {
            IntermediateSize = config.Count("intermediate_size"),
            Layers = config.Layers("num_hidden_layers"),
            Epsilon = config.Single("layer_norm_eps", epsilon),
            Names = names ?? LayerNames.Bert,
            Activation = ("hidden_act", activation),
        };
    }

    public SelfAttention Attention(GraphBuilder graph, TokenInputs inputs) => new(graph, inputs, Heads, HeadSize);

    /// <summary>[tokens, hidden size].</summary>
    /// <param name="graph">Gets the embedding matrices.</param>
    /// <param name="inputs">The ids.</param>
    /// <param name="positions">[tokens] rows of the position embeddings; null: there are none.</param>
    /// <param name="types">Number of token types, of which every token has the first; 0: there are none.</param>
    /// <param name="unused">Position embeddings at the beginning that no token of a text has.</param>
    /// <param name="size">Size of an embedding. Default: the hidden size.</param>
    public string Embed(GraphBuilder graph, TokenInputs inputs, string? positions, int types, long unused = 0, int? size = null)
    {
        using IDisposable scope = graph.Scope("embeddings");
        int embeddingSize = size ?? HiddenSize;
        string x = graph.GatherWordEmbeddings("embeddings.word_embeddings.weight", embeddingSize, inputs.FlatIds);
        if (types > 0) x = graph.Add(x, graph.Gather("embeddings.token_type_embeddings.weight", types, embeddingSize, graph.Scalar(0)));
        if (positions is not null)
        {
            int rows = config.Count("max_position_embeddings");
            if (unused < 0 || unused >= rows)
                throw config.Invalid(
                    "max_position_embeddings",
                    FormattableString.Invariant($"is {rows}, and {unused} of them are in front of a text's first"));
            graph.LimitSequences((int)(rows - unused));
            x = graph.Add(x, graph.Gather("embeddings.position_embeddings.weight", rows, embeddingSize, positions));
        }

        return graph.LayerNorm(x, "embeddings.LayerNorm", embeddingSize, Epsilon);
    }

    /// <summary>All layers, with the same attention in each.</summary>
    public string Encode(GraphBuilder graph, TokenInputs inputs, string x, KeyMask mask)
    {
        SelfAttention attention = Attention(graph, inputs);
        for (int i = 0; i < Layers; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            x = Layer(graph, x, $"{List}.{i}", (q, k, v) => attention.Apply(q, k, v, mask));
        }

        return x;
    }

    /// <param name="graph">Gets the layer.</param>
    /// <param name="x">[tokens, hidden size], as the result.</param>
    /// <param name="layer">Its name.</param>
    /// <param name="attend">What attention makes of queries, keys and values.</param>
    public string Layer(GraphBuilder graph, string x, string layer, Func<string, string, string, string> attend)
    {
        string mixed = attend(
            graph.Linear(x, $"{layer}.{Names.Query}", HiddenSize, HiddenSize),
            graph.Linear(x, $"{layer}.{Names.Key}", HiddenSize, HiddenSize),
            graph.Linear(x, $"{layer}.{Names.Value}", HiddenSize, HiddenSize));
        x = graph.Add(graph.Linear(mixed, $"{layer}.{Names.AttentionOutput}", HiddenSize, HiddenSize), x);
        x = graph.LayerNorm(x, $"{layer}.{Names.AttentionOutputNorm}", HiddenSize, Epsilon);
        string intermediate = graph.Linear(x, $"{layer}.{Names.Intermediate}", HiddenSize, IntermediateSize);
        intermediate = Activations.Apply(graph, config, Activation.Field, Activation.Fallback, intermediate);
        x = graph.Add(graph.Linear(intermediate, $"{layer}.{Names.Output}", IntermediateSize, HiddenSize), x);
        return graph.LayerNorm(x, $"{layer}.{Names.OutputNorm}", HiddenSize, Epsilon);
    }
}
