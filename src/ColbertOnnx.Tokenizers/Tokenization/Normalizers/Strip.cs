using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Whitespace off the ends. Read in src/normalizers/strip.rs.</summary>
internal sealed class Strip(bool left, bool right) : Normalizer
{
    public static Strip Read(TokenizerNode node) => new(node.Bool("strip_left"), node.Bool("strip_right"));

    public override void Normalize(NormalizedText text)
    {
        // All whitespace is in the basic plane.
        ReadOnlySpan<char> chars = text.Chars;
        int start = 0, end = chars.Length;
        while (left && start < end && UnicodeData.IsWhitespace(chars[start])) start++;
        while (right && start < end && UnicodeData.IsWhitespace(chars[end - 1])) end--;
        if (end - start == chars.Length) return;
        if (end < chars.Length) text.DependsOnEnd();
        text.BeginRewrite();
        text.Skip(start);
        text.Keep(end - start);
        text.Skip(chars.Length - end);
        text.EndRewrite();
    }
}
