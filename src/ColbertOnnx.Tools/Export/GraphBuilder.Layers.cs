using System.Globalization;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export;

/// <summary>The layers that families share, on tokens laid end to end: hidden states are [tokens, width].</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>The tokenizer; null: none of its tokens lacks a row in the table of words.</summary>
    public Tokenizer? Tokenizer { get; init; }

    /// <summary>The tokens that have no row in the checkpoint's table of words.</summary>
    public IReadOnlyList<(int Id, string Text)> NewWords { get; private set; } = [];

    /// <summary>Rows of the checkpoint's table of words.</summary>
    public long Words { get; private set; }

    /// <summary>
    /// Tokens of the longest row that the settings ask for: positions that are computed are computed for as many at least.
    /// </summary>
    public int LongestRow { get; init; }

    /// <summary>Most tokens of a row, those with a position; null: any number.</summary>
    public int? Positions { get; private set; }

    /// <summary>Rows can have no more tokens than these.</summary>
    public void LimitRows(int positions) => Positions = Math.Min(Positions ?? int.MaxValue, positions);

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
        Weight weight = Weights.Get([parts * outputs, inputs], $"{module}.weight");
        Weight? biases = bias ? Weights.Get([parts * outputs], $"{module}.bias") : null;
        return
        [
            .. Enumerable.Range(0, parts)
                .Select(i => Linear(x, $"{module}.{i}", weight.Rows(i * outputs, outputs), biases?.Rows(i * outputs, outputs))),
        ];
    }

    public string LayerNorm(string x, string module, int width, float epsilon, bool bias = true)
    {
        string scale = Add($"{module}.weight", Weights.Get([width], $"{module}.weight", $"{module}.gamma"));
        string[] inputs = bias ? [x, scale, Add($"{module}.bias", Weights.Get([width], $"{module}.bias", $"{module}.beta"))] : [x, scale];
        return Node("LayerNormalization", inputs, ("axis", -1), ("epsilon", epsilon));
    }

    /// <summary>x / sqrt(mean(x²) + epsilon) · weight, in the operators that ONNX Runtime fuses into one.</summary>
    public string RmsNorm(string x, string module, int width, float epsilon)
    {
        string mean = Node("ReduceMean", [Node("Pow", [x, Constant(2f)]), Constant(-1)], ("keepdims", 1));
        string root = Node("Sqrt", [Add(mean, Constant(epsilon))]);
        return Mul(Node("Div", [x, root]), Add($"{module}.weight", Weights.Get([width], $"{module}.weight")));
    }

    /// <summary>The same for each head of [tokens, heads x headSize].</summary>
    public string RmsNormHeads(string x, string module, int heads, int headSize, float epsilon) =>
        Reshape(RmsNorm(Reshape(x, Constant(-1, headSize)), module, headSize, epsilon), Constant(-1, heads * headSize));

    /// <summary>Rows of an embedding table.</summary>
    public string Gather(string tensor, long rows, long width, string indices) =>
        Node("Gather", [Add(tensor, Weights.Get([rows, width], tensor)), indices], ("axis", 0));

    /// <summary>
    /// Rows of the table of words. It has the checkpoint's own length; tokens beyond it, the prefixes of a model that was never
    /// trained with them or tokens that somebody added to the tokenizer alone, get the mean of all rows, around which PyLate draws theirs.
    /// </summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.TokenizerInvalid"/>: an id far behind the table.</exception>
    public string GatherWords(string tensor, int width, string ids)
    {
        long rows = Weights.ShapeOf(tensor)[0];
        Weight words = Weights.Get([rows, width], tensor);
        Words = rows;
        if (rows <= int.MaxValue) NewWords = Tokenizer?.TokensFrom((int)rows) ?? [];
        long missing = NewWords.Count == 0 ? 0 : NewWords[^1].Id + 1 - rows;
        if (missing > NewWords.Count)
        {
            throw new ColbertException(
                ColbertErrorId.TokenizerInvalid,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The tokenizer gives '{NewWords[^1].Text}' the id {NewWords[^1].Id}, where the embedding matrix has {rows} rows "
                        + $"and {NewWords.Count} tokens lie behind them."),
                Weights.Folder,
                "Use the tokenizer that was saved with the weights.");
        }

        string table = missing == 0
            ? Add(tensor, words)
            : Add(tensor, OnnxElementType.Float, [rows + missing, width], new LengthenedData(words, missing));
        return Node("Gather", [table, ids], ("axis", 0));
    }

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Mul(string a, string b) => Node("Mul", [a, b]);

    public string Reshape(string x, string shape) => Node("Reshape", [x, shape]);

    /// <summary>Adds a weight as it is stored.</summary>
    public string Add(string name, Weight weight) => Add(name, OnnxElementType.Float, weight.Shape, weight.AsIs());

    public string Add(string name, OnnxElementType type, IReadOnlyList<long> shape, TensorData data) =>
        Constant(name, n => new OnnxTensor(n, type, shape, data));
}
