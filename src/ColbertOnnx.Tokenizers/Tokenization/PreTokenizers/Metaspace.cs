namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>Blanks become a visible character, which begins each word. Read in src/pre_tokenizers/metaspace.rs.</summary>
internal sealed class Metaspace(string replacement, Metaspace.PrependScheme scheme, bool split) : RewritingPreTokenizer
{
    internal enum PrependScheme
    {
        First,
        Never,
        Always,
    }

    public string Replacement => replacement;

    public PrependScheme Scheme => scheme;

    public override bool NeedsAlignment => scheme == PrependScheme.First;

    /// <summary>Older files have add_prefix_space and str_rep; the first must not contradict the scheme.</summary>
    public static Metaspace Read(TokenizerNode node)
    {
        string replacement = node.Character("replacement");
        node.Find("str_rep")?.AsString();
        PrependScheme scheme = node.Choice<PrependScheme>("prepend_scheme", PrependScheme.Always, lowerCase: true);
        if (node.Find("add_prefix_space") is { } prefix && !prefix.AsBool() && scheme != PrependScheme.Never)
            throw prefix.Invalid("does not match prepend_scheme");
        return new Metaspace(replacement, scheme, node.Bool("split", missing: true));
    }

    protected override void Rewrite(PreTokenizedText text, Piece piece, Workspace workspace)
    {
        ReadOnlySpan<char> chars = text.CharsOf(piece);
        ReadOnlySpan<Alignment> map = text.MapOf(piece);
        int start = text.Written;
        bool begins = chars[0] == ' ' || chars.StartsWith(replacement);
        if (!begins && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && map[0].Start == 0)))
            Put(text, map.IsEmpty ? default : map[0]);

        // Words and the visible blanks before them.
        int word = start;
        for (int i = 0; i < chars.Length;)
        {
            int plain = chars[i..].IndexOfAny(' ', replacement[0]);
            if (plain < 0) plain = chars.Length - i;
            if (plain > 0)
            {
                text.Write(chars.Slice(i, plain), map.IsEmpty ? default : map.Slice(i, plain));
                i += plain;
                continue;
            }

            bool isBlank = chars[i] == ' ';
            int units = isBlank ? 1 : chars[i..].StartsWith(replacement) ? replacement.Length : 0;
            if (units == 0)
            {
                text.Write(chars[i], map.IsEmpty ? default : map[i]);
                i++;
                continue;
            }

            if (split && text.Written > word)
            {
                text.Add(word, text.Written);
                word = text.Written;
            }

            Put(text, map.IsEmpty ? default : map[i]);
            i += units;
        }

        text.Add(word, text.Written);
    }

    private void Put(PreTokenizedText text, Alignment alignment)
    {
        foreach (char c in replacement)
            text.Write(c, alignment);
    }
}
