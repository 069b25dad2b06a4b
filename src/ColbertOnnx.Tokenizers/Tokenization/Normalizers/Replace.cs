using System.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>
/// Every match becomes the content, which belongs to the last code point before it ends. Read in src/normalizers/replace.rs.
/// </summary>
internal sealed class Replace(TextPattern pattern, string content) : Normalizer
{
    public TextPattern Pattern => pattern;

    public static Replace Read(TokenizerNode node) =>
        new(
            TextPattern.Read(node.Get("pattern")),
            node.Get("content").AsString(Limits.ReplacementLength, nameof(Limits.ReplacementLength)));

    public override void Normalize(NormalizedText text)
    {
        if (text.Length == 0) return;
        List<(int Start, int End)> matches = pattern.FindAll(text.Chars, text.Guard);
        if (TextPattern.CertainBefore < text.Length || (matches.Count > 0 && matches[^1].End == text.Length)) text.DependsOnEnd();
        if (matches.Count == 0) return;
        text.BeginRewrite();
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            text.Keep(start - done);
            text.Skip(end - start);
            foreach (Rune rune in content.EnumerateRunes())
                text.Put(rune.Value, 1);
            done = end;
        }

        text.EndRewrite();
    }
}
