namespace ColbertOnnx.Pipeline;

/// <summary>
/// From text to the model's input: preparation, tokens, prefix, truncation, expansion. Not thread-safe: each lane has one of its own, with
/// its scratch.
/// </summary>
internal interface IInputBuilder
{
    /// <summary>The token id of padding.</summary>
    int PadId { get; }

    SequenceLimits Limits(TextKind kind);

    /// <param name="text">As the user gave it.</param>
    /// <param name="kind">Query or document.</param>
    /// <param name="withOffsets">Keep each token's place in the text.</param>
    /// <param name="input">Gets the result.</param>
    /// <param name="prompt">Goes in front instead of the model's own; null: that one.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller wants no more.</exception>
    void Build(
        ReadOnlySpan<char> text, TextKind kind, bool withOffsets, ModelInput input, string? prompt = null,
        CancellationToken cancellation = default);

    /// <summary>The piece of the vocabulary.</summary>
    string TokenOf(int id);
}
