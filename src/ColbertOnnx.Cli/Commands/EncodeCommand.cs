using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Commands;

internal static class EncodeCommand
{
    public static Command Create(Terminal terminal)
    {
        var query = new Option<bool>("--query") { Description = "The texts are queries." };
        var document = new Option<bool>("--document") { Description = "The texts are documents." };
        var output = new Option<string>("--output", "-o")
        {
            Description =
                "A folder (an npy file for each text), a file .npz, .safetensors, .parquet or .jsonl, or - for JSON Lines on "
                    + "standard output.",
            HelpName = "OUT",
            Required = true,
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var tokens = new Option<bool>("--include-tokens") { Description = "Write token ids and offsets too." };
        var text = new Option<bool>("--include-text")
        {
            Description = "Write the texts into .parquet too; the other formats always have them.",
        };
        Option<EmbeddingType?> type = NamedValues.Option<EmbeddingType>(
            "--type", "How vectors are written. Default: float32, in .parquet float16.", "float32", "float16", "int8", "binary");
        var layout = new Option<string?>("--layout")
        {
            Description = "Of .safetensors: one tensor with offsets, or one for each text. Default: flat.",
            HelpName = "flat|per-text",
        };
        layout.AcceptOnlyFromAmong("flat", "per-text");
        var resume = new Option<bool>("--resume")
        {
            Description =
                "Keep what is written when the run is interrupted; the same command again goes on with it, and does nothing where "
                    + "all is done.",
        };
        var keepGoing = new Option<bool?>("--keep-going")
        {
            Description = "Encode the other texts where one cannot be; OUT.errors.jsonl has those that could not. Default: true.",
            HelpName = "true|false",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new ModelSwitches();
        var input = new InputSwitches(hasShards: true);
        var command = new Command(
            "encode",
            "Encodes texts: a matrix for each, a unit vector for each token, in the order of the input.")
            {
                query, document, output, force, tokens, text, type, layout, resume, keepGoing,
            };
        input.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            // Their vectors differ, and no result shows that the wrong one was taken.
            if (result.GetValue(query) == result.GetValue(document))
                result.AddError("Say what the texts are: either --query or --document.");
            if (result.Given(output) is ["-"] && (result.GetValue(resume) || result.IsGiven(layout)))
                result.AddError("Standard output knows neither --resume nor --layout: name a file.");
        });
        command.SetAction(parsed =>
        {
            TextKind kind = parsed.GetValue(query) ? TextKind.Query : TextKind.Document;
            IEnumerable<InputItem> items = input.Read(parsed);
            string target = parsed.GetRequiredValue(output);
            var how = new ColbertEmbeddingFileOptions
            {
                Force = parsed.GetValue(force),
                Type = parsed.GetValue(type),
                IncludeText = parsed.GetValue(text),
                IncludeTokens = parsed.GetValue(tokens),
                Layout = parsed.GetValue(layout) switch
                {
                    "flat" => EmbeddingLayout.Flat,
                    "per-text" => EmbeddingLayout.PerText,
                    _ => null,
                },
            };
            bool keepsGoing = !parsed.CommandResult.IsGiven(keepGoing) || (parsed.GetValue(keepGoing) ?? true);
            // The model is opened with it too; as that of a call it is a warning where such texts are not pooled.
            var encode = new ColbertEncodeOptions { PoolFactor = model.OptionsOf(parsed).PoolFactor };
            if (target != "-")
            {
                var options = new ColbertRunOptions
                {
                    Kind = kind,
                    Inputs = input.PathsOf(parsed),
                    ReadAs = input.Options(parsed),
                    Shard = input.ShardOf(parsed),
                    File = how,
                    EncodedWith = encode,
                    Resume = parsed.GetValue(resume),
                };
                return FileRun.Run(terminal, new FutureModel(model, parsed, terminal), target, options, items, keepsGoing);
            }

            using var writer = new ColbertEmbeddingWriter(terminal.Output, how.Type ?? EmbeddingType.Float32);
            using ColbertModel opened = model.Open(parsed, terminal);
            var run = new EncodeRun(terminal, opened, kind, encode with { IncludeTokens = how.IncludeTokens == true })
            {
                KeepsGoing = keepsGoing,
            };
            run.Run(items, writer.Write, terminal.Flush);
            writer.Complete();
            return run.State.ExitCode;
        });
        return command;
    }
}
