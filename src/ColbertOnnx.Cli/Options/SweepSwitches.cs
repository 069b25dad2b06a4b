using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ColbertOnnx.Cli.Options;

/// <summary>The model's options that take several values: every combination of them is a configuration.</summary>
internal sealed class SweepSwitches
{
    private readonly Option<int[]> sessions = Counts(
        "--sessions", "Lanes over one set of weights, one or more numbers. Default: usable CPUs, divided by --threads-per-session.");
    private readonly Option<int[]> threads = Counts(
        "--threads-per-session", "Threads inside one operator, one or more numbers, at most 4 for each CPU. Default: 1.");
    private readonly Option<int[]> batch = Counts("--batch-size", "Texts in one batch, one or more sizes. Default: planned by length.");
    private readonly Option<bool[]> quantized = new("--quantized")
    {
        Description = "Use model_int8.onnx ('false': model.onnx; 'true,false': both). Default: model.onnx where it is.",
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => result.Tokens.Count == 0
            ? [true]
            : Values(result, "true or false", (string word, out bool value) => bool.TryParse(word, out value)),
    };

    private readonly Option<string[]> providers =
        ProviderSwitches.Names("What the model runs on, one or more names, each a configuration. Default: Cpu.");

    private delegate bool Parser<T>(string word, out T value);

    public void AddTo(Command command)
    {
        Option[] all = [quantized, sessions, threads, batch, providers];
        foreach (Option option in all) command.Add(option);
    }

    public IReadOnlyList<int> Sessions(ParseResult parsed) => parsed.GetValue(sessions) ?? [];

    public IReadOnlyList<int> Threads(ParseResult parsed) => parsed.GetValue(threads) ?? [];

    public IReadOnlyList<int> BatchSizes(ParseResult parsed) => parsed.GetValue(batch) ?? [];

    public IReadOnlyList<bool> Quantized(ParseResult parsed) => parsed.GetValue(quantized) ?? [];

    public IReadOnlyList<string> Providers(ParseResult parsed) => parsed.GetValue(providers) ?? [];

    private static Option<int[]> Counts(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N[,N]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Values(
            result, "numbers from 1 on",
            (string word, out int value) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0),
    };

    private static T[] Values<T>(ArgumentResult result, string wanted, Parser<T> parse)
    {
        List<T> values = [];
        foreach (string word in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (parse(word, out T value)) values.Add(value);
            else result.AddError($"'{word}' does not fit: give {wanted}, with commas between them.");
        }

        return [.. values];
    }
}
