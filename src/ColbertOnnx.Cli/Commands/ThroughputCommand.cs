using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Commands;

/// <summary>
/// How fast a model encodes here, beside the raw session loop; compared with a stored result, the exit code is the answer.
/// </summary>
internal static class ThroughputCommand
{
    public static Command Create(Terminal terminal)
    {
        var query = new Option<bool>("--query") { Description = "The texts are queries. Default: documents." };
        var tokens = new Option<int?>("--token-count")
        {
            Description = "Tokens of a generated text as the model gets it. Default: 180, or the model's limit.",
            HelpName = "N",
        };
        var count = new Option<int?>("--count") { Description = "How many texts are generated. Default: 200.", HelpName = "N" };
        var seed = new Option<int?>("--seed") { Description = "Seed of generated texts. Default: 1.", HelpName = "N" };
        var repeat = new Option<int>("--repeat") { Description = "Rounds.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var json = new Option<bool>("--json") { Description = "A line of JSON for each configuration (docs/throughput.schema.json)." };
        var baseline = new Option<string?>("--baseline")
        {
            Description = "What --json wrote before: exit code 1 when it is missed.",
            HelpName = "FILE",
        };
        var tolerance = new Option<double>("--tolerance")
        {
            Description = "How much slower than the baseline is allowed: 0.1 is 10 %.",
            HelpName = "PART",
            DefaultValueFactory = _ => 0.1,
            CustomParser = Part,
        };
        var report = new Option<string?>("--report-path")
        {
            Description = "Write a page with curves and histograms too.",
            HelpName = "FILE.html",
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace the report that is there." };
        var input = new InputSwitches(isOptional: true);
        var model = new ModelSwitches();
        var sweep = new SweepSwitches();
        var command = new Command(
            "throughput",
            "Measures documents/s, tokens/s, latency and memory, and the share of what ONNX Runtime alone does in the same run; without "
                + "INPUT with generated texts.")
        {
            query, tokens, count, seed, repeat, json, baseline, tolerance, report, force,
        };
        input.AddTo(command);
        model.AddRestTo(command);
        sweep.AddTo(command);
        command.Validators.Add(input.RefuseIdle);
        command.SetAction(parsed =>
        {
            IReadOnlyList<string> paths = input.PathsOf(parsed);
            if (paths.Count > 0 && (parsed.GetValue(tokens) ?? parsed.GetValue(count) ?? parsed.GetValue(seed)) is not null)
                throw new ColbertException(
                    ColbertErrorId.InputInvalid, "Texts come either from INPUT or are generated.", null,
                    "Leave out INPUT, or --token-count, --count and --seed.");
            string? page = parsed.GetValue(report);
            if (page is not null)
            {
                ColbertReport.Check(page, parsed.GetValue(force));
                OutputTarget.RefuseInputs(page, [.. paths, .. new[] { parsed.GetValue(baseline) }.OfType<string>()]);
            }

            ThroughputBaseline? stored = parsed.GetValue(baseline) is { } file ? ThroughputBaseline.Read(file) : null;

            int bad = 0;
            string[]? texts = paths.Count == 0 ? null : [.. Texts(terminal, input.Read(parsed), () => bad++)];
            var options = new ColbertBenchmarkOptions
            {
                Model = model.OptionsOf(parsed),
                Quantized = sweep.Quantized(parsed),
                Sessions = sweep.Sessions(parsed),
                ThreadsPerSession = sweep.Threads(parsed),
                BatchSizes = sweep.BatchSizes(parsed),
                ExecutionProviders = sweep.Providers(parsed),
                Kind = parsed.GetValue(query) ? TextKind.Query : TextKind.Document,
                Repeat = parsed.GetValue(repeat),
                Source = paths.Count == 1
                    ? paths[0] == "-" ? "standard input" : Path.GetFileName(paths[0])
                    : FormattableString.Invariant($"{paths.Count} files"),
                TokenCount = parsed.GetValue(tokens),
                Count = parsed.GetValue(count) ?? 200,
                Seed = parsed.GetValue(seed) ?? 1,
            };
            string? folder = null;
            // A model of the hub is fetched with the graphs that are asked for.
            foreach (bool? quantized in options.Quantized.Cast<bool?>().DefaultIfEmpty())
                folder = model.Folder(parsed, options.Model with { Quantized = quantized }, terminal);
            IReadOnlyList<ColbertThroughput> results = Measure(terminal, folder, texts, options);
            ThroughputLines.Write(terminal, results, parsed.GetValue(json));
            if (page is not null) ColbertReport.Write(page, results, parsed.GetValue(force));
            int code = bad > 0 ? Application.WrongUsage : Application.Done;
            foreach (ColbertThroughput result in results)
            {
                if (stored?.Check(result, parsed.GetValue(tolerance)) is not { } error) continue;
                terminal.Report(error);
                code = Math.Max(code, error.ExitCode);
            }

            return code;
        });
        return command;
    }

    private static double Part(ArgumentResult result)
    {
        if (result.Tokens is [var token]
            && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value is >= 0 and < 1)
            return value;
        result.AddError("--tolerance is a part: at least 0 and less than 1.");
        return 0;
    }

    private static IReadOnlyList<ColbertThroughput> Measure(
        Terminal terminal, string? path, string[]? texts, ColbertBenchmarkOptions options)
    {
        var progress = new RunProgress(terminal);
        try
        {
            return ColbertBenchmark.Measure(path, texts, options, progress, terminal.Cancellation);
        }
        finally
        {
            progress.End();
        }
    }

    private static IEnumerable<string> Texts(Terminal terminal, IEnumerable<InputItem> items, Action bad)
    {
        foreach (InputItem item in InputAhead.Read(items, () => { }, terminal.Cancellation))
        {
            if (item.Error is null)
            {
                yield return item.Text;
                continue;
            }

            bad();
            terminal.Report(item.Error);
        }
    }
}
