using System.Globalization;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// Our graphs against those of the upstream exporter, INT8 and FP32, all in the same raw loop: two lanes of one thread, one text a batch. A
/// folder of that exporter has our side made for it, a random checkpoint of the same shape.
/// </summary>
internal static class GraphComparison
{
    private const int Lanes = 2;
    private const string UpstreamFp32 = "upstream FP32, default options";

    public static int Run(string[] args)
    {
        int[] lengths = [32, 180, 300, 512];
        int rounds = 9;
        List<string> folders = [];
        for (int i = 0; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--upstream" when value is not null: folders.Add(value); break;
                case "--rounds" when value is not null: rounds = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--tokens" when value is not null:
                    lengths = [.. value.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
                    break;
                default:
                    Console.Error.WriteLine(
                        "usage: graphs --upstream FOLDER [--upstream FOLDER] [--rounds N] [--tokens N,N]; a folder holds model_int8.onnx");
                    return 2;
            }
        }

        CheckpointShape[] shapes =
        [
            CheckpointShape.Bert with { Vocabulary = 4000 },
            CheckpointShape.ModernBert with { Name = "modernbert-6x768", Layers = 6, Vocabulary = 4000 },
        ];
        Console.WriteLine(
            $"{Machine.Describe()}; ONNX Runtime {Native.OrtLibrary.Loaded.Version}; {Lanes} lanes of one thread, one text a batch, "
                + $"{rounds} rounds in random order");
        foreach (CheckpointShape shape in shapes)
        {
            string? upstream = folders.FirstOrDefault(folder =>
                Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)).StartsWith(shape.Family, StringComparison.Ordinal));
            Compare(shape, upstream, lengths, rounds);
        }

        return 0;
    }

    private static void Compare(CheckpointShape shape, string? upstream, int[] lengths, int rounds)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"colbert-graphs-{Environment.ProcessId}-{shape.Name}");
        List<ComparedGraph> graphs = [];
        try
        {
            ColbertModelFolder model = ColbertExporter.Export(
                RandomCheckpoint.Write(folder, shape), Path.Combine(folder, "onnx"), new ColbertExportOptions { Quantize = true });
            if (upstream is not null)
            {
                string file = Path.Combine(upstream, "model_int8.onnx");
                graphs.Add(new("upstream INT8, default options", new DefaultSession(file)));
                graphs.Add(new("upstream INT8, our options", OrtEncoderSession.Open(file, new EncoderSessionOptions())));
                graphs.Add(new(UpstreamFp32, new DefaultSession(UpstreamFloat.Write(upstream, Path.Combine(folder, "upstream")))));
            }

            string int8 = Path.Combine(model.Path, "model_int8.onnx");
            graphs.Add(new(
                "ours, INT8 per token, ONNX Runtime's operators alone",
                OrtEncoderSession.Open(int8, new EncoderSessionOptions { FuseRows = false })));
            graphs.Add(new("ours, INT8 per token", OrtEncoderSession.Open(int8, new EncoderSessionOptions())));
            graphs.Add(new("ours, FP32", OrtEncoderSession.Open(Path.Combine(model.Path, "model.onnx"), new EncoderSessionOptions())));
            Console.WriteLine();
            Console.WriteLine($"{shape.Name}; INT8 against FP32 on these random weights: {Check(graphs)}");
            Console.WriteLine();
            Console.WriteLine(
                "| graph | tokens | docs/s (min median max) | CPU ms a document (min median max) | times upstream's docs/s (min "
                    + "median max) | by CPU time (min median max) |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (int length in lengths) Time(graphs, length, rounds);
        }
        finally
        {
            foreach (ComparedGraph graph in graphs) graph.Session.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Every graph gives unit rows, and ours in INT8 what ours in FP32 gives.</summary>
    private static string Check(List<ComparedGraph> graphs)
    {
        PreparedBatch text = Texts(180, 1)[0];
        float[][] rows =
        [
            .. graphs.Select(graph =>
                RawSessionLoop.RunBatch(graph.Session, text, new float[text.Length * graph.Session.Dimension], default).ToArray()),
        ];
        foreach ((ComparedGraph graph, float[] values) in graphs.Zip(rows))
        {
            foreach (float[] row in values.Chunk(graph.Session.Dimension))
            {
                double length = Math.Sqrt(row.Sum(value => (double)value * value));
                if (!(Math.Abs(length - 1) < 1e-3)) throw new InvalidOperationException($"{graph.Name}: a row of length {length}");
            }
        }

        int restored = graphs.FindIndex(graph => graph.Name == UpstreamFp32);
        if (restored >= 0 && !(Cosines(restored, 0).Average() > 0.95))
            throw new InvalidOperationException("Upstream's FP32 is not what its INT8 was made of.");
        double[] cosines = Cosines(graphs.Count - 1, graphs.Count - 2);
        if (!(cosines.Average() > 0.98))
            throw new InvalidOperationException($"INT8 is not what FP32 is: a mean cosine of {cosines.Average()}");
        return string.Create(CultureInfo.InvariantCulture, $"cosine {cosines.Average():f4} on average, {cosines.Min():f4} at least");

        double[] Cosines(int one, int other)
        {
            int dimension = graphs[one].Session.Dimension;
            return [.. rows[one].Chunk(dimension).Zip(rows[other].Chunk(dimension), (a, b) => a.Zip(b, (x, y) => (double)x * y).Sum())];
        }
    }

    private static void Time(List<ComparedGraph> graphs, int length, int rounds)
    {
        PreparedBatch[] texts = Texts(length, Math.Max(2 * Lanes, 6000 / length));
        var random = new Random(7);
        foreach (ComparedGraph graph in graphs) graph.Begin();
        for (int round = -1; round < rounds; round++) // the first is not counted
        {
            foreach (ComparedGraph graph in graphs.OrderBy(_ => random.Next()))
            {
                TimeSpan used = Environment.CpuUsage.TotalTime, elapsed = RawSessionLoop.Run(graph.Session, Lanes, texts, default);
                if (round >= 0)
                    graph.Add(
                        texts.Length / elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds / texts.Length);
            }
        }

        // FP32 is compared with FP32.
        foreach (ComparedGraph graph in graphs)
        {
            ComparedGraph first = graph.Name.Contains("FP32", StringComparison.Ordinal)
                ? graphs.Find(other => other.Name == UpstreamFp32) ?? graph
                : graphs[0];
            Console.WriteLine($"| {graph.Name} | {length} | {graph.Against(first)} |");
        }
    }

    private static PreparedBatch[] Texts(int length, int count)
    {
        var random = new Random(3);
        byte[] mask = new byte[length];
        Array.Fill(mask, (byte)1);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => new PreparedBatch(length, [.. Enumerable.Range(0, length).Select(_ => random.Next(1000, 4000))], mask, [i])),
        ];
    }
}
