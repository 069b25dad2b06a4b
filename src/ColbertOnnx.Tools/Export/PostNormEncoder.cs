namespace ColbertOnnx.Export;

/// <summary>
/// What BERT and its descendants share: words, types and positions added up and normed; layers of attention and of two linear maps,
/// each followed by residual and norm. They differ in positions, in what attention adds to its scores, and in names.
/// </summary>
internal sealed class PostNormEncoder
{
    private readonly CheckpointConfig config;

    public PostNormEncoder(CheckpointConfig config, int width, int heads)
    {
        this.config = config;
        HeadSize = config.HeadSize(width, heads, "the number of heads");
        config.Only("pruned_heads", "{}");
        (Width, Heads) = (width, heads);
    }

    public int Width { get; }

    public int Heads { get; }

    /// <summary>Head size.</summary>
    public int HeadSize { get; }

    /// <summary>Intermediate size.</summary>
    public required int Inner { get; init; }

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
            Inner = config.Count("intermediate_size"),
            Layers = config.Layers("num_hidden_layers"),
            Epsilon = config.Single("layer_norm_eps", epsilon),
            Names = names ?? LayerNames.Bert,
            Activation = ("hidden_act", activation),
        };
    }

    public SelfAttention Attention(GraphBuilder graph, TokenInputs inputs) => new(graph, inputs, Heads, HeadSize);

    /// <summary>[tokens, width].</summary>
    /// <param name="graph">Holds the tables.</param>
    /// <param name="inputs">The ids.</param>
    /// <param name="positions">[tokens] rows of the table of positions; null: there is none.</param>
    /// <param name="types">Rows of the table of types, of which every token takes the first; 0: there is none.</param>
    /// <param name="unused">Rows at the beginning of the table of positions that no token of a text has.</param>
    /// <param name="width">Size of a word embedding. Default: the hidden size.</param>
    public string Embed(GraphBuilder graph, TokenInputs inputs, string? positions, int types, long unused = 0, int? width = null)
    {
        using IDisposable scope = graph.Scope("embeddings");
        int numbers = width ?? Width;
        string x = graph.GatherWords("embeddings.word_embeddings.weight", numbers, inputs.FlatIds);
        if (types > 0) x = graph.Add(x, graph.Gather("embeddings.token_type_embeddings.weight", types, numbers, graph.Scalar(0)));
        if (positions is not null)
        {
            int rows = config.Count("max_position_embeddings");
            if (unused < 0 || unused >= rows)
                throw config.Invalid(
                    "max_position_embeddings",
                    FormattableString.Invariant($"is {rows}, and {unused} of them are in front of a text's first"));
            graph.LimitRows((int)(rows - unused));
            x = graph.Add(x, graph.Gather("embeddings.position_embeddings.weight", rows, numbers, positions));
        }

        return graph.LayerNorm(x, "embeddings.LayerNorm", numbers, Epsilon);
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
    /// <param name="x">[tokens, width], as the result.</param>
    /// <param name="layer">Its name.</param>
    /// <param name="attend">What attention makes of queries, keys and values.</param>
    public string Layer(GraphBuilder graph, string x, string layer, Func<string, string, string, string> attend)
    {
        string mixed = attend(
            graph.Linear(x, $"{layer}.{Names.Query}", Width, Width),
            graph.Linear(x, $"{layer}.{Names.Key}", Width, Width),
            graph.Linear(x, $"{layer}.{Names.Value}", Width, Width));
        x = graph.LayerNorm(
            graph.Add(graph.Linear(mixed, $"{layer}.{Names.Mixed}", Width, Width), x), $"{layer}.{Names.MixedNorm}", Width, Epsilon);
        string widened = Activations.Apply(
            graph, config, Activation.Field, Activation.Fallback, graph.Linear(x, $"{layer}.{Names.Widened}", Width, Inner));
        return graph.LayerNorm(
            graph.Add(graph.Linear(widened, $"{layer}.{Names.Narrowed}", Inner, Width), x), $"{layer}.{Names.Norm}", Width, Epsilon);
    }
}
