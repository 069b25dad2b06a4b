using System.Globalization;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli.Demo;

/// <summary>The demo's page: plain text, the same on every machine but for the last digits of the scores.</summary>
internal static class DemoReport
{
    private const int Width = 76;
    private const int MatchesShown = 4;

    public static void Write(Terminal terminal, ColbertModel model, string question, string[] texts)
    {
        var tokens = new ColbertEncodeOptions { IncludeTokens = true };
        ColbertEmbedding query = model.EncodeQueries([question], tokens, terminal.Cancellation)[0];
        IReadOnlyList<ColbertEmbedding> documents = model.EncodeDocuments(texts, tokens, terminal.Cancellation);
        terminal.Line($"Model     {model.Name}, dimension {model.Dimension}");
        terminal.Line($"Question  {question}");
        terminal.Line($"          {query.TokenCount} tokens, against {documents.Sum(d => d.TokenCount)} of {documents.Count} texts");

        int rank = 0;
        foreach ((ColbertEmbedding document, float score) in documents.Select(d => (d, MaxSim.Score(query, d)))
            .OrderByDescending(pair => pair.Item2))
        {
            terminal.Line("");
            string head = string.Create(CultureInfo.InvariantCulture, $"{++rank,2}. {score,5:F2}  ");
            foreach (string line in Wrap(document.Text, Width - head.Length))
            {
                terminal.Line(head + line);
                head = new string(' ', head.Length);
            }

            IReadOnlyList<(string Query, string Document)> matches = WordMatches.Of(query, document, MatchesShown);
            if (rank <= 3 && matches.Count > 0) terminal.Line(head + string.Join(", ", matches.Select(m => $"{m.Query} = {m.Document}")));
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
