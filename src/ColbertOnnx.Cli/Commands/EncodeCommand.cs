using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Cli.Commands;

internal static class EncodeCommand
{
    public static Command Create(Terminal terminal)
    {
        var query = new Option<bool>("--query") { Description = "The texts are queries." };
        var document = new Option<bool>("--document") { Description = "The texts are documents." };
        var output = new Option<string>("--output", "-o")
        {
            Description = "A folder (an npy file for each text), a file .npz or .jsonl, or - for JSON Lines on standard output.",
            HelpName = "OUT",
            Required = true,
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var tokens = new Option<bool>("--include-tokens") { Description = "Write token ids and offsets too (JSON Lines)." };
        var model = new ModelSwitches();
        var input = new InputSwitches();
        var command = new Command("encode", "Encodes texts: a matrix for each, a unit vector for each token, in the order of the input.") { query, document, output, force, tokens };
        input.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            // Their vectors differ, and no result shows that the wrong one was taken.
            if (result.GetValue(query) == result.GetValue(document)) result.AddError("Say what the texts are: either --query or --document.");
        });
        command.SetAction(parsed =>
        {
            TextKind kind = parsed.GetValue(query) ? TextKind.Query : TextKind.Document;
            IEnumerable<InputItem> items = input.Read(parsed);
            string target = parsed.GetRequiredValue(output);
            using IEmbeddingWriter writer = target == "-"
                ? new JsonLinesWriter(terminal.Output)
                : EmbeddingWriter.Open(target, new EmbeddingWriterOptions { Force = parsed.GetValue(force), Kind = kind });
            using ColbertModel opened = model.Open(parsed, terminal);
            var run = new EncodeRun(terminal, opened, new EncodeOptions(kind) { IncludeTokens = parsed.GetValue(tokens) }) { Skipped = () => writer.Skip(kind) };
            run.Run(items, writer.Write, terminal.Flush);
            writer.Complete();
            return run.ExitCode;
        });
        return command;
    }
}
