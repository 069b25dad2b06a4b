using ColbertOnnx.Text;
using ColbertOnnx.Text.Expressions;

namespace ColbertOnnx.Tokenization.PreTokenizers;

/// <summary>
/// GPT-2's: words with the blank before them, then every byte of UTF-8 as a character of its own. Read in
/// src/pre_tokenizers/byte_level.rs.
/// </summary>
internal sealed class ByteLevel(bool addPrefixSpace, bool useRegex) : RewritingPreTokenizer
{
    private static readonly KnownExpression Words = KnownExpression.Of(KnownExpression.Gpt2)!;

    public static ByteLevel Read(TokenizerNode node)
    {
        // It is the post-processor that obeys trim_offsets.
        node.Bool("trim_offsets");
        return new ByteLevel(node.Bool("add_prefix_space"), node.Bool("use_regex", missing: true));
    }

    // An apostrophe and a letter at the end may become one piece with the letter behind them.
    protected override void End(PreTokenizedText text) => text.EndRewrite(uncertain: useRegex ? 2 : 1, isOpen: !useRegex);

    protected override void Rewrite(PreTokenizedText text, Piece piece, Workspace workspace)
    {
        ReadOnlySpan<char> chars = text.CharsOf(piece);
        int added = addPrefixSpace && chars[0] != ' ' ? 1 : 0;
        if (added == 1)
        {
            Span<char> longer = workspace.CharsOf(chars.Length + 1);
            longer[0] = ' ';
            chars.CopyTo(longer[1..]);
            chars = longer;
        }

        for (int start = 0; start < chars.Length;)
        {
            int end = useRegex ? Words.End(chars, start) : chars.Length;
            int at = text.Written;
            Write(text, piece, chars[start..end], start - added);
            text.Add(at, text.Written);
            start = end;
        }
    }

    private static void Write(PreTokenizedText text, ReadOnlySpan<char> word)
    {
        const int Part = 4096;
        while (!word.IsEmpty)
        {
            // A unit of UTF-16 is three bytes at most. A pair of surrogates is not divided.
            int part = Math.Min(word.Length, Part);
            if (part < word.Length && char.IsHighSurrogate(word[part - 1])) part++;
            Span<char> target = text.Target(part * 3);
            int written = 0;
            for (int i = 0; i < part;)
            {
                char c = word[i];
                if (c < 0x80)
                {
                    target[written++] = ByteAlphabet.Of((byte)c);
                    i++;
                    continue;
                }

                written += ByteAlphabet.Encode(CodePoint.At(word, i, out int units), target[written..]);
                i += units;
            }

            text.Advance(written);
            word = word[part..];
        }
    }

    private static void Write(PreTokenizedText text, Piece piece, ReadOnlySpan<char> word, int offset)
    {
        ReadOnlySpan<Alignment> map = text.MapOf(piece);
        if (map.IsEmpty)
        {
            Write(text, word);
            return;
        }

        Span<char> bytes = stackalloc char[4];
        for (int i = 0; i < word.Length;)
        {
            int count = ByteAlphabet.Encode(CodePoint.At(word, i, out int units), bytes);
            // A blank that was put in front belongs to the first code point.
            Alignment alignment = map[Math.Max(0, offset + i)];
            for (int k = 0; k < count; k++)
                text.Write(bytes[k], alignment);
            i += units;
        }
    }
}
