using System.Text.Json;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export.Families;

/// <summary>
/// DeBERTa-v2 (He et al. 2020) and v3 (He et al. 2021): BERT's layers around disentangled attention, relative positions in logarithmic
/// buckets, in v2 a convolution beside the first layer. Tokens with attention 0 come in as zeros.
/// </summary>
internal sealed class DebertaV2 : IArchitecture
{
    private static readonly LayerNames Names = LayerNames.Bert with
    {
        Query = "attention.self.query_proj",
        Key = "attention.self.key_proj",
        Value = "attention.self.value_proj",
    };

    private readonly CheckpointConfig config;
    private readonly PostNormEncoder encoder;
    private readonly bool contentToPosition, positionToContent, isRelative, isShared, hasAbsolutePositions;
    private readonly int farthest, buckets, reach, kernel;

    public DebertaV2(CheckpointConfig config)
    {
        this.config = config;
        encoder = PostNormEncoder.Read(config, Names, epsilon: 1e-7f);
        config.Only("embedding_size", FormattableString.Invariant($"{HiddenSize}"));
        config.Only("attention_head_size", FormattableString.Invariant($"{encoder.HeadSize}"));
        config.Only("norm_rel_ebd", "none", "layer_norm");
        config.Only("conv_groups", "1");
        isRelative = config.Boolean("relative_attention", false);
        isShared = config.Boolean("share_att_key", false);
        hasAbsolutePositions = config.Boolean("position_biased_input", true);
        string[] kinds = Kinds(config);
        contentToPosition = kinds.Contains("c2p");
        positionToContent = kinds.Contains("p2c");
        farthest = config.Integer("max_relative_positions", -1) > 0
            ? config.Positions("max_relative_positions")
            : config.Positions("max_position_embeddings", 512);
        buckets = config.Integer("position_buckets", -1);

        // With fewer than four there is none for the logarithm to share out.
        if (buckets > 0 && (buckets < 4 || farthest - 1 <= buckets / 2)) throw config.Unsupported("position_buckets");
        reach = isRelative ? Reach() : 0;
        kernel = config.Integer("conv_kernel_size", 0) > 0 ? config.Kernel("conv_kernel_size") : 0;
        if (kernel > 0 && kernel % 2 == 0) throw config.Unsupported("conv_kernel_size");
    }

    public int HiddenSize => encoder.HiddenSize;

    // There is a relative position embedding for each distance or bucket in either direction.
    private int OneDirection => buckets > 0 ? buckets : farthest;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("deberta.");
        if (!hasAbsolutePositions) graph.Weights.Ignore("embeddings.position_embeddings.weight");
        string attended = graph.Node("Cast", [graph.Reshape(TokenInputs.Mask, graph.Constant(-1, 1))], ("to", (long)OnnxElementType.Float));
        string embeddings = encoder.Embed(
            graph, inputs, hasAbsolutePositions ? inputs.FlatPositions() : null, config.Integer("type_vocab_size", 0));
        string x = embeddings = graph.Mul(embeddings, attended);
        string? positions = isRelative ? Positions(graph) : null;
        int terms = 1 + (contentToPosition ? 1 : 0) + (positionToContent ? 1 : 0);
        var attention = new DisentangledAttention(
            graph, inputs, encoder.Heads, encoder.HeadSize, terms,
            isRelative ? RelativePositions.Indices(graph, inputs, reach, Index) : null);
        for (int i = 0; i < encoder.Layers; i++)
        {
            using IDisposable scope = graph.Scope($"layer.{i}");
            string layer = $"{encoder.List}.{i}";
            string? keys = positions is not null && contentToPosition ? Project(graph, positions, layer, "key_proj") : null;
            string? queries = positions is not null && positionToContent ? Project(graph, positions, layer, "query_proj") : null;
            x = encoder.Layer(graph, x, layer, (q, k, v) => attention.Apply(q, k, v, keys, queries));
            if (i == 0 && kernel > 0) x = Convolve(graph, inputs, embeddings, x, attended);
        }

        return x;
    }

    private string Positions(GraphBuilder graph)
    {
        const string Name = "encoder.rel_embeddings.weight";
        string matrix = graph.Add(Name, graph.Weights.Get([2 * OneDirection, HiddenSize], Name));
        return config.Text("norm_rel_ebd") == "layer_norm"
            ? graph.LayerNorm(matrix, "encoder.LayerNorm", HiddenSize, encoder.Epsilon)
            : matrix;
    }

    private string Project(GraphBuilder graph, string positions, string layer, string map) =>
        graph.Linear(positions, $"{layer}.attention.self.{(isShared ? "" : "pos_")}{map}", HiddenSize, HiddenSize);

    // A convolution along a text is a linear map of each token with its neighbours beside it.
    private string Convolve(GraphBuilder graph, TokenInputs inputs, string embeddings, string x, string attended)
    {
        using IDisposable scope = graph.Scope("conv");
        int side = kernel / 2;
        string padded = graph.Node("Pad", [inputs.Unflatten(embeddings, HiddenSize), graph.Constant(0, side, 0, 0, side, 0)]);
        Weight weight = Beside(graph.Weights);
        string[] neighbours = [.. Enumerable.Range(0, kernel).Select(i =>
            graph.Node("Slice", [padded, graph.Constant(i), graph.Add(inputs.Length, graph.Constant(i)), graph.Constant(1)]))];
        string beside = graph.Reshape(graph.Node("Concat", neighbours, ("axis", 2)), graph.Constant(-1, kernel * HiddenSize));
        string y = graph.Mul(
            graph.Linear(beside, "encoder.conv.conv", weight, graph.Weights.Get([HiddenSize], "encoder.conv.conv.bias")), attended);
        y = graph.Add(x, Activations.Apply(graph, config, "conv_act", "tanh", y));
        return graph.Mul(graph.LayerNorm(y, "encoder.conv.LayerNorm", HiddenSize, encoder.Epsilon), attended);
    }

    // From [out, in, kernel] to [out, kernel x in].
    private Weight Beside(CheckpointWeights weights)
    {
        float[] stored = weights.Get([HiddenSize, HiddenSize, kernel], "encoder.conv.conv.weight").ToArray();
        float[] beside = new float[stored.Length];
        int each = HiddenSize * kernel;
        for (int first = 0; first < stored.Length; first += each)
            Matrices.Transpose(stored.AsSpan(first, each), HiddenSize, kernel).CopyTo(beside, first);
        return Weight.Of([HiddenSize, kernel * HiddenSize], beside);
    }

    private int Index(int distance) => Math.Clamp(Bucket(distance) + OneDirection, 0, (2 * OneDirection) - 1);

    // The distance from which on all have the last bucket. With an odd number of buckets it may lie beyond all texts.
    private int Reach()
    {
        int distance = OneDirection;
        while (distance <= Limits.MostPositions && Bucket(distance) < OneDirection) distance++;
        return distance <= Limits.MostPositions
            ? distance
            : throw config.Invalid(
                "position_buckets",
                FormattableString.Invariant(
                    $"is {buckets}, and the last one begins beyond {Limits.MostPositions} positions (the limit MostPositions)"));
    }

    // Half of a direction's buckets hold one distance each, and the others share those up to the farthest, in single precision as the
    // model was trained.
    private int Bucket(int distance)
    {
        int far = Math.Abs(distance), exact = buckets / 2;
        if (buckets <= 0 || far <= exact) return distance;
        float share = (float)Math.Log((float)far / exact) / (float)Math.Log((float)(farthest - 1) / exact);
        return Math.Sign(distance) * ((int)MathF.Ceiling(share * (exact - 1)) + exact);
    }

    // A list, or in older files "p2c|c2p".
    private static string[] Kinds(CheckpointConfig config)
    {
        if (!config.TryGet("pos_att_type", out JsonElement value)) return [];
        string[] kinds = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(kind => kind.ToString())]
            : value.ToString().Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return kinds.All(kind => kind is "c2p" or "p2c") ? kinds : throw config.Unsupported("pos_att_type");
    }
}
