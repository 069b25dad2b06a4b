using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli.Commands;

/// <summary>Today's vectors of a model, to compare tomorrow's with.</summary>
internal static class ReferenceCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "NAME.safetensors; the texts go into NAME.json beside it.",
            HelpName = "FILE",
            Required = true,
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var texts = new PairSwitches();
        var model = new ModelSwitches();
        var command = new Command(
            "reference",
            "Writes reference vectors of a model for 'colbert parity': of INPUT (documents) and --queries, without any of a set of "
                + "our own.")
        {
            output, force,
        };
        texts.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(texts.RefuseIdle);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(output);
            ReferenceWriter.Check(path, parsed.GetValue(force));
            (string tensors, string json) = ReferenceWriter.Pair(path);
            foreach (string file in (string[])[tensors, json]) OutputTarget.RefuseInputs(file, texts.PathsOf(parsed));
            (IEnumerable<InputItem>? queries, IEnumerable<InputItem>? documents) = texts.Read(parsed);
            using ColbertModel opened = model.Open(parsed, terminal);
            var progress = new RunProgress(terminal);
            try
            {
                ColbertReference.Write(
                    opened, path, Texts(queries), Texts(documents), parsed.GetValue(force), progress, terminal.Cancellation);
            }
            finally
            {
                progress.End();
            }

            foreach (string file in (string[])[tensors, json]) terminal.Line(file);
            return Application.Done;
        });
        return command;
    }

    // A reference without some of its texts would be another one: the first bad text ends it.
    private static IEnumerable<string>? Texts(IEnumerable<InputItem>? items) =>
        items?.Select(item => item.Error is null ? item.Text : throw item.Error);
}
