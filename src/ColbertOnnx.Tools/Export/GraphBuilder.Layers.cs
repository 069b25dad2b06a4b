using System.Globalization;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export;

/// <summary>The layers that families share, on tokens laid end to end: hidden states are [tokens, hidden size].</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>The tokenizer; null: every token has a word embedding.</summary>
    public Tokenizer? Tokenizer { get; init; }

    /// <summary>The tokens of the tokenizer that the checkpoint has no word embedding for.</summary>
    public IReadOnlyList<(int Id, string Text)> TokensWithoutEmbedding { get; private set; } = [];

    /// <summary>Rows of the checkpoint's word embedding matrix.</summary>
    public long VocabularySize { get; private set; }

    /// <summary>
    /// Tokens of the longest sequence that the settings ask for: positions that are computed are computed for as many at least.
    /// </summary>
    public int LongestSequence { get; init; }

    /// <summary>Most tokens of a sequence, those with a position; null: any number.</summary>
    public int? Positions { get; private set; }

    /// <summary>Sequences can have no more tokens than these.</summary>
    public void LimitSequences(int positions) => Positions = Math.Min(Positions ?? int.MaxValue, positions);

    /// <summary>
    /// Longer inputs go through attention in ways of their own: local layers by blocks, others without all weights in memory.
    /// </summary>
    public int BlockedFrom { get; init; } = GraphLimits.BlockedFrom;

    /// <summary>
    /// W x + b by the names of PyTorch's Linear: module.weight [out, in] and, where <paramref name="bias"/> says so, module.bias.
    /// </summary>
    public string Linear(string x, string module, int inputs, int outputs, bool bias = true) =>
        Linear(x, module, Weights.Get([outputs, inputs], $"{module}.weight"), bias ? Weights.Get([outputs], $"{module}.bias") : null);

    public string Linear(string x, string name, Weight weight, Weight? bias)
    {
        string product = Node(
            "MatMul", [x, Add($"{name}.weight", OnnxElementType.Float, [weight.Shape[1], weight.Shape[0]], weight.Transposed())]);
        return bias is null ? product : Node("Add", [product, Add($"{name}.bias", bias)]);
    }

    /// <summary>
    /// Several linear layers that are stored as one, below each other: each is a layer of its own here, which costs less than to split
    /// their result.
    /// </summary>
    public string[] LinearParts(string x, string module, int parts, int inputs, int outputs, bool bias)
    {
        Weight weight = Weights.Get([(long)parts * outputs, inputs], $"{module}.weight");
        Weight? biases = bias ? Weights.Get([(long)parts * outputs], $"{module}.bias") : null;
        return
        [
            .. Enumerable.Range(0, parts)
                .Select(i => Linear(x, $"{module}.{i}", weight.Rows(i * outputs, outputs), biases?.Rows(i * outputs, outputs))),
        ];
    }

    public string LayerNorm(string x, string module, int size, float epsilon, bool bias = true)
    {
        string scale = Add($"{module}.weight", Weights.Get([size], $"{module}.weight", $"{module}.gamma"));
        string[] inputs = bias ? [x, scale, Add($"{module}.bias", Weights.Get([size], $"{module}.bias", $"{module}.beta"))] : [x, scale];
        return Node("LayerNormalization", inputs, ("axis", -1), ("epsilon", epsilon));
    }

    /// <summary>x / sqrt(mean(x²) + epsilon) · weight, in the operators that ONNX Runtime fuses into one.</summary>
    public string RmsNorm(string x, string module, int size, float epsilon)
    {
        string mean = Node("ReduceMean", [Node("Pow", [x, Constant(2f)]), Constant(-1)], ("keepdims", 1));
        string root = Node("Sqrt", [Add(mean, Constant(epsilon))]);
        return Mul(Node("Div", [x, root]), Add($"{module}.weight", Weights.Get([size], $"{module}.weight")));
    }

    /// <summary>The same for each head of [tokens, heads x headSize].</summary>
    public string RmsNormHeads(string x, string module, int heads, int headSize, float epsilon) =>
        Reshape(RmsNorm(Reshape(x, Constant(-1, headSize)), module, headSize, epsilon), Constant(-1, heads * headSize));

    /// <summary>Rows of an embedding matrix.</summary>
    public string Gather(string tensor, long rows, long size, string indices) =>
        Node("Gather", [Add(tensor, Weights.Get([rows, size], tensor)), indices], ("axis", 0));

    /// <summary>
    /// Word embeddings. The matrix has the checkpoint's own number of rows; tokens beyond it, the prefixes of a model that was never
    /// trained with them or tokens that somebody added to the tokenizer alone, get the mean of all embeddings, around which PyLate draws
    /// theirs.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>: an id far behind the last embedding.</exception>
    public string GatherWordEmbeddings(string tensor, int size, string ids)
    {
        int rows = Weights.Rows(tensor);
        Weight embeddings = Weights.Get([rows, size], tensor);
        VocabularySize = rows;
        TokensWithoutEmbedding = Tokenizer?.TokensFrom(rows) ?? [];
        long missing = TokensWithoutEmbedding.Count == 0 ? 0 : TokensWithoutEmbedding[^1].Id + 1L - rows;
        if (missing > TokensWithoutEmbedding.Count)
        {
            (int id, string text) = TokensWithoutEmbedding[^1];
            throw new ColbertException(
                ColbertErrorId.TokenizerInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tokenizer gives '{text}' the id {id}, where the embedding matrix has {rows} rows "
                        + $"and {TokensWithoutEmbedding.Count} tokens lie behind them."),
                Weights.Folder,
                "Use the tokenizer that was saved with the weights.");
        }

        string matrix = missing == 0
            ? Add(tensor, embeddings)
            : Add(tensor, OnnxElementType.Float, [rows + missing, size], new LengthenedData(embeddings, missing));
        return Node("Gather", [matrix, ids], ("axis", 0));
    }

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Mul(string a, string b) => Node("Mul", [a, b]);

    public string Reshape(string x, string shape) => Node("Reshape", [x, shape]);

    /// <summary>Adds a weight as it is stored.</summary>
    public string Add(string name, Weight weight) => Add(name, OnnxElementType.Float, weight.Shape, weight.AsIs());

    public string Add(string name, OnnxElementType type, IReadOnlyList<long> shape, TensorData data) =>
        Constant(name, n => new OnnxTensor(n, type, shape, data));
}
