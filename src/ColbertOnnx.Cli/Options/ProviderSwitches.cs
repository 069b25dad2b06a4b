using System.CommandLine;
using System.CommandLine.Parsing;

namespace ColbertOnnx.Cli.Options;

/// <summary>What the model runs on, and how; --execution-provider itself belongs to <see cref="ModelSwitches"/> or to a sweep.</summary>
internal sealed class ProviderSwitches
{
    private readonly Option<string[]> options = new("--provider-option")
    {
        Description = "An option of the provider in ONNX Runtime's words, such as device_id=1; may be repeated.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string?> library = new("--provider-library")
    {
        Description = "A plug-in library for ONNX Runtime that brings providers.",
        HelpName = "FILE",
    };
    private readonly Option<bool> require = new("--require-provider")
    {
        Description = "A provider that is missing, or that runs nothing of the graph, is an error (exit code 3), not a note.",
    };

    private readonly Option<string?> profile = new("--profile-path")
    {
        Description = "Write what every operator of every batch took, and where it ran, to PATH_DATE.json, for trace viewers.",
        HelpName = "PATH",
    };

    public ProviderSwitches() => options.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            result.AddError($"--provider-option takes NAME=VALUE, not '{token.Value}'.");
    });

    /// <summary>Names with commas between them, or the option several times.</summary>
    public static Option<string[]> Names(string description) => new("--execution-provider")
    {
        Description = description,
        HelpName = "NAME[,NAME]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        [
            .. result.Tokens.SelectMany(token => token.Value.Split(
                ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ],
    };

    public void AddTo(Command command)
    {
        command.Add(options);
        command.Add(library);
        command.Add(require);
        command.Add(profile);
    }

    public ColbertModelOptions AddTo(ColbertModelOptions model, ParseResult parsed) => model with
    {
        ProviderOptions = parsed.GetValue(options) is { Length: > 0 } given
            ? given.Select(option => option.Split('=', 2)).GroupBy(pair => pair[0])
                .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1])
            : null,
        ProviderLibrary = parsed.GetValue(library),
        RequireProvider = parsed.GetValue(require),
        ProfilePath = parsed.GetValue(profile),
    };
}
