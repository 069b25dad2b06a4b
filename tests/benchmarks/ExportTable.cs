using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Runtime;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks;

/// <summary>What comes out of an export, family by family: how near to PyLate, how large, how fast, in how much memory.</summary>
internal static class ExportTable
{
    private const string MinilmVariable = "COLBERT_TEST_MINILM";
    private const int Opens = 5;

    public static int Run(string[] args)
    {
        List<string> more = [];
        for (int i = 0; i < args.Length; i += 2)
        {
            if (args[i] != "--checkpoint" || i + 1 == args.Length)
            {
                Console.Error.WriteLine("usage: export-table [--checkpoint FOLDER]...");
                return 2;
            }

            more.Add(args[i + 1]);
        }

        Console.WriteLine($"{Machine.Describe()}; ONNX Runtime {Native.OrtLibrary.Loaded.Version}; loading: {Opens} times, min median max");
        Console.WriteLine();
        Console.WriteLine(
            "| checkpoint | FP32, largest difference | INT8, cosine: mean, smallest | FP32, MB | INT8, MB | export, s | peak memory, MB "
                + "| load FP32, ms | load INT8, ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        string root = Directory.CreateTempSubdirectory("colbert-table-").FullName;
        try
        {
            string[] cases =
            [
                .. ReferenceCase.AllNames.Where(name => name.EndsWith("-base", StringComparison.Ordinal) || name == "deberta-v2-conv"),
            ];
            foreach (string name in cases) Row(name, CheckpointFolder.Of(name), root, ReferenceRows.Of(name));
            if (Environment.GetEnvironmentVariable(MinilmVariable) is { Length: > 0 } minilm)
                Row("minilm-l6-colbert-96 (real weights)", minilm, root, ReferenceRows.OfMinilm());
            foreach (CheckpointShape shape in (CheckpointShape[])[CheckpointShape.Bert, CheckpointShape.ModernBert])
            {
                string checkpoint = RandomCheckpoint.Write(Path.Combine(root, shape.Name), shape);
                Row($"{shape.Name}, vocabulary {shape.Vocabulary} (random weights)", checkpoint, root, null);
                Directory.Delete(checkpoint, recursive: true);
            }

            foreach (string folder in more) Row(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), folder, root, null);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        return 0;
    }

    private static void Row(string name, string checkpoint, string root, ReferenceRows? reference)
    {
        string folder = Path.Combine(root, "exported");
        ExportRun run = ExportRun.Start(checkpoint, folder);
        (double mean, double smallest) = (run.MeanCosine, run.SmallestCosine);
        string difference = "";
        if (reference is not null)
        {
            difference = reference.Compare(folder, quantized: false).Largest.ToString("0.0e-0", CultureInfo.InvariantCulture);
            (_, mean, smallest) = reference.Compare(folder, quantized: true);
        }

        string full = Path.Combine(folder, "model.onnx"), quantized = Path.Combine(folder, "model_int8.onnx");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {difference} | {mean:f4} {smallest:f4} | {Megabytes(full)} | {Megabytes(quantized)} | {run.Seconds:f1} | "
                + $"{run.PeakMegabytes:f0} | {Open(full)} | {Open(quantized)} |"));
        Directory.Delete(folder, recursive: true);
    }

    // Large constants lie in a file beside the graph.
    private static string Megabytes(string graph) =>
        (new[] { graph, $"{graph}.data" }.Where(File.Exists).Sum(file => new FileInfo(file).Length) / 1e6).ToString(
            "f1", CultureInfo.InvariantCulture);

    private static string Open(string graph)
    {
        double[] times = new double[Opens];
        for (int i = 0; i < Opens; i++)
        {
            long began = Stopwatch.GetTimestamp();
            using OrtEncoderSession session = OrtEncoderSession.Open(graph, new EncoderSessionOptions());
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Spread spread = Spread.Of(times);
        return string.Create(CultureInfo.InvariantCulture, $"{spread.Minimum:f0} {spread.Median:f0} {spread.Maximum:f0}");
    }
}
