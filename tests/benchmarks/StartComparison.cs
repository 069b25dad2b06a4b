using System.Diagnostics;
using System.Globalization;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// From the beginning of a process's work to its first vectors: the model against the raw session loop over the same row of ids.
/// </summary>
internal static class StartComparison
{
    private const int Rounds = 9;
    private const string Query = "What is the capital of France?";

    public static int Run(string[] arguments)
    {
        string model = arguments is [string path] ? Path.GetFullPath(path) : EmbeddedModel.Find();
        string[] row = Row(model);
        string cache = Directory.CreateTempSubdirectory("colbert-start-").FullName;
        List<double[]> raw = [], plain = [], packed = [], parts = [];
        try
        {
            ChildRun.Run(cache, "start", "model", model); // makes the packed weights
            for (int round = 0; round < Rounds; round++)
            {
                raw.Add(ChildRun.Run("off", ["start", "raw", .. row]));
                plain.Add(ChildRun.Run("off", "start", "model", model));
                packed.Add(ChildRun.Run(cache, "start", "model", model));
                parts.Add(ChildRun.Run(cache, "start", "parts", model));
            }
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }

        // The raw session loop has ONNX Runtime's operators, which round otherwise than ours; the sum has as many elements as a query.
        if (plain.Concat(packed).Any(run => run[2] != plain[0][2]) || raw.Any(run => Math.Abs(run[2] - plain[0][2]) > 1))
            throw new InvalidOperationException("The rows differ.");
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("| from nothing to the first vectors | ms (min median max) | ms of CPU time |");
        Console.WriteLine("|---|---|---|");
        Print("raw session loop: library, session, one batch", raw);
        Print("model, without a cache: the same, settings, tokenizer, lanes", plain);
        Print("model, packed weights in the cache", packed);
        Console.WriteLine();
        Console.WriteLine("| one after the other, packed weights | ms (min median max) |");
        Console.WriteLine("|---|---|");
        string[] names =
        [
            "settings of the folder", "tokenizer and settings", "library", "key of the cache", "session over packed weights",
            "once more alone: all bytes of them", "first query",
        ];
        for (int i = 0; i < names.Length; i++) Console.WriteLine($"| {names[i]} | {ChildRun.Spread(parts.Select(run => run[i]), "F1")} |");
        return 0;

        static void Print(string name, List<double[]> runs) =>
            Console.WriteLine($"| {name} | {ChildRun.Spread(runs.Select(r => r[0]))} | {ChildRun.Spread(runs.Select(r => r[1]))} |");
    }

    /// <summary>
    /// In a process of its own: milliseconds, milliseconds of CPU time, sum of the vectors; or milliseconds of each part.
    /// </summary>
    public static int Child(string[] arguments)
    {
        if (arguments is ["parts", string path]) return ChildRun.Answer(Parts(path));
        long began = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        float[] rows = arguments is ["raw", .. string[] row] ? RawSession(row) : Model(arguments[1]);
        double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds,
            cpu = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        return ChildRun.Answer(milliseconds, cpu, rows.Sum());
    }

    private static float[] Model(string path)
    {
        using ColbertModel model = ColbertModel.Load(path);
        return model.EncodeQueries([Query])[0].Values.ToArray();
    }

    // What the raw session loop gets: graph, ids and mask.
    private static string[] Row(string path)
    {
        ModelFolder folder = ModelFolder.Open(path, new ColbertModelOptions());
        var row = new ModelInput();
        new InputBuilder(folder.Resolve()).Build(Query, TextKind.Query, withOffsets: false, row);
        return [folder.GraphPath, string.Join(',', row.Ids.ToArray()), string.Join(',', row.AttentionMask.ToArray())];
    }

    private static float[] RawSession(string[] row)
    {
        int[] ids = [.. row[1].Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        byte[] mask = [.. row[2].Split(',').Select(text => byte.Parse(text, CultureInfo.InvariantCulture))];
        using OrtEncoderSession session = OrtEncoderSession.Open(row[0], new EncoderSessionOptions { FuseRows = false });
        float[] output = new float[ids.Length * session.Dimension];
        session.Run(1, ids.Length, ids, mask, output, default);
        return output;
    }

    private static IEnumerable<double> Parts(string path)
    {
        ModelFolder folder = null!;
        PackedSession session = null!;
        string graph = "";
        ResolvedSettings resolved = null!;
        WeightsCache cache = WeightsCache.OfUser!;
        yield return Time(() => folder = ModelFolder.Open(path, new ColbertModelOptions()));
        yield return Time(() => resolved = folder.Resolve());
        yield return Time(() => _ = Native.OrtLibrary.Loaded);
        yield return Time(() => WeightsKey.Of(folder.GraphPath, 0));
        yield return Time(() => (session, graph) = cache.Open(folder.GraphPath, new EncoderSessionOptions())!.Value);
        yield return Time(() => FileSum.Of(graph + ".data"));
        using var lanes = new LanePool(session, () => new InputBuilder(resolved), new LaneSettings());
        yield return Time(() => TextStreams.Encode(lanes, [Query], new(TextKind.Query), default));
    }

    private static double Time(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
