using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>The graph of a whole model: from ids to rows, [batch, length, dimension].</summary>
/// <param name="Model">Its constants are read from the checkpoint when it is written: the weights must still be open then.</param>
/// <param name="Dimension">Numbers of a row.</param>
internal sealed record EncoderGraph(OnnxModel Model, int Dimension)
{
    public const string Output = "output";

    /// <param name="config">The backbone's configuration.</param>
    /// <param name="weights">The backbone's tensors.</param>
    /// <param name="dense">What follows it.</param>
    /// <param name="normalize">Whether rows are unit vectors.</param>
    /// <param name="vocabulary">Tokens of the tokenizer with its prefixes; the embedding matrix is made that long.</param>
    public static EncoderGraph Build(CheckpointConfig config, CheckpointWeights weights, IReadOnlyList<DenseModule> dense, bool normalize, int vocabulary)
    {
        IArchitecture architecture = Architectures.Of(config);
        var graph = new GraphBuilder(weights) { Vocabulary = vocabulary };
        var inputs = new TokenInputs(graph);
        string hidden = architecture.Build(graph, inputs);
        (string rows, int dimension) = ProjectionHead.Build(graph, hidden, architecture.Width, dense, normalize);
        string output = inputs.Unflatten(rows, dimension);
        graph.Output(output, Output, "batch", "length", FormattableString.Invariant($"{dimension}"));
        RefuseUnused(config, weights);
        return new EncoderGraph(graph.Model, dimension);
    }

    // A tensor that nothing wanted means that the family is not what config.json calls it, or has a part that is not built here.
    private static void RefuseUnused(CheckpointConfig config, CheckpointWeights weights)
    {
        string[] unused = [.. weights.Unused.Where(name => !IsInert(name)).Order(StringComparer.Ordinal)];
        if (unused.Length == 0) return;
        throw new ColbertException(
            ColbertErrorId.ArchitectureUnsupported,
            $"The checkpoint has {unused.Length} tensors that the family '{config.ModelType}' has no place for: {string.Join(", ", unused.Take(3))}{(unused.Length > 3 ? ", …" : "")}.",
            weights.Folder,
            "Check model_type in config.json; a graph without them would give other vectors.");
    }

    private static readonly string[] Heads =
    [
        "pooler.", "cls.", "head.", "lm_head.", "decoder.", "classifier.", "pre_classifier.", "qa_outputs.", "sequence_summary.", "vocab_", "mlm_head.",
        "generator_", "discriminator_", "predictions.", "lm_predictions.", "mask_predictions.",
    ];

    // Buffers, and the heads of other tasks.
    private static bool IsInert(string name) =>
        name is "linear.weight" || name.EndsWith(".position_ids", StringComparison.Ordinal) || name.EndsWith("inv_freq", StringComparison.Ordinal)
        || Heads.Any(part => name.StartsWith(part, StringComparison.Ordinal) || name.Contains($".{part}", StringComparison.Ordinal));
}
