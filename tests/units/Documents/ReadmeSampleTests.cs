using System.Diagnostics;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Documents;

/// <summary>
/// The samples of the command and of C# run as they stand, in a folder as a reader may have it. Those of PowerShell:
/// tests/Readme.Tests.ps1.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ReadmeSampleTests : IDisposable
{
    private readonly TemporaryFolder desk = new TemporaryFolder().With("corpus.txt", "a line is a text\nanother line\n")
        .With("queries.txt", "which line\n");
    private readonly string before = Environment.CurrentDirectory;

    public ReadmeSampleTests()
    {
        foreach ((string name, string source) in new[]
        {
            ("models/my-model", TestData.Path("onnx", "bert-base")), ("checkpoints/run-7", CheckpointFolder.Of("bert-base")),
        })
        {
            foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(desk.File(name), Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = before;
        desk.Dispose();
    }

    public static TheoryData<string> PagesOfTheCommand => [.. Pages.WithSamples.Where(page => Pages.Code(page, "sh").Any())];

    [Theory]
    [MemberData(nameof(PagesOfTheCommand))]
    public async Task Each_line_of_the_command_runs(string page)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        string[] lines = [.. Pages.Code(page, "sh").SelectMany(code => code.Split('\n'))];
        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            var info = new ProcessStartInfo("sh", ["-c", line])
            {
                WorkingDirectory = desk.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            info.Environment["PATH"] = $"{Path.GetDirectoryName(ColbertProcess.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
            using Process process = ChildProcess.Start(info);
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await output;
            // A baseline that a busy machine misses is an answer.
            Assert.True(
                process.ExitCode == 0 || (process.ExitCode == 1 && line.Contains("--baseline", StringComparison.Ordinal)),
                $"{line}\n{error}");
        }
    }

    [Fact]
    public async Task The_lines_of_CSharp_run_and_are_those_of_the_readme()
    {
        Environment.CurrentDirectory = desk.Path;
        string[] texts = ["late interaction compares tokens", "bread rises"];
        string[] corpus = texts;
        await Sample(texts, corpus);
        string source = File.ReadAllText(Path.Combine(TestData.Repository, "tests", "units", "Documents", "ReadmeSampleTests.cs"))
            .ReplaceLineEndings("\n");
        Assert.Contains(Lines(Pages.Code("README.md", "csharp").Single()), Lines(source), StringComparison.Ordinal);
    }

#pragma warning disable xUnit1051 // As a reader writes it.
    private static async Task Sample(string[] texts, string[] corpus)
    {
        using var model = ColbertModel.Load("models/my-model", new() { Quantized = true });
        IReadOnlyList<ColbertEmbedding> documents = model.EncodeDocuments(texts);
        IReadOnlyList<ColbertEmbedding> queries = model.EncodeQueries(["what is late interaction"]);
        float score = MaxSim.Score(queries[0], documents[0]);

        var ranking = new ColbertRanking(queries, top: 10);     // holds the best documents, not the corpus
        await foreach (ColbertEmbedding document in model.EncodeDocumentsAsync(corpus)) ranking.Add(document);
        foreach (ColbertSimilarity best in ranking.Best())
            Console.WriteLine($"{best.Rank} {best.Score} {best.Text}: {string.Join(", ", best.Matches)}");
    }
#pragma warning restore xUnit1051

    private static string Lines(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));
}
