using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>The mark of a word's end becomes a blank, at the end of all nothing. Read in src/decoders/bpe.rs.</summary>
internal sealed class BpeDecoder(string suffix) : EachDecoder
{
    public static BpeDecoder Read(TokenizerNode node) => new(node.String("suffix"));

    protected override string Decode(string token, int index, int count, TextGuard guard) =>
        Replace.All(token, suffix, index == count - 1 ? "" : " ");
}
