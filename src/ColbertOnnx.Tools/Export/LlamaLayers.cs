namespace ColbertOnnx.Export;

/// <summary>
/// The layers of Llama (Touvron et al. 2023), from which several families descend: RMS norms in front, rotary positions, several
/// query heads to one key head, a gated linear unit.
/// </summary>
internal sealed class LlamaLayers
{
    private readonly CheckpointConfig config;
    private readonly int heads, keyHeads, inner, count;
    private readonly bool attentionBias;

    public LlamaLayers(CheckpointConfig config)
    {
        this.config = config;
        Width = config.Count("hidden_size");
        heads = config.Count("num_attention_heads");
        keyHeads = config.Count("num_key_value_heads", heads);
        inner = config.Count("intermediate_size");
        count = config.Layers("num_hidden_layers");
        attentionBias = config.Boolean("attention_bias", false);
        HeadSize = config.Count("head_dim", Width / heads);
    }

    public int Width { get; }

    /// <summary>Head size; all heads together may be wider or narrower than the hidden size.</summary>
    public int HeadSize { get; init; }

    public required double Theta { get; init; }

    public required int Positions { get; init; }

    public required float Epsilon { get; init; }

    public bool InnerBias { get; init; }

    public bool IsCausal { get; init; }

    /// <summary>Queries and keys are normed, each head alone.</summary>
    public bool HasHeadNorms { get; init; }

    public string Build(GraphBuilder graph, TokenInputs inputs, KeyMask mask)
    {
        graph.Weights.Below("model.");
        var attention = new SelfAttention(graph, inputs, heads, HeadSize)
        {
            KeyHeads = keyHeads,
            IsCausal = IsCausal,
            TakesLongInputs = keyHeads == heads && !IsCausal,
            Rotary = new Rotary(graph, HeadSize, Theta, Positions),
        };
        string x = graph.GatherWords("embed_tokens.weight", Width, inputs.FlatIds);
        for (int i = 0; i < count; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            x = graph.Add(
                Attend(graph, attention, graph.RmsNorm(x, $"layers.{i}.input_layernorm", Width, Epsilon), $"layers.{i}.self_attn", mask),
                x);
            x = graph.Add(Feed(graph, graph.RmsNorm(x, $"layers.{i}.post_attention_layernorm", Width, Epsilon), $"layers.{i}.mlp"), x);
        }

        return graph.RmsNorm(x, "norm", Width, Epsilon);
    }

    private string Attend(GraphBuilder graph, SelfAttention attention, string x, string module, KeyMask mask)
    {
        string q = graph.Linear(x, $"{module}.q_proj", Width, heads * HeadSize, attentionBias);
        string k = graph.Linear(x, $"{module}.k_proj", Width, keyHeads * HeadSize, attentionBias);
        string v = graph.Linear(x, $"{module}.v_proj", Width, keyHeads * HeadSize, attentionBias);
        if (HasHeadNorms)
        {
            q = graph.RmsNormHeads(q, $"{module}.q_norm", heads, HeadSize, Epsilon);
            k = graph.RmsNormHeads(k, $"{module}.k_norm", keyHeads, HeadSize, Epsilon);
        }

        return graph.Linear(attention.Apply(q, k, v, mask), $"{module}.o_proj", heads * HeadSize, Width, attentionBias);
    }

    private string Feed(GraphBuilder graph, string x, string module)
    {
        string gate = Activations.Apply(
            graph, config, "hidden_act", "silu", graph.Linear(x, $"{module}.gate_proj", Width, inner, InnerBias));
        return graph.Linear(
            graph.Mul(gate, graph.Linear(x, $"{module}.up_proj", Width, inner, InnerBias)), $"{module}.down_proj", inner, Width, InnerBias);
    }
}
