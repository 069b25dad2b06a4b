using System.CommandLine;
using ColbertOnnx.Cli.Streams;
using ColbertOnnx.Hub;

namespace ColbertOnnx.Cli.Commands;

/// <summary>Quantizes an exported folder, whoever exported it.</summary>
internal static class QuantizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder") { Description = "A folder with model.onnx.", HelpName = "DIR" };
        var verify = new Option<bool>("--verify") { Description = "Write nothing: compare the folder's model_int8.onnx with its model.onnx." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var command = new Command("quantize", "Writes model_int8.onnx beside a folder's model.onnx, and compares the two.") { folder, verify, force };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            if (parsed.GetValue(verify))
            {
                terminal.Line(ColbertExporter.Verify(path, terminal.Cancellation).ToString());
                return Application.Done;
            }

            var progress = new HubNotes(terminal);
            ColbertModelFolder result = ColbertExporter.Quantize(path, new ColbertExportOptions { Force = parsed.GetValue(force) }, new HubSteps(progress), terminal.Cancellation);
            progress.End();
            FolderReport.Write(terminal, result);
            return Application.Done;
        });
        return command;
    }
}
