using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.Tests;
using ParquetSharp;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// A large Parquet file through encode, import and parity: does memory stay flat? The file is one single row group, which a reader of row
/// groups would hold as a whole. Each step is a process of its own, whose private memory is looked at from outside.
/// </summary>
internal static class ParquetFlow
{
    private const int TextLength = 40_000, Parts = 5;
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789   ";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static int Run(string[] args)
    {
        if (args is not [_, ..] || !double.TryParse(args[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double gigabytes)
            || args.Length > 2)
        {
            Console.Error.WriteLine("usage: parquet GIGABYTES [FOLDER]");
            return 2;
        }

        string folder = Directory.CreateDirectory(Path.Combine(
            args.Length > 1 ? Path.GetFullPath(args[1]) : Path.GetTempPath(), "colbert-parquet-flow")).FullName;
        string corpus = Path.Combine(folder, "corpus.parquet"), embeddings = Path.Combine(folder, "embeddings.parquet");
        string model = TestData.Path("onnx", "bert-base"), root = TestData.Repository,
            colbert = Path.Combine(root, "src", "ColbertOnnx.Cli", "bin", "Release", "net10.0", "colbert");
        try
        {
            long texts = (long)(gigabytes * 1e9 / TextLength);
            Generate(corpus, texts);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{texts} texts in one row group, {new FileInfo(corpus).Length / 1e9:0.00} GB"));
            Console.WriteLine();
            Console.WriteLine("| step | seconds | MB at most, in each fifth of the time | from the second to the last |");
            Console.WriteLine("|---|---|---|---|");
            Step(
                "colbert encode", colbert, "encode", "--document", corpus, "-o", embeddings, "--include-text", "--type", "float32",
                "--model", model);
            Step(
                "Import-ColbertEmbedding", "pwsh", "-NoProfile", "-Command",
                $"Import-Module '{root}/ColbertOnnx.psd1'; $count = 0; Import-ColbertEmbedding '{embeddings}' | ForEach-Object {{ "
                    + $"$count++ }}; if ($count -ne {texts}) {{ exit 1 }}");
            Step("colbert parity", colbert, "parity", "--reference", embeddings, "--model", model);
            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"embeddings: {new FileInfo(embeddings).Length / 1e9:0.00} GB"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Column after column, so that nothing gathers here either.
    private static void Generate(string path, long texts)
    {
        using var settings = new WriterPropertiesBuilder();
        using WriterProperties properties =
            settings.Compression(Compression.Zstd).DisableDictionary().DisableStatistics("text").EnablePageChecksum().Build();
        using var writer = new ParquetFileWriter(path, [new Column<string>("_id"), new Column<string>("text")], properties);
        using (RowGroupWriter group = writer.AppendRowGroup())
        {
            using (LogicalColumnWriter<string> ids = group.NextColumn().LogicalWriter<string>())
                for (long i = 0; i < texts; i++) ids.WriteBatch([$"d{i}"]);
            var random = new Random(1);
            char[] text = new char[TextLength];
            using LogicalColumnWriter<string> column = group.NextColumn().LogicalWriter<string>();
            for (long i = 0; i < texts; i++)
            {
                random.GetItems<char>(Letters, text);
                column.WriteBatch([new string(text)]);
            }
        }

        writer.Close();
    }

    private static void Step(string name, string program, params string[] arguments)
    {
        long began = Stopwatch.GetTimestamp();
        List<double> seen = [];
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            Task<string> said = process.StandardOutput.ReadToEndAsync();
            while (!process.WaitForExit(Pause))
                if (Private(process.Id) is { } bytes) seen.Add(bytes / 1e6);
            if (process.ExitCode != 0) throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {said.Result}");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Console.WriteLine($"| {name} | {program} is not here: {error.Message} | | |");
            return;
        }

        double[] most = [.. seen.Chunk(Math.Max(1, (seen.Count + Parts - 1) / Parts)).Select(part => part.Max())];
        string fifths = string.Join(", ", most.Select(one => one.ToString("0", CultureInfo.InvariantCulture)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Stopwatch.GetElapsedTime(began).TotalSeconds:0} | {fifths} | "
                + $"{most[^1] - most[Math.Min(1, most.Length - 1)]:+0;-0;0} |"));
    }

    /// <summary>
    /// Memory that is a process's and its children's alone (a tool of .NET starts another program): pages of mapped files do not count.
    /// </summary>
    private static long? Private(int process)
    {
        try
        {
            if (!OperatingSystem.IsLinux()) return Process.GetProcessById(process).PrivateMemorySize64;
            string? line =
                File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            if (line is null) return null;
            string children = File.ReadAllText($"/proc/{process}/task/{process}/children");
            return (long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024)
                + children.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Sum(child => Private(int.Parse(child, CultureInfo.InvariantCulture)) ?? 0);
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // It ended just now.
            return null;
        }
    }
}
