using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

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
        { "\"format\": \".npz\",", " " },
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
        Assert.Contains(
            "Shards 3,7-9,12 of 12 are to be encoded.",
            Assert.Throws<ColbertException>(() => ColbertMerge.Run(left, runs.File("merged.npz"))).Message, StringComparison.Ordinal);
        Assert.Equal(
            "Nothing is merged. Shard 12 of 12 is to be encoded.",
            Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards[..^1], runs.File("merged.npz"))).Message);
        Assert.Equal(("", true), (ColbertMerge.Check(shards).Array, ColbertMerge.Check(shards).IsComplete));
    }

    [Fact]
    public void A_shard_that_is_there_twice_is_an_error_though_none_is_missing()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        string copy = runs.Encode("copy.npz", 2, 3);
        AssertRefused([.. shards, copy], copy, "", $"is shard 2/3, as '{shards[1]}' is");
        Assert.True(ColbertMerge.Check([.. shards, shards[0], Path.GetRelativePath(Environment.CurrentDirectory, shards[1])]).IsComplete);
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
        AssertRefused(shards, shards[1], "2", "is not a shard");
        File.Delete(shards[1]);
        File.AppendAllText(runs.Inputs[1], "\n");
        runs.Encode("shards/2-all.npz", 2, 3);
        AssertRefused(shards, shards[1], "2", "is of another input than");
        AssertRefused([shards[1]], null, "1,3");
    }

    [Fact]
    public void Of_two_of_one_number_the_whole_one_counts_and_the_damaged_one_is_told()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        string copy = runs.Encode("copy.npz", 2, 3);
        File.AppendAllText(shards[1], "x");
        AssertRefused([.. shards, copy], shards[1], "", "were written");
        Assert.Equal(shards[1], Assert.Single(ColbertMerge.Check([copy, .. shards]).Faults).Output);
        Assert.True(ColbertMerge.Check([shards[0], copy, shards[2]]).IsComplete);
    }

    [Fact]
    public void Shards_of_two_runs_are_told_with_their_numbers_dates_and_difference()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        Assert.Empty(ColbertMerge.Check(shards).Warnings);
        File.Delete(shards[1]);
        File.AppendAllText(runs.Inputs[1], "\n");
        File.SetLastWriteTimeUtc(runs.Inputs[1], new DateTime(2041, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        runs.Encode("shards/2-all.npz", 2, 3);
        string said = Assert.Single(ColbertMerge.Check(shards).Warnings);
        foreach (string part in (string[])
        [
            "shards of 2 runs", "shards 1,3 of 3 (input of 20", "shard 2 of 3 (input of 2041-02-03 04:05:06Z)", "is of another input than",
        ])
            Assert.Contains(part, said, StringComparison.Ordinal);
        Assert.Contains(
            said, Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, runs.File("merged.npz"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_both_kinds_is_refused_since_one_would_be_lost()
    {
        string[] shards = runs.EncodeAll("all", 2);
        Assert.True(ColbertMerge.Check(shards).IsComplete);
        runs.Encode("shards/1-all", 1, 2, kind: TextKind.Query);
        AssertRefused(shards, shards[1], "1", "holds queries beside documents");
        File.Delete(RunManifest.PathOf(shards[1], TextKind.Query));
        AssertRefused(shards, shards[1], "1", "holds queries beside documents");
    }

    [Theory]
    [InlineData("{\"text\":3,garbage")]
    [InlineData("{\"text\":3}")]
    [InlineData("{\"text\":3,\"source\":\"a\",\"error\":\"b\",\"message\":\"c\"} x")]
    [InlineData("{\"text\":99,\"source\":\"a\",\"error\":\"b\",\"message\":\"c\"}")]
    [InlineData("{\"text\":0,\"source\":\"a\",\"error\":\"b\",\"message\":\"c\"}")]
    [InlineData("")]
    public void Errors_that_cannot_be_merged_are_found_by_the_check(string line)
    {
        string[] shards = runs.EncodeAll("all.npz", 1);
        string path = RunManifest.ErrorsPathOf(shards[0]), second = File.ReadAllLines(path)[1];
        Assert.True(ColbertMerge.Check(shards).IsComplete);
        File.WriteAllText(path, $"{line}\n{second}\n");
        AssertRefused(shards, shards[0], "1", "has errors beside it that cannot be read");
    }

    [Fact]
    public void A_shard_whose_errors_are_missing_is_found_by_the_check()
    {
        string[] shards = runs.EncodeAll("all.npz", 1);
        File.Delete(RunManifest.ErrorsPathOf(shards[0]));
        AssertRefused(
            shards, shards[0], "1", "has no '1-all.npz.errors.jsonl' beside it, and its manifest counts 2 errors");
    }

    [Fact]
    public void An_output_with_the_name_of_another_format_is_found_by_the_check()
    {
        string[] shards = runs.EncodeAll("all.npz", 2);
        string other = Path.ChangeExtension(shards[0], ".safetensors");
        File.Move(shards[0], other);
        File.Move(RunManifest.PathOf(shards[0]), RunManifest.PathOf(other));
        AssertRefused([shards[1], other], other, "2", "is named as a .safetensors file, and was written as a .npz file");
    }

    [Fact]
    public void A_large_input_of_different_dates_may_have_changed()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        foreach (string shard in shards)
        {
            runs.Change(shard, manifest =>
            {
                ManifestInputFile[] files =
                [
                    .. manifest.Input.Files.Select((file, i) => i > 0
                        ? file
                        : file with
                        {
                            Bytes = FileDigest.WholeUpTo + 1,
                            Modified = shard == shards[0] ? DateTimeOffset.UnixEpoch : DateTimeOffset.UnixEpoch.AddDays(1),
                        }),
                ];
                (long begin, long end) = new ColbertShard(manifest.Shard!.Index, 3).Of(files.Sum(file => file.Bytes!.Value));
                return manifest with
                {
                    Input = manifest.Input with { Files = files },
                    Shard = new ManifestShard(manifest.Shard.Index, 3, begin, end),
                };
            });
        }

        ShardReport report = ColbertMerge.Check(shards);
        Assert.True(report.IsComplete);
        string said = Assert.Single(report.Warnings);
        foreach (string part in (string[])
        [
            "'a.jsonl' may have changed", "1970-01-02 00:00:00Z for shard 1", "1970-01-01 00:00:00Z for shard 3",
        ])
            Assert.Contains(part, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_processors_and_other_dates_are_told_and_merged()
    {
        string[] shards = runs.EncodeAll("all.npz", 3);
        runs.Change(shards[1], manifest => manifest with { Cpus = ["another one"] });
        runs.Change(
            shards[2],
            manifest => manifest with
            {
                Input = manifest.Input with
                {
                    Files = [.. manifest.Input.Files.Select(file => file with { Modified = DateTimeOffset.UnixEpoch })],
                },
            });
        ShardReport report = ColbertMerge.Check(shards);
        Assert.True(report.IsComplete);
        Assert.Equal(2, report.Warnings.Count);
        Assert.Contains("2 kinds of CPU", report.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("2 on another one", report.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("different dates", report.Warnings[1], StringComparison.Ordinal);
        Assert.Contains("another one", ColbertMerge.Run(shards, runs.File("merged.npz")).Manifest.Cpus);
    }

    [Fact]
    public void Without_a_shard_nothing_says_how_many_there_should_be()
    {
        string whole = runs.Encode("whole.npz");
        Assert.EndsWith(
            "No output was named or found.", Assert.Throws<ColbertException>(() => ColbertMerge.Check([])).Message,
            StringComparison.Ordinal);
        foreach (string[] outputs in (string[][])[[], [whole], [runs.File("none.npz"), whole]])
            Assert.Contains(
                "There is no shard to merge.", Assert.Throws<ColbertException>(() => ColbertMerge.Check(outputs)).Message,
                StringComparison.Ordinal);
    }

    private void AssertRefused(string[] shards, string? wrong, string array, string said = "")
    {
        ShardReport report = ColbertMerge.Check(shards);
        Assert.Equal(array, report.Array);
        Assert.False(report.IsComplete);
        if (wrong is not null)
            Assert.Contains(report.Faults, fault => fault.Output == wrong && fault.What.Contains(said, StringComparison.Ordinal));
        var error = Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, runs.File("merged/all" + Path.GetExtension(shards[0]))));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        if (wrong is not null) Assert.Contains($"'{wrong}'", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(runs.File("merged")));
    }
}
