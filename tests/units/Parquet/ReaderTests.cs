using System.Diagnostics;
using System.Text.Json;
using ColbertOnnx.Tests.Parity;

namespace ColbertOnnx.Tests.Parquet;

/// <summary>Files of ours in programs that are not.</summary>
public sealed class ReaderTests : IDisposable
{
    /// <summary>With 1, DuckDB and LanceDB are installed by npm, 400 MB.</summary>
    private const string Variable = "COLBERT_TEST_READERS";

    private const int Top = 10;

    private static readonly string Scripts = Path.Combine(TestData.Repository, "tests", "readers");

    private readonly TemporaryFolder folder = new();
    private readonly List<ColbertEmbedding> documents;
    private readonly IReadOnlyList<ColbertSimilarity> ranked;

    public ReaderTests()
    {
        using var reference = new MinilmReference();
        using ColbertModel model = ColbertModel.Load();
        string[] texts = [.. reference.Texts.Where(text => text.Kind == TextKind.Document).Select(text => text.Text)];
        ColbertEmbedding query = model.EncodeQueries([reference.Texts.First(text => text.Kind == TextKind.Query).Text])[0];
        documents =
        [
            .. model.EncodeDocuments(texts).Index()
                .Select(one => new ColbertEmbedding(TextKind.Document, one.Item.Text, one.Item.Values, one.Item.Dimension)
                {
                    Id = $"d{one.Index}",
                }),
        ];
        var options = new ColbertEmbeddingFileOptions { IncludeText = true };
        ColbertEmbeddingFile.Write(folder.File("corpus.parquet"), documents, options);
        ColbertEmbeddingFile.Write(folder.File("query.parquet"), [query], options);
        var ranking = new ColbertRanking([query], documents.Count);
        foreach (ColbertEmbedding document in ColbertEmbeddingFile.Read(folder.File("corpus.parquet"))) ranking.Add(document);
        ranked = ranking.Best();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void DuckDB_and_LanceDB_give_the_ten_best_of_our_ranking()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(Variable) == "1",
            $"DuckDB and LanceDB did not read our files: {Variable}=1 installs them by npm, 400 MB.");
        if (!Directory.Exists(Path.Combine(Scripts, "node_modules", "@lancedb", "lancedb")))
        {
            var (installed, _, trouble) = Run(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error");
            Assert.SkipUnless(installed == 0, $"DuckDB and LanceDB did not read our files: npm could not install them: {trouble}");
        }

        var (exit, output, error) = Run(
            "node", "read.mjs", folder.File("corpus.parquet"), folder.File("query.parquet"), folder.File("database"));
        Assert.True(exit == 0, error);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement duck = json.RootElement.GetProperty("duckdb"), lance = json.RootElement.GetProperty("lancedb");
        AssertBest(duck);
        AssertBest(lance);
        Assert.Equal(
            ["id VARCHAR", "text VARCHAR", "embedding FLOAT[][]"],
            duck.GetProperty("types").EnumerateArray().Select(type => type.GetString()!));
        Assert.Equal(
            new[] { documents[3], documents[5] }.Select(document => (document.Id!, document.Text, document.TokenCount)),
            duck.GetProperty("rows").EnumerateArray()
                .Select(row =>
                    (row.GetProperty("id").GetString()!, row.GetProperty("text").GetString()!, row.GetProperty("tokens").GetInt32())));
        Assert.Equal(documents.Count, lance.GetProperty("count").GetInt32());
        Assert.Equal($"List<FixedSizeList[{documents[0].Dimension}]<Float16>>", lance.GetProperty("type").GetString());
    }

    [Fact]
    public void Pyarrow_sees_lists_of_float16_of_a_fixed_length()
    {
        string? python =
            new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(name => Run(name, "-c", "import pyarrow.parquet").Exit == 0);
        Assert.SkipWhen(python is null, "There is no python3 with pyarrow: our Parquet files were not read by it.");
        var (exit, output, error) = Run(python!, "read.py", folder.File("corpus.parquet"));
        Assert.True(exit == 0, error);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Contains(
            $"fixed_size_list<element: halffloat not null>[{documents[0].Dimension}]", json.RootElement.GetProperty("type").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(
            documents.Select(document => document.Id), json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(
            documents[0].Row(0).ToArray().Select(value => (float)(Half)value),
            json.RootElement.GetProperty("first").EnumerateArray().Select(number => number.GetSingle()));
        Assert.Equal("document", json.RootElement.GetProperty("kind").GetString());
    }

    // Of texts that have the same score nobody says which is first.
    private void AssertBest(JsonElement answer)
    {
        const double Tolerance = 1e-3;
        var found = answer.GetProperty("best").EnumerateArray()
            .Select(row => (Id: row.GetProperty("id").GetString(), Score: row.GetProperty("score").GetDouble())).ToArray();
        Assert.Equal(Top, found.Length);
        Assert.Equal(Top, found.DistinctBy(row => row.Id).Count());
        foreach (var (ours, theirs) in ranked.Zip(found))
        {
            Assert.Equal(ours.Score, theirs.Score, Tolerance);
            Assert.Equal(ranked.Single(one => one.Id == theirs.Id).Score, theirs.Score, Tolerance);
        }
    }

    private static (int Exit, string Output, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = ChildProcess.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Scripts,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result.Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }
}
