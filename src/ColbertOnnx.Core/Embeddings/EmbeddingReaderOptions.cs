using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>What a reader cannot see in the file.</summary>
public sealed record EmbeddingReaderOptions
{
    /// <summary>
    /// A file with a text for each embedding, in the same order, in any format that texts are read from. Null: what lies in the file itself
    /// or, for a folder, beside the arrays.
    /// </summary>
    public string? Texts { get; init; }

    /// <summary>What that file is read as; null: as its name says.</summary>
    public InputOptions? TextOptions { get; init; }

    /// <summary>The kind of texts whose kind the file does not say.</summary>
    public TextKind? Kind { get; init; }

    /// <summary>
    /// Receives what is skipped, and by what the file differs from the manifest beside it, a sentence each; null: it is not reported.
    /// </summary>
    public Action<string>? Notice { get; init; }
}
