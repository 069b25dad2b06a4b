using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

public sealed class HubCacheTests
{
    [Fact]
    public async Task What_huggingface_hub_fetched_is_not_fetched_again()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Lay(hub, [.. FakeHub.Needed, "README.md", "pytorch_model.bin"]);
        Assert.Equal(hub.SnapshotFolder, await hub.DownloadAsync());
        Assert.Empty(hub.Asked);
    }

    [Fact]
    public async Task Only_what_is_missing_or_broken_in_a_cache_is_fetched()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Lay(hub, FakeHub.Needed);
        File.Delete(Path.Combine(hub.SnapshotFolder, "tokenizer.json"));
        File.Delete(hub.Blob("config.json"));
        File.WriteAllText(hub.Blob("model.safetensors"), "cut off");
        string folder = await hub.DownloadAsync();
        Assert.Equal(["config.json", "model.safetensors"], hub.Asked);
        foreach (string file in FakeHub.Needed) Assert.Equal(hub.Files[file], File.ReadAllBytes(Path.Combine(folder, file)));
    }

    [Fact]
    public async Task A_whole_cache_that_takes_no_notes_serves_all_the_same()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Lay(hub, FakeHub.Needed);
        File.WriteAllText(Path.Combine(hub.RepositoryFolder, "trees"), "in the way");
        Assert.Equal(hub.SnapshotFolder, await hub.DownloadAsync());
        File.Delete(Path.Combine(hub.SnapshotFolder, "config.json"));
        Assert.Equal(ColbertErrorId.OutputFailed, (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync())).Id);
    }

    [Theory]
    [InlineData("refs/main", false)]
    [InlineData("trees/COMMIT.json", false)]
    [InlineData("blobs/ETAG.incomplete", true)]
    public async Task Nothing_waits_at_a_pipe_in_the_cache(string name, bool isError)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        string blob = hub.Blob("config.json");
        if (isError) File.Delete(blob);
        Pipes.Make(Path.Combine(
            hub.RepositoryFolder,
            name.Replace("COMMIT", FakeHub.Commit, StringComparison.Ordinal)
                .Replace("ETAG", Path.GetFileName(blob), StringComparison.Ordinal)));
        if (isError)
        {
            ColbertException error = await Pipes.Error(() => hub.DownloadAsync().GetAwaiter().GetResult());
            Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
            Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
            return;
        }

        string folder = await Pipes.Ends(() => hub.DownloadAsync().GetAwaiter().GetResult());
        Assert.Equal(hub.Files["config.json"], File.ReadAllBytes(Path.Combine(folder, "config.json")));
    }

    [Fact]
    public async Task A_new_commit_fetches_what_changed()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        string old = new('f', 40);
        Directory.Move(hub.SnapshotFolder, Path.Combine(hub.RepositoryFolder, "snapshots", old));
        File.WriteAllText(Path.Combine(hub.RepositoryFolder, "refs", "main"), old);
        File.Delete(Path.Combine(hub.RepositoryFolder, "trees", FakeHub.Commit + ".json"));
        hub.Files["config.json"] = "{\"a\":1}"u8.ToArray();
        hub.Server.Calls.Clear();
        await hub.DownloadAsync();
        Assert.Equal(["config.json"], hub.Asked);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(hub.RepositoryFolder, "refs", "main")));
    }

    [Fact]
    public async Task Offline_takes_the_cache_and_asks_nobody()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        hub.Server.Calls.Clear();
        Assert.Equal(hub.SnapshotFolder, await OfflineAsync(hub));
        Assert.Empty(hub.Server.Calls);
    }

    [Fact]
    public async Task Offline_without_the_model_says_that_nobody_was_asked()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        foreach (string revision in new[] { "main", FakeHub.Commit })
        {
            ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => OfflineAsync(hub, revision));
            Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
            Assert.Contains("HF_HUB_OFFLINE", error.Message);
        }

        Assert.Empty(hub.Server.Calls);
    }

    [Theory]
    [InlineData("1_Dense/model.safetensors")]
    [InlineData("tokenizer.json")]
    [InlineData("modules.json")]
    public async Task Offline_with_a_part_of_the_model_names_what_is_missing(string file)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        File.Delete(Path.Combine(hub.SnapshotFolder, file));
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => OfflineAsync(hub));
        Assert.Equal(ColbertErrorId.ModelIncomplete, error.Id);
        Assert.Contains(file, error.Message);
    }

    [Fact]
    public async Task A_blob_that_is_gone_or_cut_off_makes_its_snapshot_incomplete()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        File.WriteAllText(hub.Blob("model.safetensors"), "cut off");
        Assert.Contains("model.safetensors", (await Assert.ThrowsAsync<ColbertException>(() => OfflineAsync(hub))).Message);
        File.Delete(hub.Blob("model.safetensors"));
        Assert.Contains("model.safetensors", (await Assert.ThrowsAsync<ColbertException>(() => OfflineAsync(hub))).Message);
    }

    [Fact]
    public async Task A_cache_without_a_list_serves_offline_when_it_is_certain_to_be_whole()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Lay(hub, FakeHub.Needed);
        Assert.Equal(hub.SnapshotFolder, await OfflineAsync(hub));
    }

    [Theory]
    [InlineData("config.json", "model.safetensors", "tokenizer.json")]
    [InlineData("config.json", "model.safetensors", "tokenizer.json", "config_sentence_transformers.json")]
    [InlineData(
        "config.json", "model.safetensors", "modules.json", "config_sentence_transformers.json", "tokenizer.json", "1_Dense/config.json")]
    public async Task What_a_program_left_that_needed_less_is_not_taken_for_a_model(params string[] files)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Lay(hub, files);
        Assert.Equal(ColbertErrorId.ModelIncomplete, (await Assert.ThrowsAsync<ColbertException>(() => OfflineAsync(hub))).Id);
    }

    [Fact]
    public async Task A_hub_out_of_reach_leaves_the_cache_and_says_so()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        hub.Server.Dispose();
        var reports = new Reports();
        Assert.Equal(hub.SnapshotFolder, await hub.DownloadAsync(progress: reports));
        string notice = Assert.Single(reports.Notices);
        Assert.Contains("out of reach", notice);
        Assert.Contains(FakeHub.Commit, notice);
        Assert.Empty(hub.Time.Waits);
    }

    [Fact]
    public async Task A_hub_out_of_reach_without_a_cache_is_an_error_after_some_tries()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Server.Dispose();
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
        Assert.Contains(hub.Server.Address, error.Message);
        Assert.Equal(5, hub.Time.Waits.Count);
    }

    [Fact]
    public async Task A_refusal_is_no_reason_to_take_the_cache()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        hub.Interfere = _ => Answer.Of(404, ("X-Error-Code", "RepoNotFound"));
        await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
    }

    [Fact]
    public async Task A_list_of_files_that_is_damaged_is_asked_for_again()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        string path = Path.Combine(hub.RepositoryFolder, "trees", FakeHub.Commit + ".json");
        string whole = File.ReadAllText(path);
        foreach (string damaged in new[]
        {
            "{", "[]", """{"format_version": 2, "files": {}}""", whole.Replace(hub.Etag("config.json"), "../../x"),
        })
        {
            File.WriteAllText(path, damaged);
            await hub.DownloadAsync();
            Assert.Equal(whole, File.ReadAllText(path));
        }
    }

    [Fact]
    public async Task A_download_that_broke_off_leaves_the_revision_where_it_was()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        string old = new('f', 40);
        Directory.CreateDirectory(Path.Combine(hub.RepositoryFolder, "refs"));
        File.WriteAllText(Path.Combine(hub.RepositoryFolder, "refs", "main"), old);
        hub.InterfereAtStorage = _ => Answer.Of(403);
        await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(old, File.ReadAllText(Path.Combine(hub.RepositoryFolder, "refs", "main")));
    }

    private static Task<string> OfflineAsync(FakeHub hub, string revision = "main") =>
        HubClient.DownloadAsync(FakeHub.Request with { Revision = revision }, hub.Settings with { IsOffline = true });

    // As huggingface_hub before its lists of files leaves it.
    private static void Lay(FakeHub hub, IReadOnlyList<string> files)
    {
        Directory.CreateDirectory(Path.Combine(hub.RepositoryFolder, "refs"));
        File.WriteAllText(Path.Combine(hub.RepositoryFolder, "refs", "main"), FakeHub.Commit);
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(hub.Blob(file))!);
            File.WriteAllBytes(hub.Blob(file), hub.Files[file]);
            string path = Path.Combine(hub.SnapshotFolder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, hub.Blob(file)));
        }
    }
}
