using System.Text;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>BERT's cleaning: controls out, blanks around ideographs, accents off, lower case. Read in src/normalizers/bert.rs.</summary>
internal sealed class BertNormalizer : Normalizer
{
    private readonly bool cleanText, handleChineseChars, stripAccents, lowercase;
    private readonly ushort[] ascii = new ushort[128];

    private BertNormalizer(bool cleanText, bool handleChineseChars, bool? stripAccents, bool lowercase)
    {
        this.cleanText = cleanText;
        this.handleChineseChars = handleChineseChars;
        this.stripAccents = stripAccents ?? lowercase;
        this.lowercase = lowercase;
        for (int c = 0; c < ascii.Length; c++)
        {
            int to = cleanText && IsRemoved(c) ? NormalizedText.Removed : cleanText && UnicodeData.IsWhitespace(c) ? ' ' : c;
            ascii[c] = (ushort)(lowercase && to is >= 'A' and <= 'Z' ? to + 32 : to);
        }
    }

    public static BertNormalizer Read(TokenizerNode node) =>
        new(node.Bool("clean_text"), node.Bool("handle_chinese_chars"), node.Find("strip_accents")?.AsBool(), node.Bool("lowercase"));

    public override void Normalize(NormalizedText text)
    {
        if (Ascii.IsValid(text.Chars))
        {
            text.MapAscii(ascii);
            return;
        }

        if (cleanText)
        {
            text.Remove(static cp => IsRemoved(cp));
            text.Map(static c => c is >= 'a' and <= 'z' ? c : UnicodeData.IsWhitespace(c) ? ' ' : c);
        }

        if (handleChineseChars) SurroundIdeographs(text);
        if (stripAccents)
        {
            text.Normalize(UnicodeForm.Nfd);
            text.Remove(static cp => UnicodeData.IsMark(cp));
        }

        if (lowercase) text.Lowercase();
    }

    private static bool IsRemoved(int cp) => cp is 0 or 0xFFFD || UnicodeData.IsControl(cp);

    private static void SurroundIdeographs(NormalizedText text)
    {
        int first = text.FindFirst(static cp => IsIdeograph(cp));
        if (first < 0) return;
        text.BeginRewrite();
        text.Keep(first);
        while (!text.IsAtEnd)
        {
            int cp = text.Next(out int units);
            if (!IsIdeograph(cp))
            {
                text.Keep(units);
                continue;
            }

            // All three stand for the ideograph.
            text.Put(' ', 0);
            text.Put(cp, 1);
            text.Put(' ', 1);
        }

        text.EndRewrite();
    }

    // The gap at 2B820 is the original's own.
    private static bool IsIdeograph(int cp) => cp is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x2F800 and <= 0x2FA1F);
}
