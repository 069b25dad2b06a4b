using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// Attention between the tokens of each text: softmax(q kᵀ · scale + mask) v for each head, by ONNX's own Attention.
/// </summary>
internal sealed class SelfAttention(GraphBuilder graph, TokenInputs inputs, int heads, int headSize)
{
    private readonly Dictionary<int, string> shapes = [];

    /// <summary>Heads of keys and values, where several query heads share one. Default: as many as of queries.</summary>
    public int? KeyHeads { get; init; }

    /// <summary>Default: 1 / sqrt(headSize).</summary>
    public float? Scale { get; init; }

    /// <summary>Queries see no later key.</summary>
    public bool IsCausal { get; init; }

    /// <summary>
    /// Inputs above <see cref="GraphBuilder.BlockedFrom"/> without padding go through an operator that never holds all [length, length]
    /// scores of a head (4,096 tokens: 0.4 GB instead of 1.1). It knows no shared key heads, and with a mask it would hold them all.
    /// </summary>
    public bool TakesLongInputs { get; init; }

    /// <summary>Rotary embedding (RoPE) of queries and keys. Default: none.</summary>
    public Rotary? Rotary { get; init; }

    /// <summary>q and the result are [tokens, heads x headSize], k and v [tokens, KeyHeads x headSize].</summary>
    public string Apply(string q, string k, string v, KeyMask mask)
    {
        string? isLong = TakesLongInputs && mask.When is not null ? inputs.IsLong : null; // computed outside of the branches
        return Apply(q, k, v, (q, k, v) => isLong is null
            ? Attend(q, k, v, mask)
            : graph.If(
                mask.When!, OnnxElementType.Float, 3, () => AttendPlain(q, k, v, mask),
                () => graph.If(isLong, OnnxElementType.Float, 3, () => AttendMemoryEfficient(q, k, v), () => AttendPlain(q, k, v, null))));
    }

    /// <summary>The same with a way of its own from [batch, length, hidden size] to [batch, length, hidden size].</summary>
    public string Apply(string q, string k, string v, Func<string, string, string, string> mix)
    {
        using IDisposable scope = graph.Scope("attention");
        q = Texts(q, heads);
        k = Texts(k, KeyHeads ?? heads);
        v = Texts(v, KeyHeads ?? heads);
        return Tokens(Rotary is null ? mix(q, k, v) : mix(Rotary.Apply(q, heads), Rotary.Apply(k, KeyHeads ?? heads), v));
    }

    /// <summary>On [batch, length, hidden size], with the mask where it hides something.</summary>
    public string Attend(string q, string k, string v, KeyMask mask) =>
        mask.When is null
            ? AttendPlain(q, k, v, mask)
            : graph.If(mask.When, OnnxElementType.Float, 3, () => AttendPlain(q, k, v, mask), () => AttendPlain(q, k, v, null));

    /// <summary>[tokens, n x headSize] as [batch, length, n x headSize].</summary>
    public string Texts(string x, int n)
    {
        int size = n * headSize;
        if (!shapes.TryGetValue(size, out string? shape))
            shapes[size] = shape = graph.Node("Concat", [inputs.Shape, graph.Constant(size)], ("axis", 0));
        return graph.Reshape(x, shape);
    }

    /// <summary>[batch, length, heads x headSize] as [tokens, heads x headSize].</summary>
    public string Tokens(string x) => graph.Reshape(x, graph.Constant(-1, heads * headSize));

    /// <summary>On [batch, length, hidden size].</summary>
    public string AttendPlain(string q, string k, string v, KeyMask? mask)
    {
        List<(string, object)> attributes = [("q_num_heads", heads), ("kv_num_heads", KeyHeads ?? heads)];
        if (Scale is { } scale) attributes.Add(("scale", scale));
        if (IsCausal) attributes.Add(("is_causal", 1));
        string mixed = graph.Node("Attention", mask is null ? [q, k, v] : [q, k, v, mask.Mask], [.. attributes]);
        return mask?.Visible is null ? mixed : graph.Node("Where", [mask.Visible, mixed, graph.Constant(0f)]);
    }

    private string AttendMemoryEfficient(string q, string k, string v)
    {
        List<(string, object)> attributes = [("num_heads", heads)];
        if (Scale is { } scale) attributes.Add(("scale", scale));
        return graph.Node("MultiHeadAttention", OnnxNames.Microsoft, [q, k, v], [.. attributes]);
    }
}
