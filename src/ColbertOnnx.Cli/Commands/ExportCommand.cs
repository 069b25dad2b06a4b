using System.CommandLine;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli.Commands;

/// <summary>A checkpoint, in a folder or on the hub, becomes an ONNX folder.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var checkpoint = new Argument<string>("checkpoint")
        {
            Description = "A checkpoint's folder, or a model's name on the hub (owner/name).",
            HelpName = "CHECKPOINT",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Folder to write. Default: onnx inside the checkpoint; of a model of the hub its name.",
            HelpName = "DIR",
        };
        Option<string?> revision = ModelSwitches.Revision();
        var quantize = new Option<bool>("--quantize") { Description = "Write model_int8.onnx too." };
        var half = new Option<bool>("--half-precision") { Description = "Store the weights of model.onnx as float16." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace what is there." };
        var prefixes = new PrefixSwitches();
        Option<int?> protectedTokens = ModelSwitches.ProtectedTokens();
        var command = new Command(
            "export",
            "Writes a checkpoint (safetensors) as an ONNX folder, and checks it.") { checkpoint, output, revision, quantize, half, force };
        prefixes.AddTo(command);
        command.Add(protectedTokens);
        var thresholds = new ThresholdSwitches();
        thresholds.AddCosinesTo(command);
        command.SetAction(parsed =>
        {
            string source = parsed.GetRequiredValue(checkpoint);
            string? name = ColbertHub.IsName(source) ? source : null;
            if (name is null && parsed.CommandResult.IsGiven(revision)) throw ModelSwitches.IdleRevision(source);
            var progress = new HubNotes(terminal);
            string folder = name is null ? source : ColbertHub.DownloadCheckpointAsync(
                source, parsed.GetValue(revision) ?? "main", progress, terminal.Cancellation).GetAwaiter().GetResult();
            ColbertModelFolder result = ColbertExporter.Export(
                folder, parsed.GetValue(output) ?? name?.Split('/')[1], thresholds.Read(parsed, prefixes.AddTo(new ColbertExportOptions
                {
                    Quantize = parsed.GetValue(quantize),
                    HalfPrecision = parsed.GetValue(half),
                    Force = parsed.GetValue(force),
                    Name = name,
                    ProtectedTokens = parsed.GetValue(protectedTokens),
                }, parsed)), progress, terminal.Cancellation);
            progress.End();
            FolderReport.Write(terminal, result);
            return Application.Done;
        });
        return command;
    }
}
