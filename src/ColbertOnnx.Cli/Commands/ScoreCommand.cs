using System.CommandLine;
using System.Globalization;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Diagnostics.Heatmaps;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Commands;

/// <summary>MaxSim ranking of the texts of the inputs, or of embeddings of them; holds the best ones only, not the corpus.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var query = new Option<string>("--query", "-q") { Description = "The query itself.", HelpName = "TEXT", Required = true };
        var top = new Option<int>("--top")
        {
            Description = "How many of the best texts are shown; 0 for all of them.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        var json = new Option<bool>("--json") { Description = "JSON Lines: rank, score, id, location, text." };
        var withMatches = new Option<bool>("--include-matches")
        {
            Description = "With --json, for each token of the query the token of the text that it took, and their cosine.",
        };
        top.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 0)
                result.AddError("--top cannot be negative.");
        });
        var heatmap = new Option<string?>("--heatmap")
        {
            Description = "Draws the texts that are shown as heat maps into an .html file, or the best one alone into an .svg file.",
            HelpName = "FILE",
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replaces the heat map that is there." };
        var stored = new Option<string[]>("--embeddings")
        {
            Description = "Rank these instead of INPUT: what encode --document has written, in any format, or another program.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var model = new ModelSwitches();
        var input = new InputSwitches(isOptional: true);
        var command = new Command(
            "score",
            "Ranks texts, or embeddings, by their MaxSim score for a query: rank, score, id or place, text.")
            {
                query, stored, top, json, withMatches, heatmap, force,
            };
        command.Validators.Add(result =>
        {
            bool hasTexts = input.PathsOf(result).Count > 0, isStored = result.IsGiven(stored);
            if (hasTexts && isStored) result.AddError("INPUT and --embeddings are two corpora: give one of them.");
            if (!hasTexts && !isStored) result.AddError("Give INPUT, the texts to rank, or embeddings of them with --embeddings.");
            if (result.Given(stored).FirstOrDefault(name => name.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
                result.AddError($"Unrecognized command or argument '{unknown}'.");
            if (result.Given(stored).Contains("-"))
                result.AddError("--embeddings names files: embeddings are not read from standard input.");
            if (isStored && input.OptionIn(result) is { } idle)
                result.AddError($"{idle} says how texts are read, and --embeddings has none to read.");
            if (isStored && model.DocumentOptionIn(result) is { } unused)
                result.AddError($"{unused} says how documents are encoded, and --embeddings has none to encode.");
            if (result.GetValue(withMatches) && !result.GetValue(json)) result.AddError("--include-matches needs --json.");
        });
        input.AddTo(command);
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] files = parsed.GetValue(stored) ?? [];
            var documents = StoredDocuments.Open(files, terminal);
            IEnumerable<InputItem> items = input.Read(parsed);
            int most = parsed.GetValue(top) == 0 ? int.MaxValue : parsed.GetValue(top);
            string? drawing = parsed.GetValue(heatmap);
            if (drawing is not null) HeatmapFile.Check(drawing, parsed.GetValue(force));
            using ColbertModel opened = model.Open(parsed, terminal);
            ColbertEmbedding asked = Encode(opened, parsed.GetRequiredValue(query), terminal.Cancellation);
            bool matches = parsed.GetValue(withMatches), isWhole = matches || drawing is not null;
            var ranking = new ColbertRanking([asked], most, isLight: !isWhole);
            var run = new EncodeRun(terminal, opened, TextKind.Document, new ColbertEncodeOptions { IncludeTokens = isWhole });
            if (files.Length > 0)
            {
                if (isWhole) ranking.Tokens = opened.CreateTokenSource();
                StoredDocuments.Rank(documents, ranking, terminal);
            }
            else
            {
                run.Run(items, ranking.Add);
            }

            IReadOnlyList<ColbertSimilarity> best = ranking.Best();
            foreach (ColbertSimilarity similarity in best) Write(terminal, similarity, parsed.GetValue(json), matches);
            terminal.Flush();
            if (ranking.Count + run.State.Bad == 0) terminal.Note($"There are no {(files.Length > 0 ? "embeddings" : "texts")} to rank.");
            if (ranking.Count > most) terminal.Note($"the best {most} of {ShownText.Count(ranking.Count, "text")}; --top shows more.");
            if (drawing is not null && best.Count > 0)
                HeatmapFile.Write(drawing, HeatmapFile.IsSvg(drawing) ? [best[0]] : best, parsed.GetValue(force));
            return run.State.ExitCode;
        });
        return command;
    }

    // With its tokens, which the matches name.
    private static ColbertEmbedding Encode(ColbertModel model, string text, CancellationToken cancellation) =>
        model.EncodeQueries([text], new ColbertEncodeOptions { IncludeTokens = true }, cancellation)[0];

    private static void Write(Terminal terminal, ColbertSimilarity similarity, bool json, bool withMatches)
    {
        ColbertEmbedding document = similarity.Document;
        if (json) terminal.Text.WriteLine(similarity.ToJson(withMatches));
        // A tab or a line break inside a text would be a column or a row.
        else
            terminal.Text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{similarity.Rank}\t{similarity.Score:F4}\t{ShownText.Whole(document.Id ?? (string)document.Source!)}\t"
                    + $"{ShownText.Whole(document.Text)}"));
    }
}
