using System.Diagnostics;
using System.Text.Json;
using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Benchmarks;

/// <summary>One export with INT8 in a process of its own, so that its memory is nobody else's.</summary>
internal sealed record ExportRun(double Seconds, double PeakMegabytes, double MeanCosine, double SmallestCosine)
{
    public const string Command = "export-run";

    public static ExportRun Start(string checkpoint, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Command, checkpoint, folder]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<ExportRun>(answer)!
            : throw new InvalidOperationException($"The export of '{checkpoint}' failed.");
    }

    /// <summary>What that process does.</summary>
    public static int Run(string checkpoint, string folder)
    {
        using PeakMemory memory = PeakMemory.Begin();
        ColbertModelFolder model = ColbertExporter.Export(checkpoint, folder, new ColbertExportOptions { Quantize = true });
        ColbertVerification quantized = model.QuantizedVerification!;
        Console.Write(JsonSerializer.Serialize(new ExportRun(
            model.Duration.TotalSeconds, memory.Bytes / 1e6, quantized.MeanCosine, quantized.SmallestCosine)));
        return 0;
    }
}
