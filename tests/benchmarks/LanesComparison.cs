using System.Diagnostics;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Benchmarks;

/// <summary>What more sessions cost and bring: one set of weights, and no more batches at once than CPUs.</summary>
internal static class LanesComparison
{
    private const int Rounds = 3;
    private const int Texts = 240;
    private const int Tokens = 180;

    public static int Run(string[] arguments)
    {
        string model = arguments is [string path] ? Path.GetFullPath(path) : EmbeddedModel.Find();
        string cache = Directory.CreateTempSubdirectory("colbert-lanes-").FullName;
        int[] counts = [1, 2, 25];
        List<double[]>[] runs = [.. counts.Select(_ => new List<double[]>())];
        try
        {
            ChildRun.Run(cache, "lanes", "1", model); // makes the packed weights
            for (int round = 0; round < Rounds; round++)
                for (int i = 0; i < counts.Length; i++) runs[i].Add(ChildRun.Run(cache, "lanes", $"{counts[i]}", model));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }

        if (runs.SelectMany(r => r).Select(run => run[4]).Distinct().Count() > 1)
            throw new InvalidOperationException("The vectors differ.");
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{Texts} documents of {Tokens} tokens, {Rounds} rounds, minimum, median and maximum");
        Console.WriteLine();
        Console.WriteLine(
            "| sessions | documents/s | ms of CPU time a document | private memory at its peak, MB | of it after loading, MB | "
                + "peak against 2 sessions |");
        Console.WriteLine("|---|---|---|---|---|---|");
        double two = Median(runs[1], 2);
        for (int i = 0; i < counts.Length; i++)
        {
            Console.WriteLine(
                $"| {counts[i]} | {Spread(0, "F1")} | {Spread(1, "F2")} | {Spread(2, "F0")} | {Spread(3, "F0")} | "
                    + $"{Median(runs[i], 2) / two:F2} |");
            string Spread(int column, string format) => ChildRun.Spread(runs[i].Select(run => run[column]), format);
        }

        return 0;

        static double Median(List<double[]> runs, int column) => runs.Select(run => run[column]).Order().ElementAt(runs.Count / 2);
    }

    /// <summary>
    /// In a process of its own: documents/s, milliseconds of CPU time a document, peak and first private MB, sum of the vectors.
    /// </summary>
    public static int Child(string sessions, string path)
    {
        using PrivateMemory memory = PrivateMemory.Watch();
        using ColbertModel model = ColbertModel.Load(
            path, new ColbertModelOptions { Sessions = int.Parse(sessions, System.Globalization.CultureInfo.InvariantCulture) });
        double loaded = PrivateMemory.Bytes / 1e6;
        string[] texts = new TextGenerator(model.Resolved, TextKind.Document).Generate(Tokens, Texts, seed: 1);
        model.EncodeDocuments(texts.Take(Texts / 8));
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        IReadOnlyList<ColbertEmbedding> embeddings = model.EncodeDocuments(texts);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
            cpu = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        double sum = embeddings.Sum(embedding => embedding.Values.ToArray().Sum(value => (double)value));
        return ChildRun.Answer(Texts / seconds, cpu / Texts, memory.Peak / 1e6, loaded, Math.Round(sum, 3));
    }
}
