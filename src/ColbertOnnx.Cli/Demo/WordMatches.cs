using System.Collections.Frozen;

namespace ColbertOnnx.Cli.Demo;

/// <summary>Which word of the document answered which word of the query: tokens, put together to words.</summary>
internal static class WordMatches
{
    private static readonly FrozenSet<string> FunctionWords = FrozenSet.ToFrozenSet(
        ("a all an and are as at be because before but by can cannot do does far for from had has have how in instead into is it its "
        + "more most much no not of off on "
        + "me my never once or our out really say since so than that the their then there they this to us was we were what when where "
        + "which who why will with you your").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The strongest pairs, in the order of the query, without function words.</summary>
    public static IReadOnlyList<(string Query, string Document)> Of(ColbertEmbedding query, ColbertEmbedding document, int most)
    {
        if (query.TokenOffsets is not { } queryOffsets || document.TokenOffsets is not { } documentOffsets) return [];
        var matches = new int[query.TokenCount];
        var dots = new float[query.TokenCount];
        MaxSim.Match(query.Values.Span, document.Values.Span, query.Dimension, matches, dots);

        var best = new Dictionary<(int Start, int End), (string Document, float Dot)>();
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i] < 0) continue;
            (int Start, int End) word = WordAt(query.Text, queryOffsets[i]);
            (int Start, int End) match = WordAt(document.Text, documentOffsets[matches[i]]);
            string asked = query.Text[word.Start..word.End];
            string found = document.Text[match.Start..match.End];
            if (!IsContent(asked) || !IsContent(found)) continue;
            if (!best.TryGetValue(word, out var known) || dots[i] > known.Dot) best[word] = (found, dots[i]);
        }

        return
        [
            .. best.OrderByDescending(pair => pair.Value.Dot).Take(most).OrderBy(pair => pair.Key.Start)
                .Select(pair => (query.Text[pair.Key.Start..pair.Key.End], pair.Value.Document)),
        ];
    }

    // Special tokens stand for no word, and function words match everywhere.
    private static bool IsContent(string word) => word.Length > 0 && !FunctionWords.Contains(word);

    private static (int Start, int End) WordAt(string text, (int Start, int End) token)
    {
        if (token.End <= token.Start || !char.IsLetterOrDigit(text[token.Start])) return (0, 0);
        (int start, int end) = token;
        while (start > 0 && char.IsLetterOrDigit(text[start - 1])) start--;
        while (end < text.Length && char.IsLetterOrDigit(text[end])) end++;
        return (start, end);
    }
}
