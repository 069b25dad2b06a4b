using System.Text.Json.Nodes;
using ColbertOnnx.Embeddings;
using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>Merged shards have the bytes of one run, and its manifest.</summary>
public sealed class ColbertMergeTests : IDisposable
{
    private readonly ShardedRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Theory]
    [InlineData("all.npz", EmbeddingType.Float32, 3)]
    [InlineData("all.npz", EmbeddingType.Float16, 3)]
    [InlineData("all.npz", EmbeddingType.Int8, 3)]
    [InlineData("all.npz", EmbeddingType.Binary, 3)]
    [InlineData("all.npz", EmbeddingType.Float32, 40)]
    [InlineData("all.safetensors", EmbeddingType.Float32, 3)]
    [InlineData("all.safetensors", EmbeddingType.Int8, 40)]
    [InlineData("all.safetensors", EmbeddingType.Float16, 4, "per-text")]
    [InlineData("all.safetensors", EmbeddingType.Int8, 4, "per-text")]
    [InlineData("all.jsonl", EmbeddingType.Float32, 40)]
    [InlineData("all.jsonl", EmbeddingType.Float16, 3)]
    [InlineData("all.jsonl", EmbeddingType.Int8, 3)]
    [InlineData("all.jsonl", EmbeddingType.Binary, 3)]
    [InlineData("all", EmbeddingType.Float32, 40)]
    [InlineData("all", EmbeddingType.Int8, 3)]
    [InlineData("all.parquet", EmbeddingType.Float16, 3)]
    [InlineData("all.parquet", EmbeddingType.Float32, 40)]
    [InlineData("all.parquet", EmbeddingType.Float16, 3, "with text and tokens")]
    [InlineData("all.npz", EmbeddingType.Float32, 3, "with text and tokens")]
    [InlineData("all.jsonl", EmbeddingType.Float32, 1)]
    public void Merged_shards_have_the_bytes_of_one_run(string name, EmbeddingType type, int count, string how = "")
    {
        bool isAll = how == "with text and tokens";
        var file = new ColbertEmbeddingFileOptions
        {
            Type = type,
            IncludeText = isAll,
            IncludeTokens = isAll,
            Layout = how == "per-text" ? EmbeddingLayout.PerText : null,
        };
        string whole = runs.Encode($"one/{name}", file: file), merged = runs.File($"merged/{name}");
        string[] shards = runs.EncodeAll(name, count, file);
        Directory.CreateDirectory(runs.File("merged"));
        (RunManifest manifest, ShardReport report) = ColbertMerge.Run(
            [.. shards, .. shards.Select(shard => RunManifest.PathOf(shard))], merged);
        Assert.Empty(report.Warnings);
        AssertSame(whole, merged);
        Assert.Equal(File.ReadAllText(RunManifest.PathOf(whole)), File.ReadAllText(RunManifest.PathOf(merged)));
        Assert.Equal((15, 13, 2, null), (manifest.Counts.Texts, manifest.Counts.Embeddings, manifest.Counts.Errors, manifest.Shard));
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(runs.File("merged")).Count());
        Assert.Equal(Failed(whole), Failed(merged));
    }

    [Theory]
    [InlineData("all.npz")]
    [InlineData("all")]
    public void What_a_killed_process_left_beside_a_finished_shard_goes_with_the_merge(string name)
    {
        string[] shards = runs.EncodeAll(name, 3), left = [.. shards.SelectMany(StagedWriter.PartialsOf)];
        if (name.Contains('.')) left = [.. shards.Select(shard => StagedWriter.PartialsOf(shard)[0])];
        foreach (string folder in left)
        {
            Directory.CreateDirectory(Path.Combine(folder, StagedWriter.PartsFolder));
            File.WriteAllText(Path.Combine(folder, "lock"), "");
        }

        Assert.True(ColbertMerge.Check(shards).IsComplete);
        Assert.All(left, folder => Assert.True(Directory.Exists(folder)));
        ColbertMerge.Run(shards, runs.File("merged" + Path.GetExtension(name)));
        Assert.All(left, folder => Assert.False(Directory.Exists(folder)));
    }

    [Fact]
    public void Queries_in_folders_are_merged_beside_documents()
    {
        string whole = runs.Encode("one/all", kind: TextKind.Query), merged = runs.Encode("merged/all");
        (RunManifest manifest, _) = ColbertMerge.Run(runs.EncodeAll("all", 4, kind: TextKind.Query), merged);
        Assert.Equal(manifest.ToJson(), RunManifest.Read(RunManifest.PathOf(whole, TextKind.Query)).ToJson());
        foreach (string file in Directory.EnumerateFiles(whole))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(merged, Path.GetFileName(file))));
        Assert.Equal(26, ColbertEmbeddingFile.Read(merged).Count());
        Assert.Null(RunManifest.Read(RunManifest.PathOf(merged)).FindChange(merged));
    }

    [Fact]
    public void The_hash_of_all_texts_is_put_together_and_knows_their_order()
    {
        var whole = new SequenceHash();
        SequenceHash[] parts = [new(), new(), new()];
        for (uint i = 0; i < 100; i++)
        {
            whole.Add(i * 0x9E3779B9u);
            parts[i < 30 ? 0 : 2].Add(i * 0x9E3779B9u);
        }

        var joined = new SequenceHash();
        foreach ((SequenceHash part, long count) in parts.Zip([30L, 0, 70])) joined.Add(part.ToString(), count);
        Assert.Equal(whole.ToString(), joined.ToString());
        var turned = new SequenceHash();
        turned.Add(parts[2].ToString(), 70);
        turned.Add(parts[0].ToString(), 30);
        Assert.NotEqual(whole.ToString(), turned.ToString());
    }

    [Fact]
    public void Int8_that_is_read_and_written_again_has_the_same_scales()
    {
        var random = new Random(7);
        ColbertEmbedding[] given =
        [
            .. Enumerable.Range(0, 200)
                .Select(_ => new ColbertEmbedding(
                    TextKind.Document, "x", Enumerable.Range(0, 32).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray(), 8)),
        ];
        var type = new ColbertEmbeddingFileOptions { Type = EmbeddingType.Int8 };
        foreach (string name in (string[])["given.npz", "given.safetensors", "given.jsonl"])
        {
            ColbertEmbeddingFile.Write(runs.File(name), given, type);
            ColbertEmbeddingFile.Write(runs.File("again-" + name), ColbertEmbeddingFile.Read(runs.File(name)), type);
            AssertSame(runs.File(name), runs.File("again-" + name));
        }
    }

    [Fact]
    public void The_scale_of_a_row_is_found_again_in_what_it_made_of_the_largest_number()
    {
        Span<byte> bytes = stackalloc byte[2];
        // All numbers from 1/4 to 1/2; other powers of two have the same digits.
        for (uint bits = 0x3E800000; bits <= 0x3F000000; bits++)
        {
            float largest = BitConverter.UInt32BitsToSingle(bits), scale = PackedVectors.ToInt8([largest, largest / 3], bytes);
            if (PackedVectors.ToInt8([(sbyte)bytes[0] * scale, (sbyte)bytes[1] * scale], bytes) != scale || bytes[0] != 127)
                Assert.Fail($"{largest:R}");
        }
    }

    [Fact]
    public void An_output_that_is_there_or_of_another_format_is_refused()
    {
        string[] shards = runs.EncodeAll("all.npz", 2);
        string target = runs.Encode("there.npz");
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, target)).Id);
        Assert.Equal(
            ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, shards[0], force: true)).Id);
        Assert.Contains(
            "the shards are .npz files",
            Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, runs.File("other.safetensors"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the shards are .npz files", Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, runs.File("folder"))).Message,
            StringComparison.Ordinal);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => ColbertMerge.Run(shards, runs.File("new.npz"), cancellation: stopped.Token));
        Assert.Null(ColbertMerge.Run(shards, target, force: true).Manifest.FindChange(target));
        Assert.False(Path.Exists(runs.File("new.npz")));
    }

    [Fact]
    public void Errors_that_cannot_be_numbered_are_told()
    {
        string[] shards = runs.EncodeAll("all.jsonl", 1);
        string errors = RunManifest.ErrorsPathOf(shards[0]);
        foreach (string content in (string[])["x\n", "{\"text\":1}\n", "{\"text\":\"1\"}\n{\"text\":2}\n"])
        {
            File.WriteAllText(errors, content);
            Assert.Contains(
                errors, Assert.Throws<ColbertException>(() => ColbertMerge.Run(shards, runs.File("new.jsonl"))).Message,
                StringComparison.Ordinal);
        }

        Assert.False(File.Exists(runs.File("new.jsonl")));
    }

    private static string[] Failed(string output) =>
    [
        .. File.ReadLines(RunManifest.ErrorsPathOf(output)).Select(line => JsonNode.Parse(line)!)
            .Select(line => $"{line["text"]} {line["id"]} {line["error"]}"),
    ];

    private static void AssertSame(string expected, string actual)
    {
        string[] files = Directory.Exists(expected) ? [.. Directory.EnumerateFiles(expected).Order(StringComparer.Ordinal)] : [expected];
        if (Directory.Exists(expected))
            Assert.Equal(
                files.Select(Path.GetFileName), Directory.EnumerateFiles(actual).Order(StringComparer.Ordinal).Select(Path.GetFileName));
        foreach (string file in files)
            Assert.Equal(
                File.ReadAllBytes(file),
                File.ReadAllBytes(Directory.Exists(actual) ? Path.Combine(actual, Path.GetFileName(file)) : actual));
    }
}
