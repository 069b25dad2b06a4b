using System.Globalization;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Tests;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// What PowerShell's pipeline costs: the same texts of 180 tokens through the cmdlet and through the library, by turns in one pwsh, over
/// one open model.
/// </summary>
internal static class PipelineComparison
{
    private const int Texts = 120, Tokens = 180, Rounds = 41;

    private static readonly string[] Ways =
    [
        "the library, in pwsh", "$texts | ConvertTo-ColbertEmbedding -Document", "Get-Content FILE | ConvertTo-ColbertEmbedding -Document",
    ];

    public static int Run(string manifest)
    {
        string folder = Directory.CreateTempSubdirectory("colbert-pipeline-").FullName;
        try
        {
            string file = Path.Combine(folder, "texts.txt"), model = TestData.Path("..", "..", "module", "models", "minilm-l6-colbert-96");
            using (var subject = BenchmarkSubject.Open(model, new ColbertModelOptions(), TextKind.Document))
                File.WriteAllLines(file, new TextGenerator(subject.Resolved!, TextKind.Document).Generate(Tokens, Texts, seed: 1));
            Dictionary<int, List<double[]>> runs = Enumerable.Range(0, Ways.Length).ToDictionary(way => way, _ => new List<double[]>());
            foreach (string line in Measure(manifest, model, file))
            {
                double[] numbers = [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
                if (numbers[3] != Texts) throw new InvalidOperationException($"{Ways[(int)numbers[0]]} gave {numbers[3]} embeddings.");
                runs[(int)numbers[0]].Add(numbers[1..3]);
            }

            Print(runs);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Measure(string manifest, string model, string file)
    {
        string script = $$"""
            Import-Module {{PowerShellRun.Quote(manifest)}} -ErrorAction Stop
            $model = Import-ColbertModel {{PowerShellRun.Quote(model)}}
            $texts = [string[]] (Get-Content {{PowerShellRun.Quote(file)}})
            $ways = @(
                { $model.EncodeDocuments($texts) }
                { $texts | ConvertTo-ColbertEmbedding -Document -Model $model }
                { Get-Content {{PowerShellRun.Quote(file)}} | ConvertTo-ColbertEmbedding -Document -Model $model }
            )
            foreach ($way in $ways) { $null = & $way }
            foreach ($round in 1..{{Rounds}}) {
                foreach ($i in 0, 1, 2 | Get-Random -Shuffle) {
                    $before = [Environment]::CpuUsage.TotalTime; $watch = [Diagnostics.Stopwatch]::StartNew()
                    $result = & $ways[$i]
                    $clock = $watch.Elapsed.TotalMilliseconds
                    [string]::Join(' ', [double[]] ($i, $clock, ([Environment]::CpuUsage.TotalTime - $before).TotalMilliseconds, $result.Count))
                }
            }
            """;
        return PowerShellRun.Lines(script);
    }

    private static void Print(Dictionary<int, List<double[]>> runs)
    {
        Console.WriteLine($"{Machine.Describe()}; {Texts} documents of {Tokens} tokens, {Rounds} rounds in random order");
        Console.WriteLine();
        Console.WriteLine(
            "| | documents/s (min median max) | CPU ms a document "
                + "| against the library, times its documents/s | by CPU time |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((int way, List<double[]> taken) in runs)
        {
            IEnumerable<(double[] First, double[] Second)> pairs = runs[0].Zip(taken);
            Console.WriteLine(
                $"| {Ways[way].Replace("|", "\\|", StringComparison.Ordinal)} | "
                    + $"{ChildRun.Spread(taken.Select(run => Texts * 1000 / run[0]), "F1")} | "
                    + $"{ChildRun.Spread(taken.Select(run => run[1] / Texts), "F2")} " +
                    $"| {ChildRun.Spread(pairs.Select(pair => pair.First[0] / pair.Second[0]), "F2")} | "
                        + $"{ChildRun.Spread(pairs.Select(pair => pair.First[1] / pair.Second[1]), "F2")} |");
        }
    }
}
