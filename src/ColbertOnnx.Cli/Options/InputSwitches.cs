using System.CommandLine;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Options;

/// <summary>INPUT… and what it is read as; one set for all commands that read texts.</summary>
internal sealed class InputSwitches
{
    /// <summary>What errors call these options.</summary>
    public static readonly InputWords Words = new("--text-field", "--id-field", "--no-header", "--delimiter", "--quoted");

    private readonly Argument<string[]> inputs = new("INPUT")
    {
        Description =
            "Text file (a text a line), .jsonl, .csv, .tsv, .parquet, .json with {\"texts\": […]} or {\"documents\": […]}, or - for "
                + "standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> format = new("--input-format")
    {
        Description = "What INPUT is, whatever its extension says. Standard input is text unless this says otherwise.",
        HelpName = "text|jsonl|csv|tsv|json|parquet",
    };

    private readonly Option<string?> textField = new("--text-field")
    {
        Description = "Field or column of the text: its name, or with --no-header its number. Default: text.",
        HelpName = "NAME|N",
    };

    private readonly Option<string?> idField = new("--id-field")
    {
        Description = "The same for the text's id. Default: id, where there is one.",
        HelpName = "NAME|N",
    };

    private readonly Option<bool> noHeader = new("--no-header")
    {
        Description = "The first line of CSV or TSV is a text already; columns have numbers, from 1.",
    };

    private readonly Option<string?> delimiter = new("--delimiter")
    {
        Description = "What stands between the fields of CSV (default: a comma) or TSV (a tab).",
        HelpName = "CHARACTER|tab",
    };

    private readonly Option<bool?> quoted = new("--quoted")
    {
        Description =
            "Quotes around a field of CSV or TSV are not part of it. Default: true for CSV; in TSV a quote is a character as any other.",
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> shard = new("--shard")
    {
        Description =
            "Read one of N equal parts of the input: I from 1. auto: as SLURM_ARRAY_TASK_ID says; auto/N also JOB_COMPLETION_INDEX.",
        HelpName = "I/N|auto|auto/N",
    };

    private readonly bool hasShards;

    /// <param name="isOptional">The command can do without any input.</param>
    /// <param name="hasShards">A part of the input gives a part of the output.</param>
    public InputSwitches(bool isOptional = false, bool hasShards = false)
    {
        this.hasShards = hasShards;
        if (isOptional) inputs.Arity = ArgumentArity.ZeroOrMore;
        format.AcceptOnlyFromAmong("text", "jsonl", "csv", "tsv", "json", "parquet");
        delimiter.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !InputOptions.TryParseDelimiter(token.Value, out _))
                result.AddError("--delimiter is one character and no quote, or 'tab'.");
        });
    }

    private Option[] Reading => [format, textField, idField, noHeader, delimiter, quoted];

    public void AddTo(Command command)
    {
        command.Add(inputs);
        foreach (Option option in Reading) command.Add(option);
        if (hasShards) command.Add(shard);
    }

    /// <summary>The first of these options that was given; null: none was.</summary>
    public string? OptionIn(System.CommandLine.Parsing.CommandResult result) =>
        Reading.FirstOrDefault(result.IsGiven)?.Name;

    /// <summary>For validators, where INPUT may be left out: then there is nothing to read.</summary>
    public void RefuseIdle(System.CommandLine.Parsing.CommandResult result)
    {
        if (PathsOf(result).Count == 0 && OptionIn(result) is { } idle)
            result.AddError($"{idle} says how texts are read, and there are none to read: name an INPUT.");
    }

    /// <summary>As <see cref="PathsOf(ParseResult)"/>, for validators.</summary>
    public IReadOnlyList<string> PathsOf(System.CommandLine.Parsing.CommandResult result) => result.GetValue(inputs) ?? [];

    public IReadOnlyList<string> PathsOf(ParseResult parsed) => parsed.GetValue(inputs) ?? [];

    /// <summary>Opens the inputs one after the other; one that is not there is an error before anything runs.</summary>
    public IEnumerable<InputItem> Read(ParseResult parsed) => Read(parsed, [], PathsOf(parsed));

    /// <summary>The same of some files, where others are read too.</summary>
    public IEnumerable<InputItem> Read(ParseResult parsed, IEnumerable<string> others, IReadOnlyList<string> paths)
    {
        InputOptions options = Options(parsed);
        foreach (string path in paths)
        {
            if (path == "-") continue;
            InputReader.Check(path);
            InputReader.RefuseEmbeddings(path);
        }

        RefuseIdleOptions(parsed, options, [.. paths, .. others]);
        if (ShardOf(parsed) is { } part) return InputReader.Divide(paths, part).SelectMany(own => InputReader.ReadPart(own, options));
        return paths.SelectMany(path =>
            path == "-" ? InputReader.Read(Terminal.OpenInput(), "standard input", options) : InputReader.ReadFile(path, options));
    }

    /// <summary>The part of the input that is read; null: all of it.</summary>
    public ColbertShard? ShardOf(ParseResult parsed)
    {
        if (!hasShards || parsed.GetValue(shard) is not { } said) return null;
        if (PathsOf(parsed).Contains("-"))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, "Standard input has no shards: the whole of it would be read by each task.", "-",
                "Name files, or leave --shard out.");
        return ColbertShard.Parse(said);
    }

    /// <summary>How texts are read, whichever file they come from.</summary>
    public InputOptions Options(ParseResult parsed) => new()
    {
        Format = FormatNamed(parsed.GetValue(format)),
        TextField = parsed.GetValue(textField),
        IdField = parsed.GetValue(idField),
        HasHeader = !parsed.GetValue(noHeader),
        Delimiter = parsed.GetValue(delimiter) is { } said && InputOptions.TryParseDelimiter(said, out char character) ? character : null,
        IsQuoted = parsed.CommandResult.IsGiven(quoted) ? parsed.GetValue(quoted) ?? true : null,
        Words = Words,
    };

    // Lines of text have no fields, and only CSV and TSV have delimiters: naming one means another format.
    private void RefuseIdleOptions(ParseResult parsed, InputOptions options, string[] paths)
    {
        InputFormat FormatOf(string path) => options.Format ?? (path == "-" ? InputFormat.Text : InputOptions.FormatOf(path));
        InputFormat[] formats = [.. paths.Select(FormatOf).Distinct()];
        bool hasFields = formats.Any(found => found != InputFormat.Text);
        bool hasColumns = formats.Any(found => found is InputFormat.Csv or InputFormat.Tsv);
        foreach (Option option in Reading.Where(option => option != format))
        {
            bool isOfUse = option == textField || option == idField ? hasFields : hasColumns;
            if (isOfUse || !parsed.CommandResult.IsGiven(option)) continue;
            string what = formats.Contains(InputFormat.Parquet)
                ? "Parquet, whose columns have names"
                : hasFields ? "JSON, which has no columns"
                : "text, a text a line";
            string name = paths[0] == "-" ? "standard input" : paths[0];
            throw new ColbertException(
                ColbertErrorId.InputInvalid,
                $"{name}: it is read as {what}, and {option.Name} says how columns are read.",
                name,
                "Name the format with --input-format.");
        }
    }

    private static InputFormat? FormatNamed(string? name) => name switch
    {
        "text" => InputFormat.Text,
        "jsonl" => InputFormat.JsonLines,
        "csv" => InputFormat.Csv,
        "tsv" => InputFormat.Tsv,
        "json" => InputFormat.Json,
        "parquet" => InputFormat.Parquet,
        _ => null,
    };
}
