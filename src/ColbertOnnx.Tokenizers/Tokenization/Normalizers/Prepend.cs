using System.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>
/// Something in front of every text that is not empty; it belongs to the first code point. Read in src/normalizers/prepend.rs.
/// </summary>
internal sealed class Prepend(string prefix) : Normalizer
{
    public static Prepend Read(TokenizerNode node) =>
        new(node.Get("prepend").AsString(Limits.ReplacementLength, nameof(Limits.ReplacementLength)));

    public override void Normalize(NormalizedText text)
    {
        if (text.Length == 0) return;
        if (prefix.Length == 0)
        {
            // The first code point counts as inserted, before everything.
            text.DetachFirst();
            return;
        }

        text.BeginRewrite();
        foreach (Rune rune in prefix.EnumerateRunes())
            text.PutFor(rune.Value);
        text.EndRewrite();
    }
}
