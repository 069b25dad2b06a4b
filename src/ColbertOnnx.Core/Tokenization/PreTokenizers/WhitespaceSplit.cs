using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Whitespace goes, nothing else happens. Read in src/pre_tokenizers/whitespace.rs.</summary>
internal sealed class WhitespaceSplit() : CharacterSplit(SplitBehavior.Removed)
{
    protected override bool IsDelimiter(int cp) => UnicodeData.IsWhitespace(cp);
}
