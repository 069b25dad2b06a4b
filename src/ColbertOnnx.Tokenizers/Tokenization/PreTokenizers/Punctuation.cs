using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Splits at BERT's punctuation. Read in src/pre_tokenizers/punctuation.rs.</summary>
internal sealed class Punctuation(SplitBehavior behavior) : CharacterSplit(behavior)
{
    public static Punctuation Read(TokenizerNode node) => new(node.Choice<SplitBehavior>("behavior", SplitBehavior.Isolated));

    protected override bool IsDelimiter(int cp) => UnicodeData.IsBertPunctuation(cp);
}
