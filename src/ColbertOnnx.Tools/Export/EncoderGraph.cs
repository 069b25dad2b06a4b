using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export;

/// <summary>The graph of a whole model: from ids to token vectors, [batch, length, dimension].</summary>
/// <param name="Model">Its constants are read from the checkpoint when it is written: the weights must still be open then.</param>
/// <param name="Dimension">Dimension of each token vector.</param>
/// <param name="Positions">Most tokens of a sequence; null: any number.</param>
/// <param name="TokensWithoutEmbedding">Tokens of the tokenizer that the checkpoint has no word embedding for; they get the mean
/// of all.</param>
/// <param name="VocabularySize">Rows of the checkpoint's word embedding matrix.</param>
internal sealed record EncoderGraph(
    OnnxModel Model, int Dimension, int? Positions, IReadOnlyList<(int Id, string Text)> TokensWithoutEmbedding, long VocabularySize)
{
    public const string Output = "output";

    /// <summary>Rows of the graph's own matrix, with those that were made for tokens without one.</summary>
    public long Rows => TokensWithoutEmbedding.Count == 0 ? VocabularySize : TokensWithoutEmbedding[^1].Id + 1L;

    /// <param name="config">The backbone's configuration.</param>
    /// <param name="weights">The backbone's tensors.</param>
    /// <param name="dense">What follows it.</param>
    /// <param name="normalize">Whether token vectors are unit vectors.</param>
    /// <param name="tokenizer">The embedding matrix has a row for each of its tokens; null: it is as long as it is.</param>
    /// <param name="longestSequence">Tokens of the longest sequence that the settings ask for.</param>
    /// <param name="cancellation">Ends it.</param>
    public static EncoderGraph Build(
        CheckpointConfig config, CheckpointWeights weights, IReadOnlyList<DenseModule> dense, bool normalize, Tokenizer? tokenizer = null,
        int longestSequence = 0, CancellationToken cancellation = default)
    {
        IArchitecture architecture = Architectures.Of(config);
        var graph = new GraphBuilder(weights) { Tokenizer = tokenizer, LongestSequence = longestSequence, Cancellation = cancellation };
        var inputs = new TokenInputs(graph);
        string hidden = architecture.Build(graph, inputs);
        if (config.TryGet("vocab_size", out _) && config.Integer("vocab_size") != graph.VocabularySize)
            throw config.Invalid(
                "vocab_size",
                FormattableString.Invariant(
                    $"is {config.Integer("vocab_size")}, and the embedding matrix has {graph.VocabularySize} rows"));
        (string vectors, int dimension) = ProjectionHead.Build(graph, hidden, architecture.HiddenSize, dense, normalize);
        string output = inputs.Unflatten(vectors, dimension);
        graph.Output(output, Output, "batch", "length", FormattableString.Invariant($"{dimension}"));
        RefuseUnused(config, weights);
        return new EncoderGraph(graph.Model, dimension, graph.Positions, graph.TokensWithoutEmbedding, graph.VocabularySize);
    }

    // A tensor that nothing wanted means that the family is not what config.json calls it, or has a part that is not built here.
    private static void RefuseUnused(CheckpointConfig config, CheckpointWeights weights)
    {
        string[] unused = [.. weights.Unused.Where(name => !IsInert(name))];
        if (unused.Length == 0) return;
        throw new ColbertException(
            ColbertErrorId.ArchitectureUnsupported,
            $"The checkpoint has {unused.Length} tensors that the family '{config.ModelType}' has no place for: {ShownText.First(unused)}.",
            weights.Folder,
            "Check model_type in config.json; a graph without them would give other vectors.");
    }

    private static readonly string[] Heads =
    [
        "pooler.", "cls.", "head.", "lm_head.", "decoder.", "classifier.", "pre_classifier.", "qa_outputs.", "sequence_summary.", "vocab_",
        "mlm_head.",
        "generator_", "discriminator_", "predictions.", "lm_predictions.", "mask_predictions.",
    ];

    // Buffers, and the heads of other tasks.
    private static bool IsInert(string name) =>
        name is "linear.weight" || name.EndsWith(".position_ids", StringComparison.Ordinal)
        || name.EndsWith("inv_freq", StringComparison.Ordinal)
        || Heads.Any(part => name.StartsWith(part, StringComparison.Ordinal) || name.Contains($".{part}", StringComparison.Ordinal));
}
