using System.Text.Json;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// What a file says about padding. Only the side is obeyed; <see cref="FixedLength"/> is null when the longest text decides. Read in
/// src/utils/padding.rs.
/// </summary>
internal sealed record PaddingBlock(int? FixedLength, TokenSide Side, int? Multiple, int PadId, int PadTypeId, string PadToken)
{
    public static PaddingBlock Read(TokenizerNode node)
    {
        TokenizerNode strategy = node.Get("strategy");
        int? length = null;
        if (strategy.Kind == JsonTokenType.StartObject)
        {
            length = strategy.Int("Fixed");
            strategy.Finish();
        }
        else if (strategy.AsString() != "BatchLongest")
        {
            throw strategy.Unsupported("is a strategy that is not known");
        }

        var block = new PaddingBlock(
            length, node.Choice<TokenSide>("direction"), node.Find("pad_to_multiple_of")?.AsInt(), node.Int("pad_id"),
            node.Int("pad_type_id"), node.String("pad_token"));
        node.Finish();
        return block;
    }
}
