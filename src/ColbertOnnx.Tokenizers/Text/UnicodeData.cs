using System.Globalization;
using System.Runtime.CompilerServices;

namespace ColbertOnnx.Text;

/// <summary>
/// Properties of code points, from the project's own tables, whatever .NET's globalization does. Each is of the Unicode
/// version that the part of tokenizers (0.23.2) behind it was built with; tools/README.md lists them.
/// </summary>
internal static class UnicodeData
{
    private static readonly CodePointTrie Properties = new TableReader("properties").Trie();

    private const int Punctuation8 = 1 << 5, Other8 = 1 << 6, Nonspacing8 = 1 << 7, Mark9 = 1 << 8, WhiteSpace17 = 1 << 9,
        Number17 = 1 << 10,
        Alphabetic17 = 1 << 11, JoinControl16 = 1 << 12, Alphabetic16 = 1 << 13, Uppercase16 = 1 << 14, Lowercase16 = 1 << 15;

    // Categories of 16.0 as a set of bits, for the classes of regular expressions.
    private const int Marks =
        1 << (int)UnicodeCategory.NonSpacingMark | 1 << (int)UnicodeCategory.SpacingCombiningMark | 1 << (int)UnicodeCategory.EnclosingMark;
    private const int WordCategories =
        Marks | 1 << (int)UnicodeCategory.DecimalDigitNumber | 1 << (int)UnicodeCategory.ConnectorPunctuation;

    /// <summary>General category, Unicode 16.0 (Oniguruma's and the regex crate's).</summary>
    public static UnicodeCategory Category(int cp) => (UnicodeCategory)(Properties[cp] & 31);

    /// <summary>Rust's char::is_whitespace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhitespace(int cp) => cp < 0x80 ? cp is ' ' or (>= 9 and <= 13) : (Properties[cp] & WhiteSpace17) != 0;

    /// <summary>is_punctuation of the crate unicode_categories (8.0). ASCII symbols such as '$' are not in it; BERT adds them.</summary>
    public static bool IsPunctuation(int cp) => (Properties[cp] & Punctuation8) != 0;

    /// <summary>What Bert's and Punctuation's pre-tokenizers split at: ASCII punctuation or <see cref="IsPunctuation"/>.</summary>
    public static bool IsBertPunctuation(int cp) =>
        cp < 0x80 ? cp is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126) : IsPunctuation(cp);

    /// <summary>is_other of the crate unicode_categories (8.0): control, format, private use; not unassigned.</summary>
    public static bool IsOther(int cp) => (Properties[cp] & Other8) != 0;

    /// <summary>BertNormalizer's control characters: <see cref="IsOther"/> but for tab, line feed and carriage return.</summary>
    public static bool IsControl(int cp) => cp is not ('\t' or '\n' or '\r') && IsOther(cp);

    /// <summary>is_mark_nonspacing of the crate unicode_categories (8.0): what BertNormalizer strips as accents.</summary>
    public static bool IsMark(int cp) => cp >= 0x300 && (Properties[cp] & Nonspacing8) != 0;

    /// <summary>is_combining_mark of unicode-normalization-alignments (9.0): what StripAccents removes.</summary>
    public static bool IsCombiningMark(int cp) => cp >= 0x300 && (Properties[cp] & Mark9) != 0;

    /// <summary>Rust's char::is_numeric: Nd, Nl and No.</summary>
    public static bool IsNumeric(int cp) => cp < 0x80 ? cp is >= '0' and <= '9' : (Properties[cp] & Number17) != 0;

    /// <summary>Rust's char::is_alphabetic.</summary>
    public static bool IsAlphabetic(int cp) => (Properties[cp] & Alphabetic17) != 0;

    /// <summary>Rust's char::is_alphanumeric.</summary>
    public static bool IsAlphanumeric(int cp) => (Properties[cp] & (Alphabetic17 | Number17)) != 0;

    /// <summary>\w of the regex crate (the pre-tokenizer Whitespace, added tokens that are single words).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWord(int cp) => (Properties[cp] & JoinControl16) != 0 || IsPosixWord(cp);

    /// <summary>[[:word:]] of Oniguruma, and its \w inside brackets.</summary>
    public static bool IsPosixWord(int cp)
    {
        int value = Properties[cp];
        return (value & Alphabetic16) != 0 || (WordCategories >> (value & 31) & 1) != 0;
    }

    /// <summary>First and last code point of each run of these general categories (a bit for each), Unicode 16.0.</summary>
    public static List<int> CategoryRanges(int categories) => Properties.Ranges(value => (categories >> (value & 31) & 1) != 0);

    /// <summary>Runs of Alphabetic, 16.0.</summary>
    public static List<int> AlphabeticRanges() => Properties.Ranges(value => (value & Alphabetic16) != 0);

    /// <summary>Runs of Uppercase, 16.0.</summary>
    public static List<int> UppercaseRanges() => Properties.Ranges(value => (value & Uppercase16) != 0);

    /// <summary>Runs of Lowercase, 16.0.</summary>
    public static List<int> LowercaseRanges() => Properties.Ranges(value => (value & Lowercase16) != 0);

    /// <summary>Runs of White_Space; 16.0 and 17.0 agree.</summary>
    public static List<int> WhitespaceRanges() => Properties.Ranges(value => (value & WhiteSpace17) != 0);

    /// <summary>
    /// Rust's char::to_lowercase: each code point alone, without the rule of the final sigma. Writes one or two code
    /// points to <paramref name="to"/> and returns how many.
    /// </summary>
    public static int ToLower(int cp, Span<int> to)
    {
        to[0] = cp;
        if (cp < 0x80)
        {
            if (cp is >= 'A' and <= 'Z')
                to[0] = cp + 32;
            return 1;
        }
        if (cp == 0x130)
        {
            (to[0], to[1]) = ('i', 0x307);
            return 2;
        }
        to[0] = cp + CasingData.RustDistance(cp);
        return 1;
    }

    /// <summary>Canonical combining class, 9.0.</summary>
    public static int CombiningClass(int cp) => cp < 0x300 ? 0 : NormalizationData.CombiningClass(cp);

    /// <summary>
    /// Number of the script, 9.0, as the pre-tokenizer UnicodeScripts sees it; 0 is "Any", a script that fits every other.
    /// </summary>
    public static int Script(int cp) => cp switch
    {
        ' ' => 0,
        0x30FC => ScriptData.Han,
        _ => ScriptData.OfPreTokenizer(cp),
    };
}
