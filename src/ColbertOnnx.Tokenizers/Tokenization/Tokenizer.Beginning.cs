using System.Globalization;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <content>
/// A limit makes the end of a long text pointless. Its beginning is tokenized up to a place where nothing joins, and of
/// its tokens those count which the whole text must have as well, because every part of the way says so: normalizers and
/// added tokens when they did not see the end, pre-tokenizers with the number of pieces that are certain. When these are
/// not more than the limit, a longer beginning is tried, and at last the whole text.
/// </content>
public sealed partial class Tokenizer
{
    private const int CharactersPerToken = 6, LeastBeginning = 256, Growth = 4;

    // What looking for added tokens across a cut may take.
    private const int StepsAtCut = 65_536;

    [ThreadStatic]
    private static long lastSteps, lastLooks;

    /// <summary>
    /// For tests: the steps that this thread's last text took in loops which could take more of them than it has characters.
    /// </summary>
    internal static long LastSteps => lastSteps;

    /// <summary>For tests: how often this thread's last text looked whether it was stopped.</summary>
    internal static long LastLooks => lastLooks;

    private bool TokenizeBeginning(ReadOnlySpan<char> text, Workspace workspace, int limit, TokenizeOptions options)
    {
        if (options.TruncationSide != TokenSide.Right) return false;
        for (long length = LeastBeginning + (long)limit * CharactersPerToken; length <= text.Length / 2; length *= Growth)
        {
            if (!SplitBeginning(text, (int)length, workspace, options)) continue;
            Tokenize(workspace, limit, TokenSide.Right);
            if (workspace.Tokens.Count > limit) return true;
        }

        return false;
    }

    /// <summary>For tests: the tokens, without a template, that are certain of about so much of the text; false when nothing is.</summary>
    internal bool EncodeBeginning(ReadOnlySpan<char> text, int length, TokenBuffer output)
    {
        var workspace = new Workspace();
        workspace.Guard.Begin(text.Length, CancellationToken.None);
        if (!SplitBeginning(text, length, workspace, new TokenizeOptions { Offsets = true })) return false;
        Tokenize(workspace, int.MaxValue, TokenSide.Right);
        Fill(text, workspace, output, bareTemplate, int.MaxValue, new TokenizeOptions { Offsets = true });
        return true;
    }

    private bool SplitBeginning(ReadOnlySpan<char> text, int length, Workspace workspace, TokenizeOptions options)
    {
        int cut = FindCut(text, length);
        return cut >= 0 && Split(text[..cut], workspace, options, isPrefix: true);
    }

    /// <summary>
    /// A place at or before <paramref name="length"/> where no normalization joins anything and no added token may lie across; -1 when none
    /// is near.
    /// </summary>
    private int FindCut(ReadOnlySpan<char> text, int length)
    {
        int steps = StepsAtCut;
        for (int cut = length; cut > length / 2 && steps >= 0; cut--)
        {
            if (IsApart(text[cut - 1]) && (IsApart(text[cut]) || text[cut] is ' ' or '\n')
                && !added.Raw.IsOpenAtEnd(text[..cut], ref steps))
                return cut;
        }

        return -1;
    }

    // A letter or a digit that no normalization form changes or joins to what is before it, and that begins a grapheme:
    // the conjoining jamo do not, and U+0D4E goes with what follows.
    private static bool IsApart(char c)
    {
        if (c < 0x80) return char.IsAsciiLetterOrDigit(c);
        return NormalizationData.IsInert(c) && !NormalizationData.IsHangulTail(c)
            && UnicodeData.Category(c) is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            && c is not ((>= '\u1100' and <= '\u11FF') or (>= '\uA960' and <= '\uA97F') or (>= '\uD7B0' and <= '\uD7FF') or '\u0D4E');
    }
}
