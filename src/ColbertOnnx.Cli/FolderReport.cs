using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Cli;

/// <summary>What an export or a quantization has written, on the output; warnings on the error stream.</summary>
internal static class FolderReport
{
    public static void Write(Terminal terminal, ColbertModelFolder folder)
    {
        foreach (string warning in folder.Warnings) terminal.Note(warning);
        string family = folder.ModelType is null ? "" : $"{folder.ModelType}, ";
        terminal.Line(
            FormattableString.Invariant(
                $"{folder.Path}  ({family}dimension {folder.Dimension}, {folder.Duration.TotalSeconds:f1} s)"));
        foreach (FileInfo file in folder.Files) terminal.Line($"  {Size(file.Length)}  {file.Name}");
        if (folder.Verification is { } graph) terminal.Line($"model.onnx, optimized against not: {graph}");
        if (folder.QuantizedVerification is { } quantized) terminal.Line($"model_int8.onnx against model.onnx: {quantized}");
    }

    private static string Size(long bytes) =>
        bytes < 1e6 ? FormattableString.Invariant($"{bytes / 1e3,8:f1} kB") : FormattableString.Invariant($"{bytes / 1e6,8:f1} MB");
}
