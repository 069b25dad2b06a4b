using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Faces;

/// <summary>encode --shard: the outputs of all shards behind each other are the output of one run.</summary>
public sealed class ShardFaceTests : IDisposable
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");
    private readonly TemporaryFolder folder = new TemporaryFolder().With("a.csv", "id,text\n1,\"bread\nrises\"\n2,the moon\n3,salt\n")
        .With("b.jsonl", "{\"id\":\"4\",\"text\":\"a kettle\"}\n{\"id\":\"5\",\"text\":\"leaves\"}\n");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Shards_of_several_files_are_the_lines_of_one_run()
    {
        await Encode("whole.jsonl");
        string together = "";
        List<RunManifest> shards = [];
        foreach (int index in (int[])[1, 2, 3])
        {
            await Encode($"{index}.jsonl", "--shard", $"{index}/3");
            shards.Add(RunManifest.Read(folder.File($"{index}.jsonl.manifest.json")));
            together += await File.ReadAllTextAsync(folder.File($"{index}.jsonl"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(folder.File("whole.jsonl"), TestContext.Current.CancellationToken), together);

        // The manifests show that they are.
        RunManifest whole = RunManifest.Read(folder.File("whole.jsonl.manifest.json"));
        Assert.Null(whole.Shard);
        Assert.Equal([(1, 3), (2, 3), (3, 3)], shards.Select(shard => (shard.Shard!.Index, shard.Shard.Count)));
        Assert.Equal(
            [0, .. shards.Select(shard => shard.Shard!.End)],
            shards.Select(shard => shard.Shard!.Start).Append(whole.Input.Files.Sum(file => file.Bytes!.Value)));
        Assert.All(shards, shard => Assert.Equal(whole.Input.Files, shard.Input.Files));
        Assert.Equal(whole.Counts.Tokens, shards.Sum(shard => shard.Counts.Tokens));
        Assert.Equal((whole.FirstId, whole.LastId), (shards[0].FirstId, shards[2].LastId));

        var again = await ColbertProcess.Run(
            null, "encode", "--document", "--model", Model, folder.File("a.csv"), folder.File("b.jsonl"), "-o", folder.File("2.jsonl"),
            "--shard", "3/3", "--resume");
        Assert.Equal(2, again.Exit);
        Assert.Contains("it has shard 2 of 3, bytes ", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_of_an_array_finds_its_shard_and_another_says_what_is_missing()
    {
        await Encode("2.jsonl", "--shard", "2/3");
        var task = new Dictionary<string, string>
        {
            ["SLURM_ARRAY_TASK_ID"] = "1",
            ["SLURM_ARRAY_TASK_MIN"] = "0",
            ["SLURM_ARRAY_TASK_MAX"] = "2",
            ["SLURM_ARRAY_TASK_STEP"] = "1",
            ["SLURM_ARRAY_TASK_COUNT"] = "3",
        };
        string[] arguments =
        [
            "encode", "--document", "--model", Model, folder.File("a.csv"), folder.File("b.jsonl"), "-o", folder.File("auto.jsonl"),
            "--shard", "auto",
        ];
        var run = await ColbertProcess.RunWith(task, null, arguments);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal(
            await File.ReadAllBytesAsync(folder.File("2.jsonl"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(folder.File("auto.jsonl"), TestContext.Current.CancellationToken));
        run = await ColbertProcess.Run(null, [.. arguments, "--force"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("SLURM_ARRAY_TASK_ID (a Slurm array) and no JOB_COMPLETION_INDEX", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.safetensors", "--layout", "per-text")]
    [InlineData("out.jsonl")]
    [InlineData("out.parquet")]
    [InlineData("out")]
    [InlineData("out.npz", "--resume")]
    public async Task A_shard_without_texts_gives_an_output_without_embeddings(string name, params string[] options)
    {
        folder.With("two.txt", "a text that is longer than all the others\nb\n");
        var run = await ColbertProcess.Run(
            null,
            ["encode", "--document", "--model", Model, folder.File("two.txt"), "-o", folder.File(name), "--shard", "5/9", .. options]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        // A folder without files says nothing of what it was made for, so it is none of embeddings to a reader.
        if (name == "out") Assert.Empty(Directory.EnumerateFiles(folder.File(name), "*.npy"));
        else Assert.Empty(ColbertEmbeddingFile.Read(folder.File(name)));
    }

    [Fact]
    public async Task A_pipe_has_no_shards()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Makes a pipe.");
        var run = await ColbertProcess.Run("one\n", "encode", "--document", "--model", Model, "-", "-o", "-", "--shard", "1/2");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains("Standard input has no shards", run.Error, StringComparison.Ordinal);
        run = await ColbertProcess.Run(
            null, "encode", "--document", "--model", Model, Pipes.Make(folder.File("pipe")), "-o", "-", "--shard", "1/2");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains("it is not a regular file", run.Error, StringComparison.Ordinal);
        run = await ColbertProcess.Run(null, "encode", "--document", "--model", Model, folder.File("a.csv"), "-o", "-", "--shard", "3/2");
        Assert.Equal(2, run.Exit);
        Assert.Contains("Shard '3/2': there is no such shard.", run.Error, StringComparison.Ordinal);
    }

    private async Task Encode(string name, params string[] options)
    {
        var run = await ColbertProcess.Run(
            null,
            ["encode", "--document", "--model", Model, folder.File("a.csv"), folder.File("b.jsonl"), "-o", folder.File(name), .. options]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }
}
