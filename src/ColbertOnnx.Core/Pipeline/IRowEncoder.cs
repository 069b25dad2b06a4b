namespace ColbertOnnx.Pipeline;

/// <summary>From text to the row of ids: preparation, tokens, prefix, truncation, expansion. Each lane has one of its own, with its scratch.</summary>
internal interface IRowEncoder
{
    /// <summary>Fills a position that only lengthens a row to its batch.</summary>
    int PadId { get; }

    RowLimits Limits(TextKind kind);

    void Encode(string text, TextKind kind, bool withOffsets, TokenRow row);

    /// <summary>The piece of the vocabulary.</summary>
    string TokenOf(int id);
}
