namespace ColbertOnnx.Tests.Faces;

/// <summary>encode --shard and merge, as tasks and their scheduler run them.</summary>
public sealed class MergeFaceTests : IDisposable
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");
    private readonly TemporaryFolder folder = new TemporaryFolder().With(
        "corpus.csv", "id,text\n1,\"bread\nrises\"\n2,the moon\n3,too,many\n4,salt melts ice\n5,a kettle\n");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Shards_of_several_processes_are_merged_to_the_bytes_of_one_run()
    {
        Assert.Equal(2, (await Encode("whole.npz")).Exit);
        string[] shards = [];
        foreach (int index in (int[])[4, 2, 1, 3])
        {
            Assert.InRange((await Encode($"shard-{index}.npz", "--shard", $"{index}/4", "--resume")).Exit, 0, 2);
            shards = [.. shards, folder.File($"shard-{index}.npz")];
        }

        var merged = await ColbertProcess.Run(
            null, ["merge", .. Directory.GetFiles(folder.Path, "shard-*"), "-o", folder.File("merged.npz")]);
        Assert.Equal((0, "", ""), merged);
        Assert.Equal(
            await File.ReadAllBytesAsync(folder.File("whole.npz"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(folder.File("merged.npz"), TestContext.Current.CancellationToken));
        Assert.Equal(
            (await File.ReadAllTextAsync(folder.File("whole.npz.manifest.json"), TestContext.Current.CancellationToken)).Replace(
                "whole", "merged", StringComparison.Ordinal),
            await File.ReadAllTextAsync(folder.File("merged.npz.manifest.json"), TestContext.Current.CancellationToken));
        // Of CSV each shard knows the lines.
        string errors = await File.ReadAllTextAsync(folder.File("whole.npz.errors.jsonl"), TestContext.Current.CancellationToken);
        Assert.StartsWith("{\"text\":3,", errors, StringComparison.Ordinal);
        Assert.Equal(errors, await File.ReadAllTextAsync(folder.File("merged.npz.errors.jsonl"), TestContext.Current.CancellationToken));
        Assert.Equal((0, "", ""), await ColbertProcess.Run(null, ["merge", "--check", .. shards]));
    }

    [Fact]
    public async Task What_is_missing_is_the_only_line_of_output_and_the_exit_code_says_so()
    {
        foreach (int index in (int[])[1, 3]) await Encode($"shard-{index}.npz", "--shard", $"{index}/4");
        string[] shards = [folder.File("shard-1.npz"), folder.File("shard-3.npz")];
        Assert.Equal((1, "2,4\n", ""), await ColbertProcess.Run(null, ["merge", "--check", .. shards]));
        await File.AppendAllTextAsync(shards[1], "x", TestContext.Current.CancellationToken);
        var run = await ColbertProcess.Run(null, ["merge", "--check", .. shards]);
        Assert.Equal((1, "2-4\n"), (run.Exit, run.Output));
        Assert.Contains($"'{shards[1]}' has ", run.Error, StringComparison.Ordinal);
        run = await ColbertProcess.Run(null, ["merge", .. shards, "-o", folder.File("all.npz")]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains("InputInvalid: Nothing is merged.", run.Error, StringComparison.Ordinal);
        Assert.Contains("2-4", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("all.npz")));
    }

    [Theory]
    [InlineData("merge", "a.npz")]
    [InlineData("merge", "a.npz", "--check", "-o", "b.npz")]
    [InlineData("merge", "--check")]
    [InlineData("merge", "a.npz", "-o", "")]
    [InlineData("merge", "a.npz", "-o", "-")]
    public async Task Usage_that_says_nothing_sure_is_refused(params string[] arguments) =>
        Assert.Equal(2, (await ColbertProcess.Run(null, arguments)).Exit);

    [Theory]
    [InlineData("nothing: give it or -o, not both", "a.npz", "--check", "-o", "b.npz")]
    [InlineData("Say where the merged output goes with -o", "a.npz")]
    [InlineData("standard output has no place for one", "a.npz", "-o", "-")]
    public async Task Usage_that_is_refused_says_why(string why, params string[] arguments) =>
        Assert.Contains(why, (await ColbertProcess.Run(null, ["merge", .. arguments])).Error, StringComparison.Ordinal);

    private Task<(int Exit, string Output, string Error)> Encode(string name, params string[] options) =>
        ColbertProcess.Run(
            null, ["encode", "--document", "--model", Model, folder.File("corpus.csv"), "-o", folder.File(name), .. options]);
}
