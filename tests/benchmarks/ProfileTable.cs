using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Native;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// What a <c>Run</c> of the session spends its time on, operator by operator, by ONNX Runtime's own profile. One lane, one text a
/// batch.
/// </summary>
internal static class ProfileTable
{
    private const int Warm = 5, Calls = 40;

    public static int Run(string[] args)
    {
        if (args is not [string graph, .. string[] lengths] || lengths.Length == 0)
        {
            Console.Error.WriteLine("usage: profile GRAPH TOKENS...");
            return 2;
        }

        string model = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(graph)))!;
        Console.WriteLine(
            $"{Machine.Describe()}; ONNX Runtime {OrtLibrary.Loaded.Version}; "
                + $"{model}/{Path.GetFileName(graph)}, {Calls} batches of one text");
        foreach (string length in lengths) Profile(graph, int.Parse(length, CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Profile(string graph, int tokens)
    {
        string folder = Directory.CreateTempSubdirectory("colbert-profile-").FullName;
        try
        {
            var text = new PreparedBatch(
                tokens, [.. Enumerable.Range(0, tokens).Select(i => 1000 + (i * 7 % 2900))], [.. Enumerable.Repeat((byte)1, tokens)], [0]);
            double call;
            using (OrtEncoderSession session = OrtEncoderSession.Open(
                graph, new EncoderSessionOptions { ProfileTo = Path.Combine(folder, "calls") }))
            {
                float[] output = new float[tokens * session.Dimension];
                for (int i = 0; i < Warm; i++) RawSessionLoop.RunBatch(session, text, output, default);
                long began = Stopwatch.GetTimestamp();
                for (int i = 0; i < Calls; i++) RawSessionLoop.RunBatch(session, text, output, default);
                call = Stopwatch.GetElapsedTime(began).TotalMilliseconds / Calls;
            }

            Print(tokens, call, Kernels(Directory.GetFiles(folder).Single())); // it is written when the session closes
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Opening asks for a shape by a call of its own, so calls are counted from the end.
    private static Dictionary<string, (double Milliseconds, int Count)> Kernels(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement[] events = [.. json.RootElement.EnumerateArray().Where(e => e.TryGetProperty("dur", out _))];
        long from = events.Where(e => Name(e) == "model_run").Select(e => e.GetProperty("ts").GetInt64()).Order().TakeLast(Calls).First();
        var sums = new Dictionary<string, (double Milliseconds, int Count)>(StringComparer.Ordinal);
        foreach (JsonElement e in events.Where(e =>
            e.GetProperty("ts").GetInt64() >= from && Name(e).EndsWith("_kernel_time", StringComparison.Ordinal)))
        {
            string op = e.GetProperty("args").GetProperty("op_name").GetString()!;
            if (op == "If") continue; // its branch's operators are counted themselves
            (double milliseconds, int count) = sums.GetValueOrDefault(op);
            sums[op] = (milliseconds + (e.GetProperty("dur").GetInt64() / 1000.0 / Calls), count + 1);
        }

        return sums.ToDictionary(pair => pair.Key, pair => (pair.Value.Milliseconds, pair.Value.Count / Calls));

        static string Name(JsonElement e) => e.GetProperty("name").GetString()!;
    }

    private static void Print(int tokens, double call, Dictionary<string, (double Milliseconds, int Count)> kernels)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{tokens} tokens, {call:f2} ms a batch\n\n| operator | nodes | ms | share of the batch |\n|---|---|---|---|"));
        foreach ((string op, (double milliseconds, int count)) in kernels.OrderByDescending(pair => pair.Value.Milliseconds)
            .Where(pair => pair.Value.Milliseconds >= call / 200))
            Row(op, $"{count}", milliseconds);
        Row(
            "operators below half a percent", "",
            kernels.Values.Select(value => value.Milliseconds).Where(value => value < call / 200).Sum());
        Row("between operators", "", call - kernels.Values.Sum(value => value.Milliseconds));

        void Row(string name, string count, double milliseconds) =>
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {count} | {milliseconds:f2} | {milliseconds / call:p1} |"));
    }
}
