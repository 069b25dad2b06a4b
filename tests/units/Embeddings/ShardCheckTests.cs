using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>What is wrong with shards is told by name, and nothing is merged.</summary>
public sealed class ShardCheckTests : IDisposable
{
    private readonly ShardedRuns runs = new();

    public void Dispose() => runs.Dispose();

    public static TheoryData<string, string> Broken => new()
    {
        { "", "" },
        { "{", "" },
        { "[]", "" },
        { "\"format\": \"colbert-manifest\"", "\"format\": \"other\"" },
        { "\"version\": 1", "\"version\": 2" },
        { "\"output\":", "\"outputs\":" },
        { "\"bytes\": ", "\"bytes\": -" },
        { "\"sha256\": \"", "\"sha256\": \"x" },
        { "\"files\": [", "\"files\": [null, " },
        { "\"hash\": \"", "\"hash\": \"00" },
        { "\"shard\": {", "\"shard\": null, \"more\": {" },
        { "\"index\": 2", "\"index\": 0" },
        { "\"index\": 2", "\"index\": 4" },
        { "\"index\": 2", "\"index\": \"2\"" },
        { "\"index\": 2", "\"index\": 3" },
        { "\"count\": 3", "\"count\": 2" },
        { "\"start\": ", "\"start\": 1" },
        { "\"end\": ", "\"end\": 99999" },
        { "\"texts\": ", "\"texts\": 1" },
        { "\"kind\": \"document\"", "\"kind\": \"query\"" },
        { "\"type\": \"float32\"", "\"type\": \"int8\"" },
        { "\"ONNX Runtime\": \"", "\"ONNX Runtime\": \"0." },
        { "\"digest\": \"", "\"digest\": \"0" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_manifest_is_named_with_its_output_and_nothing_is_written(string what, string by)
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        string path = RunManifest.PathOf(shards[1]), text = File.ReadAllText(path);
        Assert.Contains(by.Length == 0 ? "" : what, text, StringComparison.Ordinal);
        int at = text.IndexOf(what, StringComparison.Ordinal);
        File.WriteAllText(path, by.Length == 0 ? what : text[..at] + by + text[(at + what.Length)..]);
        AssertRefused(shards, shards[1], "2");
    }

    [Fact]
    public void Nothing_tells_that_an_output_is_finished_but_its_manifest()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        File.Delete(RunManifest.PathOf(shards[2]));
        AssertRefused(shards, shards[2], "1", "has no manifest beside it");
        File.Delete(shards[2]);
        AssertRefused(shards, shards[2], "1", "is not there");
    }

    [Theory]
    [InlineData("all.npz")]
    [InlineData("all")]
    [InlineData("all.parquet")]
    public void An_output_that_was_changed_or_is_gone_is_named(string name)
    {
        string[] shards = runs.EncodeAll(name, 3);
        string file = Directory.Exists(shards[0]) ? Directory.EnumerateFiles(shards[0], "*.npy").First() : shards[0];
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        AssertRefused(shards, shards[0], "3", "has other bytes than were written");
        File.WriteAllBytes(file, bytes[..^1]);
        AssertRefused(shards, shards[0], "3", "were written");
        File.Delete(file);
        AssertRefused(shards, shards[0], "3");
    }

    [Fact]
    public void A_shard_that_is_missing_is_told_as_an_array()
    {
        string[] shards = [.. runs.EncodeAll("all.npz", 12).Reverse()];
        string[] left = [.. shards.Where((_, i) => i is not (2 or 6 or 7 or 8 or 11))];
        ShardReport report = ColbertMerge.Check(left);
        Assert.Equal(("3,7-9,12", 12, false), (report.Array, report.Count, report.IsComplete));
        Assert.Equal([3, 7, 8, 9, 12], report.Missing);
        Assert.Empty(report.Faults);
        Assert.Contains("Of 12 shards 3,7-9,12 are to be encoded.", Assert.Throws<ColbertException>(() => ColbertMerge.Run(left, runs.File("merged.npz"))).Message, StringComparison.Ordinal);
        Assert.Equal(("", true), (ColbertMerge.Check(shards).Array, ColbertMerge.Check(shards).IsComplete));
    }

    [Fact]
    public void A_shard_that_is_there_twice_is_an_error_though_none_is_missing()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        string copy = runs.Encode("copy.npz", 2, 3);
        AssertRefused([.. shards, copy], copy, "", $"is shard 2/3, as '{shards[1]}' is");
        AssertRefused([.. shards, shards[0]], shards[0], "", "is shard 3/3");
    }

    [Fact]
    public void A_shard_of_another_run_is_told_with_what_differs()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        using (ColbertModel other = ColbertModel.Load(TestData.Path("onnx", "bert-base"), new ColbertModelOptions { DocumentLength = 12 }))
        {
            File.Delete(shards[1]);
            runs.Encode("shards/2-all.npz", 2, 3, with: other);
            AssertRefused(shards, shards[1], "2", "its DocumentLength is '12', and there '");
        }

        File.Delete(shards[1]);
        runs.Encode("shards/2-all.npz", 2, 3, new() { Type = EmbeddingType.Int8 });
        AssertRefused(shards, shards[1], "2", "its type is 'int8', and there 'float32'");
        File.Delete(shards[1]);
        runs.Encode("shards/2-all.npz", 2, 4);
        AssertRefused(shards, shards[1], "2", "is one of 4 shards");
        File.Delete(shards[1]);
        runs.Encode("shards/2-all.npz");
        AssertRefused(shards, shards[1], "2", "is no shard");
        File.Delete(shards[1]);
        File.AppendAllText(runs.Inputs[1], "\n");
        runs.Encode("shards/2-all.npz", 2, 3);
        AssertRefused(shards, shards[1], "2", "is of another input than");
        AssertRefused([shards[1]], null, "1,3");
    }

    [Fact]
    public void Other_processors_and_other_dates_are_told_and_merged()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        runs.Change(shards[1], manifest => manifest with { Processors = ["another one"] });
        runs.Change(shards[2], manifest => manifest with { Input = manifest.Input with { Files = [.. manifest.Input.Files.Select(file => file with { Modified = DateTimeOffset.UnixEpoch })] } });
        ShardReport report = ColbertMerge.Check(shards);
        Assert.True(report.IsComplete);
        Assert.Equal(2, report.Warnings.Count);
        Assert.Contains("2 kinds of processor", report.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("2 on another one", report.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("different dates", report.Warnings[1], StringComparison.Ordinal);
        Assert.Contains("another one", ColbertMerge.Run(shards, runs.File("merged.npz")).Manifest.Processors);
    }

    [Fact]
    public void Without_a_shard_nothing_says_how_many_there_should_be()
    {
        string whole = runs.Encode("whole.npz");
        foreach (string[] outputs in (string[][])[[], [whole], [runs.File("none.npz"), whole]])
            Assert.Contains("There is no shard to merge.", Assert.Throws<ColbertException>(() => ColbertMerge.Check(outputs)).Message, StringComparison.Ordinal);
    }

    private void AssertRefused(string[] shards, string? wrong, string array, string said = "")
    {
        ShardReport report = ColbertMerge.Check(shards);
        Assert.Equal(array, report.Array);
        Assert.False(report.IsComplete);
        if (wrong is not null) Assert.Contains(report.Faults, fault => fault.Output == wrong && fault.What.Contains(said, StringComparison.Ordinal));
        var error = Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, runs.File("merged/all" + Path.GetExtension(shards[0]))));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        if (wrong is not null) Assert.Contains($"'{wrong}'", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(runs.File("merged")));
    }
}
