using System.CommandLine;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Options;

/// <summary>INPUT… and what it is read as; one set for all commands that read texts.</summary>
internal sealed class InputSwitches
{
    private readonly Argument<string[]> inputs = new("INPUT")
    {
        Description = "Text file (a text a line), .jsonl, .csv, .tsv, .json with {\"texts\": […]} or {\"documents\": […]}, or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> format = new("--input-format")
    {
        Description = "What INPUT is, whatever its extension says. Standard input is text unless this says otherwise.",
        HelpName = "text|jsonl|csv|tsv|json",
    };

    private readonly Option<string> textField = new("--text-field") { Description = "Field or column of the text.", HelpName = "NAME", DefaultValueFactory = _ => "text" };
    private readonly Option<string> idField = new("--id-field") { Description = "Field or column of the text's id.", HelpName = "NAME", DefaultValueFactory = _ => "id" };

    /// <param name="isOptional">The command can do without any input.</param>
    public InputSwitches(bool isOptional = false)
    {
        if (isOptional) inputs.Arity = ArgumentArity.ZeroOrMore;
        format.AcceptOnlyFromAmong("text", "jsonl", "csv", "tsv", "json");
    }

    public void AddTo(Command command)
    {
        command.Add(inputs);
        command.Add(format);
        command.Add(textField);
        command.Add(idField);
    }

    public IReadOnlyList<string> PathsOf(ParseResult parsed) => parsed.GetValue(inputs) ?? [];

    /// <summary>Opens the inputs one after the other; one that is not there is an error before anything runs.</summary>
    public IEnumerable<InputItem> Read(ParseResult parsed) => Read(parsed, parsed.GetRequiredValue(inputs));

    /// <summary>Other files, read as these options say.</summary>
    public IEnumerable<InputItem> Read(ParseResult parsed, string[] paths)
    {
        var options = new InputOptions
        {
            Format = FormatNamed(parsed.GetValue(format)),
            TextField = parsed.GetRequiredValue(textField),
            IdField = parsed.GetRequiredValue(idField),
        };
        foreach (string path in paths)
        {
            if (path != "-") InputReader.Check(path);
        }

        return paths.SelectMany(path => path == "-" ? InputReader.Read(Terminal.OpenInput(), "standard input", options) : InputReader.ReadFile(path, options));
    }

    private static InputFormat? FormatNamed(string? name) => name switch
    {
        "text" => InputFormat.Text,
        "jsonl" => InputFormat.JsonLines,
        "csv" => InputFormat.Csv,
        "tsv" => InputFormat.Tsv,
        "json" => InputFormat.Json,
        _ => null,
    };
}
