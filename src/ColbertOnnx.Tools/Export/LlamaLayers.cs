namespace ColbertOnnx.Export;

/// <summary>
/// The layers of Llama (Touvron et al. 2023), from which several families descend: RMS norms in front, rotary embedding (RoPE), several
/// query heads to one key head, a gated linear unit.
/// </summary>
internal sealed class LlamaLayers
{
    private readonly CheckpointConfig config;
    private readonly int heads, keyHeads, intermediateSize, count;
    private readonly bool attentionBias;

    public LlamaLayers(CheckpointConfig config)
    {
        this.config = config;
        HiddenSize = config.Count("hidden_size");
        heads = config.Count("num_attention_heads");
        keyHeads = config.Count("num_key_value_heads", heads);
        intermediateSize = config.Count("intermediate_size");
        count = config.Layers("num_hidden_layers");
        attentionBias = config.Boolean("attention_bias", false);
        HeadSize = config.Count("head_dim", HiddenSize / heads);
    }

    public int HiddenSize { get; }

    /// <summary>Head size; all heads together may be wider or narrower than the hidden size.</summary>
    public int HeadSize { get; init; }

    public required double Theta { get; init; }

    public required int Positions { get; init; }

    public required float Epsilon { get; init; }

    public bool MlpBias { get; init; }

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
        string x = graph.GatherWordEmbeddings("embed_tokens.weight", HiddenSize, inputs.FlatIds);
        for (int i = 0; i < count; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            string normed = graph.RmsNorm(x, $"layers.{i}.input_layernorm", HiddenSize, Epsilon);
            x = graph.Add(Attend(graph, attention, normed, $"layers.{i}.self_attn", mask), x);
            normed = graph.RmsNorm(x, $"layers.{i}.post_attention_layernorm", HiddenSize, Epsilon);
            x = graph.Add(Feed(graph, normed, $"layers.{i}.mlp"), x);
        }

        return graph.RmsNorm(x, "norm", HiddenSize, Epsilon);
    }

    private string Attend(GraphBuilder graph, SelfAttention attention, string x, string module, KeyMask mask)
    {
        string q = graph.Linear(x, $"{module}.q_proj", HiddenSize, heads * HeadSize, attentionBias);
        string k = graph.Linear(x, $"{module}.k_proj", HiddenSize, keyHeads * HeadSize, attentionBias);
        string v = graph.Linear(x, $"{module}.v_proj", HiddenSize, keyHeads * HeadSize, attentionBias);
        if (HasHeadNorms)
        {
            q = graph.RmsNormHeads(q, $"{module}.q_norm", heads, HeadSize, Epsilon);
            k = graph.RmsNormHeads(k, $"{module}.k_norm", keyHeads, HeadSize, Epsilon);
        }

        return graph.Linear(attention.Apply(q, k, v, mask), $"{module}.o_proj", heads * HeadSize, HiddenSize, attentionBias);
    }

    private string Feed(GraphBuilder graph, string x, string module)
    {
        string gate = Activations.Apply(
            graph, config, "hidden_act", "silu", graph.Linear(x, $"{module}.gate_proj", HiddenSize, intermediateSize, MlpBias));
        string up = graph.Linear(x, $"{module}.up_proj", HiddenSize, intermediateSize, MlpBias);
        return graph.Linear(graph.Mul(gate, up), $"{module}.down_proj", intermediateSize, HiddenSize, MlpBias);
    }
}
