using System.Text;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Decoders;

/// <summary>Every match in a token becomes the content. Read in src/normalizers/replace.rs.</summary>
internal sealed class Replace(TextPattern pattern, string content) : EachDecoder
{
    public static Replace Read(TokenizerNode node) =>
        new(
            TextPattern.Read(node.Get("pattern")),
            node.Get("content").AsString(Limits.ReplacementLength, nameof(Limits.ReplacementLength)));

    /// <summary>The empty string is found before and behind every character, as the original finds it.</summary>
    public static string All(string token, string found, string written)
    {
        if (found.Length > 0) return token.Replace(found, written, StringComparison.Ordinal);
        var text = new StringBuilder(written);
        foreach (Rune rune in token.EnumerateRunes()) text.Append(rune).Append(written);
        return text.ToString();
    }

    protected override string Decode(string token, int index, int count, TextGuard guard)
    {
        List<(int Start, int End)> matches = pattern.FindAll(token, guard);
        if (matches.Count == 0) return token;
        var text = new StringBuilder();
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            text.Append(token, done, start - done).Append(content);
            guard.RoomFor(text.Length);
            done = end;
        }

        return text.Append(token, done, token.Length - done).ToString();
    }
}
