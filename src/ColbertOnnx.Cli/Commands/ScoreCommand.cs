using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Cli.Commands;

/// <summary>MaxSim ranking of the texts of the inputs; holds the best ones only, not the corpus.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var query = new Option<string>("--query", "-q") { Description = "The query itself.", HelpName = "TEXT", Required = true };
        var top = new Option<int>("--top") { Description = "How many of the best texts are shown; 0 for all of them.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "JSON Lines: rank, score, id, location, text." };
        top.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 0) result.AddError("--top cannot be negative.");
        });
        var model = new ModelSwitches();
        var input = new InputSwitches();
        var command = new Command("score", "Ranks texts by their MaxSim score for a query: rank, score, id or place, text.") { query, top, json };
        input.AddTo(command);
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            IEnumerable<InputItem> items = input.Read(parsed);
            int most = parsed.GetValue(top) == 0 ? int.MaxValue : parsed.GetValue(top);
            using ColbertModel opened = model.Open(parsed, terminal);
            ColbertEmbedding asked = opened.EncodeQueries([parsed.GetRequiredValue(query)], terminal.Cancellation)[0];
            // The worst of the best on top. Of equal scores the earlier text is better.
            var best = new PriorityQueue<ColbertEmbedding, (float Score, long Order)>();
            var run = new EncodeRun(terminal, opened, new EncodeOptions(TextKind.Document));
            long count = 0;
            run.Run(items, document =>
            {
                var entry = (MaxSim.Score(asked, document), -++count);
                if (best.Count < most) best.Enqueue(Light(document), entry);
                else if (best.TryPeek(out _, out var worst) && entry.CompareTo(worst) > 0) best.EnqueueDequeue(Light(document), entry);
            });

            Write(terminal, best, parsed.GetValue(json));
            if (count > most) terminal.Note($"the best {most} of {count} texts; --top shows more.");
            return run.ExitCode;
        });
        return command;
    }

    // Without its vectors, which would be all of the memory.
    private static ColbertEmbedding Light(ColbertEmbedding document) =>
        new(document.Kind, document.Text, default, document.Dimension) { Id = document.Id, Source = document.Source };

    private static void Write(Terminal terminal, PriorityQueue<ColbertEmbedding, (float Score, long Order)> best, bool json)
    {
        var ranking = new List<(ColbertEmbedding Document, float Score)>(best.Count);
        while (best.TryDequeue(out ColbertEmbedding? document, out var entry)) ranking.Add((document, entry.Score));
        ranking.Reverse();
        for (int i = 0; i < ranking.Count; i++)
        {
            (ColbertEmbedding document, float score) = ranking[i];
            if (json) WriteJson(terminal.Output, i + 1, score, document);
            else terminal.Text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1}\t{score:F4}\t{OneLine(document.Id ?? (string)document.Source!)}\t{OneLine(document.Text)}"));
        }

        terminal.Flush();
    }

    private static void WriteJson(Stream output, int rank, float score, ColbertEmbedding document)
    {
        using (var writer = new Utf8JsonWriter(output, JsonArrays.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("rank", rank);
            writer.WriteNumber("score", score);
            writer.WriteText("id", document.Id);
            writer.WriteText("location", (string)document.Source!);
            writer.WriteText("text", document.Text);
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    // A tab or a line break inside a text would be a column or a row.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
