using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Commands;

/// <summary>A model beside reference vectors, or beside another model; the exit code is the answer.</summary>
internal static class ParityCommand
{
    public static Command Create(Terminal terminal)
    {
        var reference = new Option<string?>("--reference")
        {
            Description =
                "reference_embeddings.json, pylate_verification_embeddings.json, what 'colbert reference' wrote, or embeddings with "
                    + "their texts.",
            HelpName = "FILE",
        };
        var text = new Option<string?>("--reference-text")
        {
            Description = "The reference's texts, where it does not hold them. Default: beside it.",
            HelpName = "FILE",
        };
        var kind = NamedValues.Option<TextKind>(
            "--reference-kind", "What the reference's texts are, where it does not say.", "query", "document");
        var other = new Option<string?>("--reference-model")
        {
            Description =
                "Compare with another model over the texts of INPUT (documents) and --queries; without any with a set of our own.",
            HelpName = "DIR",
        };
        var otherQuantized = new Option<bool>("--reference-quantized")
        {
            Description = "Use model_int8.onnx of --reference-model. Default: model.onnx where it is.",
        };
        var thresholds = new ThresholdSwitches();
        var detailed = new Option<bool>("--detailed") { Description = "A line for each text, as it is compared." };
        var json = new Option<bool>("--json") { Description = "JSON: one object, or with --detailed a line for each text." };
        var report = new Option<string?>("--report-path")
        {
            Description = "Write a page with histograms and the worst texts too.",
            HelpName = "FILE.html",
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace the report that is there." };
        var texts = new PairSwitches();
        var model = new ModelSwitches();
        var command = new Command(
            "parity",
            "Compares a model with reference vectors, text by text and token by token; exit code 1 when it misses them.")
            {
                reference, text, kind, other, otherQuantized,
            };
        thresholds.AddTo(command);
        foreach (Option option in new Option[] { detailed, json, report, force }) command.Add(option);
        texts.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.IsGiven(reference) == result.IsGiven(other))
                result.AddError("Give either --reference or --reference-model.");
            else if (((Option[])(result.IsGiven(other) ? [text, kind] : [otherQuantized])).FirstOrDefault(result.IsGiven) is { } idle)
                result.AddError($"{idle.Name} belongs to {(result.IsGiven(other) ? reference : other).Name}.");
            if (result.IsGiven(other)) texts.RefuseIdle(result);
        });
        command.SetAction(parsed =>
        {
            string? page = parsed.GetValue(report);
            if (page is not null)
            {
                ColbertReport.Check(page, parsed.GetValue(force));
                OutputTarget.RefuseInputs(
                    page, [.. texts.PathsOf(parsed), .. new[] { parsed.GetValue(reference), parsed.GetValue(text) }.OfType<string>()]);
            }

            if (parsed.GetValue(reference) is not null && texts.AreGiven(parsed))
                throw new ColbertException(
                    ColbertErrorId.InputInvalid, "The texts are those of --reference.", null, "Leave out INPUT and --queries.");
            bool isJson = parsed.GetValue(json), isDetailed = parsed.GetValue(detailed);
            var progress = new RunProgress(terminal);
            int code = Application.Done;
            var run = new ParityArguments(
                thresholds.Read(parsed),
                isDetailed ? result => terminal.Text.WriteLine(isJson ? result.ToJson() : ParityLines.Of(result)) : null,
                (error, _) => terminal.Report(error),
                error =>
                {
                    terminal.Report(error);
                    code = error.ExitCode;
                },
                progress);
            ColbertParity parity;
            try
            {
                parity = Compare(
                    parsed, parsed.GetValue(reference), parsed.GetValue(text), parsed.GetValue(kind), parsed.GetValue(other),
                    parsed.GetValue(otherQuantized), model, texts, run, terminal);
            }
            finally
            {
                progress.End();
            }

            foreach (string warning in parity.Warnings) terminal.Note(warning);
            if (!isDetailed && isJson) terminal.Text.WriteLine(parity.ToJson());
            else if (!isDetailed) ParityLines.Write(terminal.Text, parity);
            if (page is not null) ColbertReport.Write(page, parity, parsed.GetValue(force));
            terminal.Flush();
            if (parity.Miss() is not { } miss) return code;
            terminal.Report(miss);
            return Math.Max(code, miss.ExitCode);
        });
        return command;
    }

    private static ColbertParity Compare(
        ParseResult parsed, string? reference, string? text, TextKind? kind, string? other, bool otherQuantized, ModelSwitches model,
        PairSwitches texts, ParityArguments run, Terminal terminal)
    {
        // Bad texts of the input are reported and left out of the comparison.
        (IEnumerable<InputItem>? queries, IEnumerable<InputItem>? documents) = other is null ? default : texts.Read(parsed);
        using ColbertModel opened = model.Open(parsed, terminal);
        if (reference is not null)
            return ColbertReference.Compare(
                opened, reference, run.Options, text, kind, texts.Options(parsed), run.Accept, run.Report, run.Progress,
                terminal.Cancellation);
        using ColbertModel there = ColbertModel.Load(
            ModelSwitches.Folder(other, null, otherQuantized, terminal),
            new ColbertModelOptions { Quantized = otherQuantized ? true : null });
        return ColbertReference.Compare(
            opened, there, Good(queries, run), Good(documents, run), run.Options, run.Accept, run.Report, run.Progress,
            terminal.Cancellation);
    }

    private static IEnumerable<string>? Good(IEnumerable<InputItem>? items, ParityArguments run) => items?.Where(item =>
    {
        if (item.Error is not null) run.Reject(item.Error);
        return item.Error is null;
    }).Select(item => item.Text);

    private sealed record ParityArguments(
        ColbertParityOptions Options, Action<ColbertTextParity>? Accept, Action<ColbertException, string> Report,
        Action<ColbertException> Reject, IProgress<ColbertProgress> Progress);
}
