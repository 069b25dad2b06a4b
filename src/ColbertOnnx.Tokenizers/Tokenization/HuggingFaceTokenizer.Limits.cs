using Microsoft.ML.Tokenizers;

namespace ColbertOnnx.Tokenization;

/// <content>What of a text a number of tokens covers.</content>
public sealed partial class HuggingFaceTokenizer
{
    private int SpecialTokens => AddSpecialTokens ? inner.SpecialTokenCount : 0;

    // Where the text ends that the first tokens have to themselves.
    private int Covered(ReadOnlySpan<char> text, EncodeSettings settings)
    {
        int room = settings.MaxTokenCount - SpecialTokens;
        if (room <= 0) return 0;
        var content = new TokenBuffer();
        inner.Encode(text, content, OptionsOf(settings) with { AddSpecialTokens = false, MaxLength = room + 1, Offsets = true });
        return EndOf(content.Offsets, ref room);
    }

    private int FindBeginning(ReadOnlySpan<char> text, EncodeSettings settings, out int tokenCount)
    {
        if (Fits(text, settings, out tokenCount)) return text.Length;
        int room = settings.MaxTokenCount - SpecialTokens;
        var content = new TokenBuffer();
        if (room > 0)
            inner.Encode(text, content, OptionsOf(settings) with { AddSpecialTokens = false, MaxLength = room + 1, Offsets = true });
        while (true)
        {
            int end = EndOf(content.Offsets, ref room);
            // By itself the beginning may have other tokens than in the whole text, and more of them.
            int count = CountAll(text[..end], settings);
            if (count <= settings.MaxTokenCount || end == 0) return AtLimit(end, count, settings, out tokenCount);
            room -= Math.Max(1, count - settings.MaxTokenCount);
        }
    }

    private int FindEnd(ReadOnlySpan<char> text, EncodeSettings settings, out int tokenCount)
    {
        if (Fits(text, settings, out tokenCount)) return 0;
        int room = settings.MaxTokenCount - SpecialTokens;
        var content = new TokenBuffer();
        if (room > 0)
            inner.Encode(text, content, OptionsOf(settings) with { AddSpecialTokens = false, MaxLength = int.MaxValue, Offsets = true });
        while (true)
        {
            int start = StartOf(content.Offsets, ref room, text.Length);
            int count = CountAll(text[start..], settings);
            if (count <= settings.MaxTokenCount || start == text.Length) return AtLimit(start, count, settings, out tokenCount);
            room -= Math.Max(1, count - settings.MaxTokenCount);
        }
    }

    // A character may be several tokens: it is not divided.
    private static int EndOf(ReadOnlySpan<(int Start, int End)> offsets, ref int count)
    {
        count = Math.Min(count, offsets.Length);
        while (count > 0 && count < offsets.Length && offsets[count].Start < offsets[count - 1].End) count--;
        return count <= 0 ? 0 : offsets[count - 1].End;
    }

    private static int StartOf(ReadOnlySpan<(int Start, int End)> offsets, ref int count, int length)
    {
        count = Math.Min(count, offsets.Length);
        while (count > 0 && count < offsets.Length && offsets[^count].Start < offsets[^(count + 1)].End) count--;
        return count <= 0 ? length : offsets[^count].Start;
    }

    private static int AtLimit(int index, int count, EncodeSettings settings, out int tokenCount)
    {
        // Not even nothing has room beside the special tokens.
        tokenCount = count <= settings.MaxTokenCount ? count : 0;
        return index;
    }

    private bool Fits(ReadOnlySpan<char> text, EncodeSettings settings, out int tokenCount)
    {
        TokenBuffer buffer = Encode(text, settings, offsets: false);
        tokenCount = buffer.Count;
        return Return(buffer, !buffer.IsTruncated);
    }

    private int CountAll(ReadOnlySpan<char> text, EncodeSettings settings)
    {
        settings.MaxTokenCount = int.MaxValue;
        TokenBuffer buffer = Encode(text, settings, offsets: false);
        return Return(buffer, buffer.Count);
    }
}
