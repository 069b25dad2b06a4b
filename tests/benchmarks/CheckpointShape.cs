namespace ColbertOnnx.Benchmarks;

/// <summary>The sides of a published model.</summary>
internal sealed record CheckpointShape(
    string Name, string Family, int Layers, int Width, int Inner, int Heads, int Vocabulary, int Dimension)
{
    /// <summary>Of answerai-colbert-small-v1.</summary>
    public static CheckpointShape Bert { get; } = new("bert-12x384", "bert", 12, 384, 1536, 12, 30_522, 96);

    /// <summary>Of GTE-ModernColBERT-v1.</summary>
    public static CheckpointShape ModernBert { get; } = new("modernbert-22x768", "modernbert", 22, 768, 1152, 12, 50_368, 128);

    private bool IsBert => Family == "bert";

    public Dictionary<string, object> Config()
    {
        Dictionary<string, object> config = new()
        {
            ["model_type"] = Family,
            ["architectures"] = new[] { IsBert ? "BertModel" : "ModernBertModel" },
            ["hidden_size"] = Width,
            ["intermediate_size"] = Inner,
            ["num_attention_heads"] = Heads,
            ["num_hidden_layers"] = Layers,
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = IsBert ? 512 : 8192,
            ["pad_token_id"] = 0,
        };
        if (IsBert) config["type_vocab_size"] = 2;
        return config;
    }

    public IEnumerable<(string Name, long[] Shape)> Tensors() => IsBert ? BertTensors() : ModernBertTensors();

    private IEnumerable<(string Name, long[] Shape)> BertTensors()
    {
        yield return ("embeddings.word_embeddings.weight", [Vocabulary, Width]);
        yield return ("embeddings.position_embeddings.weight", [512, Width]);
        yield return ("embeddings.token_type_embeddings.weight", [2, Width]);
        foreach ((string, long[]) norm in Module("embeddings.LayerNorm", Width)) yield return norm;
        for (int i = 0; i < Layers; i++)
        {
            string layer = $"encoder.layer.{i}";
            (string, long[])[] tensors =
            [
                .. ((string[])["self.query", "self.key", "self.value", "output.dense"]).SelectMany(part =>
                    Module($"{layer}.attention.{part}", Width, Width)),
                .. Module($"{layer}.intermediate.dense", Inner, Width),
                .. Module($"{layer}.output.dense", Width, Inner),
                .. Module($"{layer}.attention.output.LayerNorm", Width),
                .. Module($"{layer}.output.LayerNorm", Width),
            ];
            foreach ((string, long[]) tensor in tensors) yield return tensor;
        }
    }

    private IEnumerable<(string Name, long[] Shape)> ModernBertTensors()
    {
        yield return ("embeddings.tok_embeddings.weight", [Vocabulary, Width]);
        yield return ("embeddings.norm.weight", [Width]);
        for (int i = 0; i < Layers; i++)
        {
            if (i > 0) yield return ($"layers.{i}.attn_norm.weight", [Width]);
            yield return ($"layers.{i}.attn.Wqkv.weight", [3 * Width, Width]);
            yield return ($"layers.{i}.attn.Wo.weight", [Width, Width]);
            yield return ($"layers.{i}.mlp_norm.weight", [Width]);
            yield return ($"layers.{i}.mlp.Wi.weight", [2 * Inner, Width]);
            yield return ($"layers.{i}.mlp.Wo.weight", [Width, Inner]);
        }

        yield return ("final_norm.weight", [Width]);
    }

    private static (string, long[])[] Module(string name, params long[] sides) => [($"{name}.weight", sides), ($"{name}.bias", [sides[0]])];
}
