namespace ColbertOnnx.Tokenization;

/// <summary>
/// What a file says about truncation. Only the side is obeyed; see <see cref="Tokenizer.TruncationSide"/>. Read in src/utils/truncation.rs.
/// </summary>
internal sealed record TruncationBlock(int MaxLength, TokenSide Side, TruncationBlock.Strategies Strategy, int Stride)
{
    internal enum Strategies
    {
        LongestFirst,
        OnlyFirst,
        OnlySecond,
    }

    public static TruncationBlock Read(TokenizerNode node)
    {
        var block = new TruncationBlock(
            node.Int("max_length"), node.Choice<TokenSide>("direction", TokenSide.Right), node.Choice<Strategies>("strategy"),
            node.Int("stride"));
        node.Finish();
        return block;
    }
}
