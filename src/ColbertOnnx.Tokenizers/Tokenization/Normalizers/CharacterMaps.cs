using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Normalizers;

/// <summary>Changes that several normalizers are made of.</summary>
internal static class CharacterMaps
{
    [ThreadStatic]
    private static CodePointBuffer? output;

    [ThreadStatic]
    private static int[]? input;

    /// <summary>Takes out every code point that <paramref name="removes"/> says; the others keep their places.</summary>
    public static void Remove(this NormalizedText text, Func<int, bool> removes)
    {
        int first = text.FindFirst(removes);
        if (first < 0) return;
        text.BeginRewrite();
        text.Keep(first);
        for (int look = first; !text.IsAtEnd;)
        {
            if (text.Position >= look) look = text.Guard.Look(text.Position);
            bool gone = removes(text.Next(out int units));
            if (gone) text.Skip(units);
            else text.Keep(units);
        }

        text.EndRewrite();
    }

    /// <summary>Puts one code point in place of another; both must be in the basic plane.</summary>
    public static void Map(this NormalizedText text, Func<char, char> map)
    {
        Span<char> chars = text.WritableChars;
        for (int i = 0, look = TextGuard.Stride; i < chars.Length; i++)
        {
            if (i >= look) look = text.Guard.Look(i);
            chars[i] = map(chars[i]);
        }
    }

    /// <summary>Rust's to_lowercase, each code point alone.</summary>
    public static void Lowercase(this NormalizedText text)
    {
        Span<int> lower = stackalloc int[2];
        int first = text.FindFirst(static cp => IsChangedByLower(cp));
        if (first < 0) return;
        text.BeginRewrite();
        text.Keep(first);
        while (!text.IsAtEnd)
        {
            int count = UnicodeData.ToLower(text.Next(out _), lower);
            text.Put(lower[0], 0);
            if (count == 2) text.Put(lower[1], 1);
        }

        text.EndRewrite();
    }

    /// <summary>Writes the new code points and their changes; false when nothing changes.</summary>
    internal delegate bool Changes(ReadOnlySpan<int> codePoints, CodePointBuffer changed);

    public static void Normalize(this NormalizedText text, UnicodeForm form)
    {
        if (!text.Chars.ContainsAnyExceptInRange('\0', '\x9F')) return;
        Span<int> codePoints = CodePointsOf(text);
        if (Normalization.Normalize(form, codePoints, output!)) text.Replace(output!);
    }

    /// <summary>Puts a whole new text in the place of this one.</summary>
    public static void Change(this NormalizedText text, Changes change)
    {
        if (change(CodePointsOf(text), output!)) text.Replace(output!);
    }

    private static Span<int> CodePointsOf(NormalizedText text)
    {
        if (input is null || input.Length < text.Length) input = new int[text.Guard.RoomFor(text.Length)];
        output ??= new CodePointBuffer();
        output.Guard = text.Guard;
        int count = 0;
        ReadOnlySpan<char> chars = text.Chars;
        for (int i = 0, look = TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            input[count++] = CodePoint.At(chars, i, out int units);
            i += units;
        }

        return input.AsSpan(0, count);
    }

    private static void Replace(this NormalizedText text, CodePointBuffer changed)
    {
        text.BeginRewrite();
        ReadOnlySpan<int> codePoints = changed.CodePoints, changes = changed.Changes;
        for (int i = 0; i < codePoints.Length; i++)
            text.Put(codePoints[i], changes[i]);
        text.Skip(text.Length);
        text.EndRewrite();
    }

    public static int FindFirst(this NormalizedText text, Func<int, bool> isWanted)
    {
        ReadOnlySpan<char> chars = text.Chars;
        for (int i = 0, look = TextGuard.Stride; i < chars.Length;)
        {
            if (i >= look) look = text.Guard.Look(i);
            if (isWanted(CodePoint.At(chars, i, out int units))) return i;
            i += units;
        }

        return -1;
    }

    private static bool IsChangedByLower(int cp)
    {
        if (cp < 0x80) return cp is >= 'A' and <= 'Z';
        Span<int> lower = stackalloc int[2];
        return UnicodeData.ToLower(cp, lower) == 2 || lower[0] != cp;
    }
}
