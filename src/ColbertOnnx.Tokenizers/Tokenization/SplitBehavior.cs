namespace ColbertOnnx.Tokenization;

/// <summary>
/// What becomes of the delimiters that a pre-tokenizer splits at; the format's own names. Read in src/tokenizer/normalizer.rs.
/// </summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
