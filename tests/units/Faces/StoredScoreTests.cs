using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>score over embeddings that were encoded before.</summary>
public sealed class StoredScoreTests : IDisposable
{
    private const string Question = "bread and salt";

    private static readonly string Model = TestData.Path("onnx", "bert-base"), Other = TestData.Path("onnx", "bert-cased-lower");

    private readonly TemporaryFolder folder = new TemporaryFolder().With("in.jsonl", string.Concat(Enumerable.Range(0, 30).Select(i =>
        $"{{\"id\":\"d{i}\",\"text\":\"Bread {i % 7} rises{string.Concat(Enumerable.Repeat(" and salt", i % 5))}.\"}}\n")));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.safetensors", "--layout", "per-text")]
    [InlineData("out.jsonl")]
    [InlineData("out.parquet", "--type", "float32", "--include-text")]
    [InlineData("out")]
    public async Task Embeddings_of_every_format_are_ranked_as_their_texts_are(string name, params string[] options)
    {
        await Encode(name, options);
        var texts = await Score(folder.File("in.jsonl"));
        var stored = await Score("--embeddings", folder.File(name));
        Assert.Equal((0, "colbert: the best 10 of 30 texts; --top shows more.\n"), (stored.Exit, stored.Error));
        Assert.Equal(texts.Output, stored.Output);
    }

    [Fact]
    public async Task Several_files_are_one_corpus_in_their_order()
    {
        foreach (int shard in (int[])[1, 2, 3]) await Encode($"{shard}.npz", "--shard", $"{shard}/3");
        string[] files = [folder.File("1.npz"), folder.File("2.npz"), folder.File("3.npz")];
        string texts = (await Score(folder.File("in.jsonl"), "--top", "0")).Output;
        Assert.Equal(texts, (await Score(["--embeddings", .. files, "--top", "0"])).Output);
        Assert.Equal(texts, (await Score(["--top", "0", .. files.SelectMany(file => (string[])["--embeddings", file])])).Output);
    }

    [Fact]
    public async Task Without_id_and_text_there_is_the_place_and_matches_name_the_tokens_of_texts()
    {
        folder.With("in.txt", "bread rises\nthe moon\n");
        await Encode("out.parquet", "in.txt");
        var run = await Score("--embeddings", folder.File("out.parquet"), "--json");
        JsonElement[] lines = [.. Lines(run.Output).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            [$"{folder.File("out.parquet")}:1", $"{folder.File("out.parquet")}:2"],
            lines.Select(line => line.GetProperty("location").GetString()).Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal("", line.GetProperty("text").GetString()));
        Assert.Contains("out.parquet:1\t\n", (await Score("--embeddings", folder.File("out.parquet"))).Output, StringComparison.Ordinal);

        await Encode("out.npz", "in.txt");
        run = await Score("--embeddings", folder.File("out.npz"), "--json", "--include-matches", "--heatmap", folder.File("map.html"));
        Assert.Equal(Matches((await Score(folder.File("in.txt"), "--json", "--include-matches")).Output), Matches(run.Output));
        Assert.Contains("bread", File.ReadAllText(folder.File("map.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.parquet")]
    [InlineData("out")]
    public async Task That_they_are_of_another_model_is_told(string name)
    {
        await ColbertProcess.Run(null, "encode", "--document", "--model", Other, folder.File("in.jsonl"), "-o", folder.File(name));
        // Parquet says it itself, as others' programs get it.
        if (name == "out.parquet") File.Delete(folder.File(name + ".manifest.json"));
        var run = await Score("--embeddings", folder.File(name), "--top", "0");
        string said = $"colbert: '{folder.File(name)}' is of the model 'bert-cased-lower', and the query of 'bert-base': "
            + "scores between two models mean nothing. --model names that of the embeddings.\n";
        Assert.Equal((0, said), (run.Exit, run.Error));
        Assert.Equal(30, run.Output.Count(character => character == '\n'));

        // Of the file that lay there before, the manifest says nothing.
        if (name != "out.npz") return;
        File.Delete(folder.File("in.jsonl"));
        folder.With("in.jsonl", "{\"text\":\"one\"}\n");
        await Encode("other.npz");
        File.Move(folder.File("other.npz"), folder.File(name), overwrite: true);
        Assert.Matches(
            "^colbert: '[^']+' is not as its manifest says: it has [0-9]+ bytes, and [0-9]+ were written.\n$",
            (await Score("--embeddings", folder.File(name))).Error);
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.jsonl")]
    [InlineData("out.parquet")]
    [InlineData("out")]
    public async Task What_does_not_fit_the_manifest_beside_it_is_told_and_ranked(string name)
    {
        await Encode(name);
        string path = folder.File(name), manifest = path + ".manifest.json", good = File.ReadAllText(manifest);
        var whole = await Score("--embeddings", path, "--top", "0");
        Assert.Equal((0, ""), (whole.Exit, whole.Error));
        File.WriteAllText(manifest, good.Replace("\"bytes\": ", "\"bytes\": 9", StringComparison.Ordinal));
        await AssertTold("' is not as its manifest says: it has [0-9]+ bytes, and 9[0-9]+ were written.");
        File.WriteAllText(
            manifest,
            good.Replace("\"texts\": 30", "\"texts\": 31", StringComparison.Ordinal)
                .Replace("\"embeddings\": 30", "\"embeddings\": 31", StringComparison.Ordinal));
        await AssertTold("' is not as its manifest says: it holds 30 embeddings instead of 31.");
        File.WriteAllText(manifest, "{");
        await AssertTold("' has a manifest beside it that cannot be used: .+");

        async Task AssertTold(string said)
        {
            var run = await Score("--embeddings", path, "--top", "0");
            Assert.Equal((0, whole.Output), (run.Exit, run.Output));
            Assert.Matches($"^colbert: '[^']+{said}\n$", run.Error);
        }
    }

    [Fact]
    public async Task What_cannot_be_ranked_ends_the_run_with_its_place()
    {
        folder.With("other.jsonl", "{\"id\":\"a\",\"embedding\":[[1,0]]}\n");
        await ColbertProcess.Run(null, "encode", "--query", "--model", Model, folder.File("in.jsonl"), "-o", folder.File("queries.npz"));
        await Encode("cut.npz");
        File.WriteAllBytes(folder.File("cut.npz"), File.ReadAllBytes(folder.File("cut.npz"))[..^40]);
        File.Delete(folder.File("cut.npz.manifest.json"));
        string other = folder.File("other.jsonl");
        await AssertRefused($"{other}:1: The query has 16 dimensions and 'a' 2: they come from different models.", other);
        await AssertRefused("'d0' was encoded as a query and is used as a document", folder.File("queries.npz"));
        await AssertRefused(folder.File("cut.npz"), folder.File("cut.npz"));
        await AssertRefused($"There is no file '{folder.File("none.npz")}'.", folder.File("none.npz"));
        await AssertRefused("no format for embeddings is called '.csv'", folder.With("c.csv").File("c.csv"));
        await AssertRefused("there is no npy file in the folder", folder.Path);
    }

    [Fact]
    public async Task What_has_no_id_and_no_text_is_named_by_its_place()
    {
        ColbertEmbeddingFile.Write(folder.File("out"), [new ColbertEmbedding(TextKind.Document, "", new float[] { 0.6f, 0.8f }, 2)]);
        File.Delete(folder.File("out/doc_texts.jsonl"));
        string document = folder.File("out/doc_000000.npy");
        var run = await Score("--embeddings", folder.File("out"));
        Assert.StartsWith(
            $"colbert: InputInvalid: The query has 16 dimensions and '{document}' 2: they come from different models.\n", run.Error,
            StringComparison.Ordinal);
        folder.With("query.jsonl", "{\"kind\":\"query\",\"embedding\":[[1,0]]}\n");
        run = await Score("--embeddings", folder.File("query.jsonl"));
        Assert.StartsWith(
            $"colbert: InputInvalid: '{folder.File("query.jsonl")}:1' was encoded as a query and is used as a document", run.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Give INPUT, the texts to rank, or embeddings of them with --embeddings.")]
    [InlineData("INPUT and --embeddings are two corpora: give one of them.", "in.jsonl", "--embeddings", "out.npz")]
    [InlineData("--text-field says how texts are read, and --embeddings has none", "--embeddings", "out.npz", "--text-field", "text")]
    [InlineData("--embeddings names files: embeddings are not read from standard input.", "--embeddings", "out.npz", "-")]
    [InlineData("Unrecognized command or argument '--typo'.", "--embeddings", "out.npz", "--typo")]
    public async Task Texts_and_embeddings_are_two_inputs(string said, params string[] arguments)
    {
        var run = await Score(arguments);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--document-length", "40")]
    [InlineData("--document-prefix", "")]
    [InlineData("--skiplist", "and")]
    [InlineData("--pool-factor", "2")]
    [InlineData("--protected-tokens", "1")]
    public async Task What_says_how_documents_are_encoded_is_refused_beside_embeddings(string option, string value)
    {
        var run = await Score("--embeddings", folder.File("out.npz"), option, value);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(
            $"{option} says how documents are encoded, and --embeddings has none to encode.", run.Error, StringComparison.Ordinal);
        // Alone, it would be told that nothing is pooled.
        string[] rest = option == "--protected-tokens" ? ["--pool-factor", "2"] : [];
        Assert.Equal((0, ""), ((run = await Score([folder.File("in.jsonl"), "--top", "0", option, value, .. rest])).Exit, run.Error));
    }

    [Fact]
    public async Task Of_a_folder_that_holds_queries_too_the_documents_are_ranked()
    {
        await Encode("out");
        string alone = (await Score("--embeddings", folder.File("out"))).Output;
        await ColbertProcess.Run(null, "encode", "--query", "--model", Model, folder.File("in.jsonl"), "-o", folder.File("out"));
        var run = await Score("--embeddings", folder.File("out"));
        Assert.Equal((0, alone), (run.Exit, run.Output));
        Assert.StartsWith(
            $"colbert: '{folder.File("out")}' also holds queries, which are not ranked.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_there_is_nothing_to_rank_is_told()
    {
        folder.With("none.txt").With("none.jsonl").With("bad.jsonl", "x\n");
        Assert.Equal((0, "", "colbert: There are no texts to rank.\n"), await Score(folder.File("none.txt")));
        Assert.Equal((0, "", "colbert: There are no embeddings to rank.\n"), await Score("--embeddings", folder.File("none.jsonl")));
        // What could not be encoded was told already.
        Assert.DoesNotContain("to rank", (await Score(folder.File("bad.jsonl"))).Error, StringComparison.Ordinal);
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Matches(string output) =>
        [.. Lines(output).Select(line => line[line.IndexOf("\"matches\"", StringComparison.Ordinal)..])];

    private async Task AssertRefused(string said, string file)
    {
        var run = await Score("--embeddings", file);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith("colbert: InputInvalid: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    private async Task Encode(string name, params string[] options)
    {
        bool isNamed = options is [var first, ..] && !first.StartsWith('-');
        string input = folder.File(isNamed ? options[0] : "in.jsonl");
        string[] rest = isNamed ? options[1..] : options;
        var run = await ColbertProcess.Run(null, ["encode", "--document", "--model", Model, input, "-o", folder.File(name), .. rest]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }

    private static Task<(int Exit, string Output, string Error)> Score(params string[] arguments) =>
        ColbertProcess.Run(null, ["score", "--model", Model, "--query", Question, .. arguments]);
}
