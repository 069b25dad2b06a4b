using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli.Commands;

/// <summary>Quantizes an exported folder, of any exporter.</summary>
internal static class QuantizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder") { Description = "A folder with model.onnx.", HelpName = "DIR" };
        var verify = new Option<bool>("--verify")
        {
            Description = "Write nothing: compare the folder's model_int8.onnx with its model.onnx.",
        };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var thresholds = new ThresholdSwitches();
        var command = new Command(
            "quantize",
            "Writes model_int8.onnx beside a folder's model.onnx if its token vectors are near enough; exit code 1 when they are not.")
            {
                folder, verify, force,
            };
        thresholds.AddCosinesTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            ColbertQuantizeOptions options = thresholds.Read(parsed, new ColbertQuantizeOptions { Force = parsed.GetValue(force) });
            if (parsed.GetValue(verify))
            {
                ColbertVerification found = ColbertExporter.Verify(path, terminal.Cancellation);
                terminal.Line(found.ToString());
                terminal.Flush();
                if (found.Miss(options.MinimumMeanCosine, options.MinimumCosine, path) is not { } miss) return Application.Done;
                terminal.Report(miss);
                return miss.ExitCode;
            }

            var progress = new HubNotes(terminal);
            ColbertModelFolder result = ColbertExporter.Quantize(path, options, progress, terminal.Cancellation);
            progress.End();
            FolderReport.Write(terminal, result);
            return Application.Done;
        });
        return command;
    }
}
