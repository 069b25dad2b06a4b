using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Commands;

/// <summary>What the tokenizer makes of texts, as JSON Lines.</summary>
internal static class TokenizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model", "-m")
        {
            Description = "Model folder, a model's name on the hub (owner/name), or a tokenizer.json; without it the embedded model.",
            HelpName = "DIR|TOKENIZER.json",
        };
        Option<string?> revision = ModelSwitches.Revision();
        var query = new Option<bool>("--query") { Description = "The model input of a query: prefix, truncation, expansion." };
        var document = new Option<bool>("--document") { Description = "The model input of a document." };
        var prefixes = new PrefixSwitches();
        var input = new InputSwitches();
        var command = new Command(
            "tokenize",
            "Ids, pieces and offsets of texts, as JSON Lines; of the tokenizer alone unless --query or --document is given.")
            {
                model, revision, query, document,
            };
        input.AddTo(command);
        prefixes.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(query) && result.GetValue(document)) result.AddError("A text is either --query or --document.");
            if (!result.GetValue(query) && !result.GetValue(document) && prefixes.AreGiven(result))
                result.AddError("The tokenizer alone knows neither prefixes nor prompts: add --query or --document.");
        });
        command.SetAction(parsed =>
        {
            TextKind? kind = parsed.GetValue(query) ? TextKind.Query : parsed.GetValue(document) ? TextKind.Document : null;
            string? path = PathOf(parsed.GetValue(model), parsed.GetValue(revision), terminal);
            ColbertTokenizer tokenizer = ColbertTokenizer.Open(path, kind, prefixes.AddTo(new ColbertModelOptions(), parsed));
            foreach (string warning in tokenizer.Warnings) terminal.Note(warning);
            int code = Application.Done;
            foreach (InputItem item in InputAhead.Read(input.Read(parsed), terminal.Flush, terminal.Cancellation))
            {
                try
                {
                    if (item.Error is { } bad) throw bad;
                    terminal.Text.WriteLine(tokenizer.Tokenize(item.Text, terminal.Cancellation).ToJson());
                }
                catch (ColbertException error) when (error.Id == ColbertErrorId.InputInvalid)
                {
                    // One bad text does not end the others.
                    terminal.Report(new ColbertException(
                        error.Id, item.Error is null ? $"{item.Location}: {error.Message}" : error.Message, error.Target,
                        error.Action, error));
                    code = Application.WrongUsage;
                }
            }

            terminal.Flush();
            return code;
        });
        return command;
    }

    // A file that is not there is not a name of the hub, which may have dots.
    private static string? PathOf(string? named, string? revision, Terminal terminal)
    {
        bool isFile = named?.EndsWith(".json", StringComparison.OrdinalIgnoreCase) == true;
        return isFile && revision is null ? named : ModelSwitches.Folder(named, revision, isQuantized: false, terminal);
    }
}
