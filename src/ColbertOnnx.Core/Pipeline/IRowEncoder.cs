namespace ColbertOnnx.Pipeline;

/// <summary>From text to the row of ids: preparation, tokens, prefix, truncation, expansion. Each lane has one of its own, with its scratch.</summary>
internal interface IRowEncoder
{
    /// <summary>Fills a position that only lengthens a row to its batch.</summary>
    int PadId { get; }

    RowLimits Limits(TextKind kind);

    /// <param name="prompt">Goes in front instead of the model's own; null: that one.</param>
    /// <exception cref="OperationCanceledException">The caller wants no more.</exception>
    void Encode(string text, TextKind kind, bool withOffsets, TokenRow row, string? prompt = null, CancellationToken cancellation = default);

    /// <summary>The piece of the vocabulary.</summary>
    string TokenOf(int id);
}
