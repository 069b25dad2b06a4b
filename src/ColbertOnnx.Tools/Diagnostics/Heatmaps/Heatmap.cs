using System.Globalization;

namespace ColbertOnnx.Diagnostics.Heatmaps;

/// <summary>What a heat map shows: the cosine of each query row with each document row, and words for both.</summary>
internal sealed class Heatmap
{
    private const int MostLabel = 24;
    private readonly float[] cosines;

    public Heatmap(ColbertSimilarity similarity)
    {
        Similarity = similarity;
        ColbertEmbedding query = similarity.Query, document = similarity.Document;
        (Rows, Columns) = (query.TokenCount, document.TokenCount);
        QueryWords = [.. (similarity.QueryTokens ?? Numbers(Rows)).Select(Plain)];
        DocumentWords = [.. (similarity.DocumentTokens ?? Numbers(Columns)).Select(Plain)];
        // A document of one row at a time: every query row takes that one.
        cosines = new float[Rows * Columns];
        var column = new float[Rows];
        for (int j = 0; j < Columns; j++)
        {
            MaxSim.Match(query.Values.Span, document.Row(j), query.Dimension, [], column);
            for (int i = 0; i < Rows; i++) cosines[(i * Columns) + j] = column[i];
        }

        Best = [.. similarity.Matches.Select(match => match.DocumentRow)];
    }

    public ColbertSimilarity Similarity { get; }

    public int Rows { get; }

    public int Columns { get; }

    public IReadOnlyList<string> QueryWords { get; }

    public IReadOnlyList<string> DocumentWords { get; }

    /// <summary>For each query row the column that it took.</summary>
    public IReadOnlyList<int> Best { get; }

    public float this[int row, int column] => cosines[(row * Columns) + column];

    /// <summary>What one cell says to who points at it.</summary>
    public string Tip(int row, int column) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{QueryWords[row]} × {DocumentWords[column]}: {this[row, column]:F4}{(Best[row] == column ? ", the best of its row" : "")}");

    /// <summary>A text that fits: in one line, and cut where it is longer.</summary>
    public static string Short(string text, int most = MostLabel)
    {
        string line = Plain(text);
        if (line.Length <= most) return line;
        int end = char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1;
        return line[..end] + "…";
    }

    // Neither controls nor what XML forbids.
    private static string Plain(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c is '\uFFFE' or '\uFFFF' ? '\uFFFD' : c));

    private static IEnumerable<string> Numbers(int count) =>
        Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture));
}
