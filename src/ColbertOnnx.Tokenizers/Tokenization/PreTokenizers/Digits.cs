using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Numbers apart from the rest, as one or digit by digit. Read in src/pre_tokenizers/digits.rs.</summary>
internal sealed class Digits(bool individually) : CharacterSplit(individually ? SplitBehavior.Isolated : SplitBehavior.Contiguous)
{
    public static Digits Read(TokenizerNode node) => new(node.Bool("individual_digits"));

    protected override bool IsDelimiter(int cp) => UnicodeData.IsNumeric(cp);
}
