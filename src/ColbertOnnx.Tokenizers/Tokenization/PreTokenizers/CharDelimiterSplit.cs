using System.Text;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>One character goes and splits. Read in src/pre_tokenizers/delimiter.rs.</summary>
internal sealed class CharDelimiterSplit(Rune delimiter) : CharacterSplit(SplitBehavior.Removed)
{
    public static CharDelimiterSplit Read(TokenizerNode node) => new(Rune.GetRuneAt(node.Character("delimiter"), 0));

    protected override bool IsDelimiter(int cp) => cp == delimiter.Value;
}
