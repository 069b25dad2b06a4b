using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>
/// Texts that tokenizers get wrong: all planes, marks in the wrong order, controls, scripts without blanks, emoji sequences, long runs,
/// special tokens as literal text. Never a lone surrogate: the original cannot take one.
/// </summary>
internal static class GeneratedText
{
    private static readonly string[] Words =
    [
        "the", "retrieval", "Token", "HELLO", "don't", "we'll", "I'M", "naïve", "Straße", "İstanbul", "ΟΔΥΣΣΕΥΣ", "3.14159", "1,000,000",
        "x86_64", "https://example.org/a?b=c&d=%20",
        "日本語の検索", "中文文本", "한국어", "ภาษาไทยไม่มีช่องว่าง", "العربية", "עברית", "हिन्दी", "Ελληνικά", "Русский", "Tiếng Việt", "ﬁnancial",
        "ＦＵＬＬ", "①②③", "㍿", "e\u0301\u0327", "q\u0307\u0323", "\u1100\u1161\u11A8",
        "👩‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇫🇷🇩🇪", "❤️", "\u200b", "\u00ad", "\u2028", "\ufeff", "\u0000", "\u001f", "\u0085", "\u3000",
        "\r\n", "\t", "\n\n", "   ", " ", "_", "--", "…", "“q”", "#$%", "((([", "]])",
    ];

    private static readonly string[] Specials =
        [
            "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "[Q] ", "[D] ", "[unused0]", "<s>", "</s>", "<mask>", "<pad>", "<unk>",
            "<|endoftext|>", "<|im_start|>", "▁", "##", "Ġ", "[MASK][MASK]", "[CLS", "<s",
        ];

    private static Gen<string> CodePoint(int from, int to) =>
        Gen.Choose(from, to).Select(c => c is >= 0xD800 and <= 0xDFFF ? "\uFFFD" : new Rune(c).ToString());

    private static readonly Gen<string> Piece = Gen.Frequency(
        (8, Gen.Elements(Words)),
        (4, Gen.Elements(Words).Select(w => w + " ")),
        (3, CodePoint(0x20, 0x7E)),
        (2, CodePoint(0, 0x24F)),
        (2, CodePoint(0x300, 0x36F)),
        (2, CodePoint(0, 0xFFFF)),
        (1, CodePoint(0x10000, 0x10FFFF)),
        (1, CodePoint(0x1100, 0x11FF)),
        (1, CodePoint(0xAC00, 0xD7A3)),
        (1, CodePoint(0x1F300, 0x1FAFF)),
        (1, CodePoint(0x4E00, 0x9FFF)),
        (1, CodePoint(0x2000, 0x206F)),
        (2, Gen.Elements(Specials)),
        (
            1,
            Gen.Choose(1, 300)
                .SelectMany(n => Gen.Elements("a", " ", "!", "é", "🙂", "中", "\n", "0", "\u0301", "aB")
                .Select(c => string.Concat(Enumerable.Repeat(c, n))))));

    /// <summary>Pieces of a text; joined they are the text.</summary>
    public static Arbitrary<string[]> Pieces(int most) => Arb.From(Gen.Choose(0, most).SelectMany(n => Gen.ArrayOf(Piece, n)), Shrink);

    /// <summary>
    /// Smaller texts, the smallest first: a half, a quarter, ... one piece left out, then pieces cut. FsCheck goes on with the first that
    /// still differs, until none does.
    /// </summary>
    private static IEnumerable<string[]> Shrink(string[] pieces)
    {
        for (int size = pieces.Length; size > 0; size /= 2)
        {
            for (int start = 0; start + size <= pieces.Length; start += size)
                yield return [.. pieces[..start], .. pieces[(start + size)..]];
        }

        for (int i = 0; i < pieces.Length; i++)
        {
            foreach (string shorter in Shorter(pieces[i]))
                yield return [.. pieces[..i], shorter, .. pieces[(i + 1)..]];
        }
    }

    // A pair of surrogates stays one.
    private static IEnumerable<string> Shorter(string piece)
    {
        string[] runes = [.. piece.EnumerateRunes().Select(rune => rune.ToString())];
        for (int size = runes.Length / 2; size > 0; size /= 2)
        {
            for (int start = 0; start + size <= runes.Length; start += size)
                yield return string.Concat([.. runes[..start], .. runes[(start + size)..]]);
        }
    }
}
