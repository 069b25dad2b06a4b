using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Tests.Documents;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class RunManifestTests
{
    private static readonly string Sha256 = new('a', 64), Hash = new('b', 32);

    private static RunManifest Good => new()
    {
        Output = new ManifestOutput("out.npz", 10, Sha256),
        Input = new ManifestInput(
            [
                new ManifestInputFile("a.jsonl", 100, new DateTimeOffset(2026, 11, 30, 7, 0, 0, 123, TimeSpan.Zero), Hash),
                new ManifestInputFile("b.jsonl", 50, DateTimeOffset.UnixEpoch, Hash),
            ],
            Hash),
        Shard = new ManifestShard(2, 3, 40, 120),
        Counts = new ManifestCounts(5, 4, 77, 1, 2),
        FirstId = "\"+ü 😀",
        LastId = null,
        Identity = new Dictionary<string, string>
        {
            ["product"] = "0.2.0",
            ["format"] = ".npz",
            ["type"] = "float32",
            ["layout"] = "",
            ["kind"] = "document",
            ["tokens"] = "no",
            ["texts"] = "yes",
        },
        Cpus = ["x86 1", "arm 2"],
    };

    [Fact]
    public void What_is_written_reads_back()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("m"), Good.ToJson());
        RunManifest read = RunManifest.Read(folder.File("m"));
        Assert.Equal(Good.ToJson(), read.ToJson());
        Assert.Equal(
            (Good.Output, Good.Shard, Good.Counts, Good.FirstId, Good.LastId),
            (read.Output, read.Shard, read.Counts, read.FirstId, read.LastId));
        Assert.Equal(Good.Input.Files, read.Input.Files);
        Assert.Equal(Good.Identity, read.Identity);
    }

    [Theory]
    [InlineData("format", "\"other\"", "it is not a manifest")]
    [InlineData("format", null, "it is not a manifest")]
    [InlineData("version", "2", "its version is not 1")]
    [InlineData("version", "\"1\"", "its version is not 1")]
    [InlineData("version", null, "its version is not 1")]
    [InlineData("output", null, "the field output is missing")]
    [InlineData("output", "null", "the field output cannot be read")]
    [InlineData("output.sha256", null, "the field output.sha256 is missing")]
    [InlineData("output.sha256", "\"AA\"", "output.sha256 is not a SHA-256")]
    [InlineData("output.bytes", "-1", "output.bytes is negative")]
    [InlineData("output.bytes", "1.5", "the field output.bytes cannot be read")]
    [InlineData("output.bytes", "99999999999999999999", "the field output.bytes cannot be read")]
    [InlineData("output.name", "\"../out.npz\"", "output.name is not a file name")]
    [InlineData("input.files", "[]", "input.files is empty")]
    [InlineData("input.files", "[null]", "input.files[0] is null")]
    [InlineData("input.files.1.bytes", null, "the field input.files[1].bytes is missing")]
    [InlineData("input.files.1.bytes", "null", "input.files[1] has some of bytes")]
    [InlineData("input.files.0.digest", "\"x\"", "input.files[0].digest is not a hash")]
    [InlineData("input.files.0.modified", "\"yesterday\"", "the field input.files[0].modified cannot be read")]
    [InlineData("input.hash", "\"\"", "input.hash is not a hash")]
    [InlineData("identity.product", null, "the field identity.product is missing")]
    [InlineData("identity.format", null, "the field identity.format is missing")]
    [InlineData("identity.type", null, "the field identity.type is missing")]
    [InlineData("identity.layout", null, "the field identity.layout is missing")]
    [InlineData("identity.kind", null, "the field identity.kind is missing")]
    [InlineData("identity.tokens", null, "the field identity.tokens is missing")]
    [InlineData("identity.texts", null, "the field identity.texts is missing")]
    [InlineData("identity.kind", "\"other\"", "the field identity.kind is not document or query")]
    [InlineData("identity.tokens", "\"\"", "the field identity.tokens is not yes or no")]
    [InlineData("shard", null, "the field shard is missing")]
    [InlineData("shard.index", "0", "shard.index is not from 1 to count")]
    [InlineData("shard.index", "4", "shard.index is not from 1 to count")]
    [InlineData("shard.count", "0", "shard.count is less than 1")]
    [InlineData("shard.count", "2147483647", "shard.count is more than 1000000 (the limit MostShards)")]
    [InlineData("shard.start", "121", "shard.start and shard.end are not a range")]
    [InlineData("shard.end", "151", "shard.end is behind the end of the input")]
    [InlineData("counts.texts", "6", "counts.texts is not the sum")]
    [InlineData("counts.tokens", "-1", "counts.tokens is negative")]
    [InlineData("counts.truncated", "5", "counts.truncated is larger")]
    [InlineData("counts.more", "1", "it has a field counts.more")]
    [InlineData("more", "1", "it has a field more")]
    [InlineData("identity.kind", "null", "identity.kind is null")]
    [InlineData("identity", "[]", "the field identity cannot be read")]
    [InlineData("processors", "[]", "processors names none")]
    [InlineData("processors", "[1]", "the field processors[0] cannot be read")]
    [InlineData("firstId", "\"\\ud800\"", "irstId")]
    public void A_broken_field_is_named_with_the_file(string field, string? value, string said)
    {
        JsonNode json = JsonNode.Parse(Good.ToJson())!;
        string[] path = field.Split('.');
        JsonNode at = json;
        foreach (string name in path[..^1]) at = at is JsonArray list ? list[int.Parse(name)]! : at[name]!;
        string mark = "\"the value of the test\"";
        if (value is null) Assert.True(at.AsObject().Remove(path[^1]));
        else at[path[^1]] = "the value of the test";
        AssertRefused(json.ToJsonString().Replace(mark, value ?? mark, StringComparison.Ordinal), said);
    }

    [Theory]
    [InlineData("", "it is not valid JSON")]
    [InlineData("{", "it is not valid JSON")]
    [InlineData("[]", "it is not a manifest")]
    [InlineData("null", "it is not a manifest")]
    [InlineData("{\"format\":\"colbert-manifest\",\"format\":\"colbert-manifest\"}", "it is not valid JSON")]
    public void What_is_no_manifest_is_named(string content, string said) => AssertRefused(content, said);

    [Fact]
    public void A_manifest_that_is_missing_a_folder_or_too_large_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("There is no manifest", Error(folder.File("none")).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Error(folder.Path).Message, StringComparison.Ordinal);
        using (FileStream large = File.Create(folder.File("large"))) large.SetLength(Limits.LargestManifest + 1);
        Assert.Contains("(the limit LargestManifest)", Error(folder.File("large")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_are_told_apart_by_the_first_field_that_differs()
    {
        Assert.Null(Good.FindDifference(Good.Identity));
        Assert.Equal(
            "its kind was 'document', and is 'query' now",
            Good.FindDifference(new Dictionary<string, string> { ["product"] = "0.2.0", ["kind"] = "query" }));
        Assert.Equal(
            "its format was '.npz', and is not said now", Good.FindDifference(new Dictionary<string, string> { ["product"] = "0.2.0" }));
    }

    [Fact]
    public void The_page_has_each_field_and_an_example_that_is_read()
    {
        using var folder = new TemporaryFolder();
        string example = Assert.Single(Pages.Code("docs/manifest.md", "json"));
        File.WriteAllText(folder.File("m"), example);
        Assert.Equal(RunManifest.CurrentVersion, RunManifest.Read(folder.File("m")).Version);
        string[] told =
        [
            .. Pages.Rows(Pages.Part("docs/manifest.md", "## Fields")).SelectMany(row => row[0].Split(", ")).Select(name => name.Trim('`'))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            Leaves(JsonSerializer.SerializeToElement(Good, ManifestContext.Default.RunManifest), "").Distinct()
                .Order(StringComparer.Ordinal),
            told);
    }

    private static IEnumerable<string> Leaves(JsonElement json, string place) => json.ValueKind switch
    {
        JsonValueKind.Object when place != "identity" =>
            json.EnumerateObject().SelectMany(field => Leaves(field.Value, place.Length > 0 ? $"{place}.{field.Name}" : field.Name)),
        JsonValueKind.Array when json[0].ValueKind == JsonValueKind.Object =>
            json.EnumerateArray().SelectMany(item => Leaves(item, place + "[]")),
        _ => [place],
    };

    private static void AssertRefused(string content, string said)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("m.json", content);
        ColbertException error = Error(folder.File("m.json"));
        Assert.Equal((ColbertErrorId.InputInvalid, folder.File("m.json")), (error.Id, error.Target));
        Assert.Contains("m.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static ColbertException Error(string path) => Assert.Throws<ColbertException>(() => RunManifest.Read(path));
}
