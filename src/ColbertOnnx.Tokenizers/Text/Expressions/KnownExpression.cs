namespace ColbertOnnx.Text.Expressions;

/// <summary>
/// The expressions of GPT-2 (ByteLevel's own) and of the cl100k family (Llama 3, Qwen), written out by hand: they match at
/// every position and cover the whole text. The general engine gives the same matches and is what the tests compare with.
/// </summary>
internal sealed class KnownExpression
{
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Cl100kHead = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}";
    private const string Cl100kTail = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const byte Other = 0, Letter = 1, Number = 2, Space = 3, Pair = 4;
    private static readonly byte[] Kinds = MakeKinds();

    private readonly bool isGpt2;
    private readonly int mostDigits;

    private KnownExpression(bool isGpt2, int mostDigits) => (this.isGpt2, this.mostDigits) = (isGpt2, mostDigits);

    /// <summary>Null when the expression is not one of these.</summary>
    public static KnownExpression? Of(string pattern)
    {
        if (pattern is Gpt2 or @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
            return new(true, int.MaxValue);
        if (!pattern.StartsWith(Cl100kHead, StringComparison.Ordinal) || !pattern.EndsWith(Cl100kTail, StringComparison.Ordinal))
            return null;
        return pattern.Length < Cl100kHead.Length + Cl100kTail.Length ? null : pattern[Cl100kHead.Length..^Cl100kTail.Length] switch
        {
            "" => new(false, 1),
            "{1,3}" => new(false, 3),
            _ => null,
        };
    }

    /// <summary>Where the match ends that begins at a position before the end of the text.</summary>
    public int End(ReadOnlySpan<char> text, int start) => isGpt2 ? EndOfGpt2(text, start) : EndOfCl100k(text, start);

    /// <summary>
    /// Could more text change the match that ends at <paramref name="end"/>? True also in a few cases
    /// where it could not.
    /// </summary>
    public static bool SeesEnd(ReadOnlySpan<char> text, int end)
    {
        // One unit more was looked at for a pair of surrogates and for a contraction ("'r" may become "'re").
        if (end >= text.Length - 1)
            return true;
        // A line break behind the end would draw these blanks in.
        if (Kinds[text[end]] != Space || Kinds[text[end - 1]] != Space)
            return false;
        while (end < text.Length && Kinds[text[end]] == Space)
            end++;
        return end == text.Length;
    }

    private static int EndOfGpt2(ReadOnlySpan<char> text, int start)
    {
        char c = text[start];
        if (c == '\'')
        {
            int end = Contraction(text, start, false);
            if (end > 0)
                return end;
        }
        int first = start + (c == ' ' && start + 1 < text.Length ? 1 : 0);
        byte kind = KindAt(text, first, out int length);
        return kind == Space ? EndOfSpace(text, start) : Skip(text, first + length, kind);
    }

    private int EndOfCl100k(ReadOnlySpan<char> text, int start)
    {
        char c = text[start];
        if (c == '\'')
        {
            int end = Contraction(text, start, true);
            if (end > 0)
                return end;
        }
        byte kind = KindAt(text, start, out int length);
        if (kind == Letter)
            return Skip(text, start + length, Letter);
        if (kind == Number)
        {
            int end = start + length;
            for (int count = 1; count < mostDigits && end < text.Length && KindAt(text, end, out length) == Number; count++)
                end += length;
            return end;
        }
        // One code point that is neither letter, digit nor line break may stand before letters.
        int next = start + length, nextLength = 0;
        byte following = next < text.Length ? KindAt(text, next, out nextLength) : Space;
        if (following == Letter && c is not ('\r' or '\n'))
            return Skip(text, next + nextLength, Letter);
        if (kind == Other || (c == ' ' && following == Other))
        {
            int end = Skip(text, kind == Other ? next : next + nextLength, Other);
            while (end < text.Length && text[end] is '\r' or '\n')
                end++;
            return end;
        }
        return EndOfLine(text, start);
    }

    // \s*[\r\n]+|\s+(?!\S)|\s+ : up to the last line break of the blanks if they hold one.
    private static int EndOfLine(ReadOnlySpan<char> text, int start)
    {
        int end = start, lastBreak = -1;
        for (; end < text.Length && Kinds[text[end]] == Space; end++)
        {
            if (text[end] is '\r' or '\n')
                lastBreak = end;
        }
        return lastBreak >= 0 ? lastBreak + 1 : WithoutLast(text, start, end);
    }

    // \s+(?!\S)|\s+
    private static int EndOfSpace(ReadOnlySpan<char> text, int start)
    {
        int end = start;
        while (end < text.Length && Kinds[text[end]] == Space)
            end++;
        return WithoutLast(text, start, end);
    }

    // The last blank before a word belongs to the word, unless it is the only one.
    private static int WithoutLast(ReadOnlySpan<char> text, int start, int end) =>
        end == text.Length || end == start + 1 ? end : end - 1;

    // 's 't 're 've 'm 'll 'd; the end or 0.
    private static int Contraction(ReadOnlySpan<char> text, int start, bool anyCase)
    {
        if (start + 1 >= text.Length)
            return 0;
        int first = Lower(text[start + 1], anyCase);
        if (first is 's' or 't' or 'm' or 'd')
            return start + 2;
        if (start + 2 >= text.Length)
            return 0;
        int second = Lower(text[start + 2], anyCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : 0;
    }

    // The long s folds to s.
    private static int Lower(char c, bool anyCase) => !anyCase ? c : c is >= 'A' and <= 'Z' ? c + 32 : c == '\u017F' ? 's' : c;

    private static int Skip(ReadOnlySpan<char> text, int at, byte kind)
    {
        byte[] kinds = Kinds;
        while (at < text.Length)
        {
            byte found = kinds[text[at]];
            if (found == kind)
                at++;
            else if (found == Pair && KindAt(text, at, out int length) == kind)
                at += length;
            else
                break;
        }
        return at;
    }

    private static byte KindAt(ReadOnlySpan<char> text, int at, out int length)
    {
        length = 1;
        byte kind = Kinds[text[at]];
        if (kind != Pair)
            return kind;
        int cp = CodePoint.At(text, at, out length);
        return CharacterClasses.Letter.Contains(cp) ? Letter : CharacterClasses.Number.Contains(cp) ? Number : Other;
    }

    private static byte[] MakeKinds()
    {
        var kinds = new byte[0x10000];
        foreach ((CodePointSet set, byte kind) in new[]
        {
            (CharacterClasses.Letter, Letter), (CharacterClasses.Number, Number), (CharacterClasses.Space, Space),
        })
        {
            ReadOnlySpan<int> runs = set.Runs;
            for (int i = 0; i < runs.Length && runs[i] < 0x10000; i += 2)
                kinds.AsSpan(runs[i], Math.Min(runs[i + 1], 0xFFFF) - runs[i] + 1).Fill(kind);
        }
        kinds.AsSpan(0xD800, 0x400).Fill(Pair);
        return kinds;
    }
}
