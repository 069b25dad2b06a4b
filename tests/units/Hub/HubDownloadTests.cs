using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

public sealed class HubDownloadTests
{
    [Fact]
    public async Task Only_the_files_that_are_needed_are_asked_for_and_each_once()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        string folder = await hub.DownloadAsync();
        Assert.Equal(hub.SnapshotFolder, folder);
        Assert.Equal(FakeHub.Needed, hub.Asked);
        Assert.Equal(2, hub.Storage.Calls.Count);
        Assert.Equal(FakeHub.Needed, FilesOf(folder));
        foreach (string file in FakeHub.Needed) Assert.Equal(hub.Files[file], File.ReadAllBytes(Path.Combine(folder, file)));
    }

    [Fact]
    public async Task The_cache_is_laid_out_as_huggingface_hub_lays_it_out()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(hub.RepositoryFolder, "refs", "main")));
        Assert.Equal(FakeHub.Needed.Select(hub.Etag).Order(StringComparer.Ordinal), FilesOf(Path.Combine(hub.RepositoryFolder, "blobs")));
        // What git calls the two bytes {}.
        Assert.Equal("9e26dfeeb6e641a33dae4961196235bdb965b21b", hub.Etag("config.json"));
        Assert.Equal($"../../../blobs/{hub.Etag("1_Dense/config.json")}", LinkOf(hub, "1_Dense/config.json"));
        Assert.Equal($"../../blobs/{hub.Etag("model.safetensors")}", LinkOf(hub, "model.safetensors"));
        Assert.True(File.Exists(Path.Combine(hub.CacheFolder, ".locks", "models--colbert--tiny", hub.Etag("config.json") + ".lock")));
    }

    [Fact]
    public async Task Without_links_the_snapshot_holds_the_files()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        string folder = await HubClient.DownloadAsync(FakeHub.Request, hub.Settings with { UsesLinks = false });
        Assert.Null(new FileInfo(Path.Combine(folder, "model.safetensors")).LinkTarget);
        Assert.Equal(hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Empty(FilesOf(Path.Combine(hub.RepositoryFolder, "blobs")));
    }

    [Fact]
    public async Task A_second_time_one_question_is_asked_and_nothing_is_fetched()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync();
        hub.Server.Calls.Clear();
        var reports = new Reports();
        Assert.Equal(hub.SnapshotFolder, await hub.DownloadAsync(progress: reports));
        Assert.Equal($"/api/models/{FakeHub.Repository}/revision/main", Assert.Single(hub.Server.Calls).Path);
        Assert.Empty(reports.All);
    }

    [Fact]
    public async Task A_commit_that_is_complete_needs_no_network()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        await hub.DownloadAsync(FakeHub.Request with { Revision = FakeHub.Commit });
        Assert.False(Directory.Exists(Path.Combine(hub.RepositoryFolder, "refs")));
        hub.Server.Calls.Clear();
        Assert.Equal(hub.SnapshotFolder, await hub.DownloadAsync(FakeHub.Request with { Revision = FakeHub.Commit }));
        Assert.Empty(hub.Server.Calls);
    }

    [Fact]
    public async Task A_list_of_several_pages_is_read_to_its_end()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.PageSize = 5;
        Assert.Equal(FakeHub.Needed, FilesOf(await hub.DownloadAsync()));
        Assert.Equal(3, hub.Server.Calls.Count(call => call.Path.Contains("/tree/")));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_to_no_other_host()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Token = "hf_secret";
        await hub.DownloadAsync();
        Assert.All(hub.Server.Calls, call => Assert.Equal("Bearer hf_secret", call.Token));
        Assert.NotEmpty(hub.Storage.Calls);
        Assert.All(hub.Storage.Calls, call => Assert.Null(call.Token));
        Assert.All(hub.Server.Calls.Concat(hub.Storage.Calls), call => Assert.StartsWith("ColbertOnnx/", call.Headers["User-Agent"]));
    }

    [Fact]
    public async Task Another_name_of_the_same_machine_is_another_host_for_the_token()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Token = "hf_secret";
        hub.Interfere = call => IsNumber(call) ? Answer.Of(307, ("Location", $"http://localhost:{hub.Server.Port}{call.Target}")) : null;
        await hub.DownloadAsync();
        Assert.All(hub.Server.Calls, call => Assert.Equal(IsNumber(call), call.Token is not null));
        Assert.Contains(hub.Server.Calls, call => !IsNumber(call));
    }

    [Fact]
    public async Task A_redirect_within_the_hub_keeps_the_token()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Token = "hf_secret";
        hub.Interfere = call => call.Path == $"/api/models/{FakeHub.Repository}/revision/old"
            ? Answer.Of(307, ("Location", $"/api/models/{FakeHub.Repository}/revision/main"))
            : null;
        await hub.DownloadAsync(FakeHub.Request with { Revision = "old" });
        Assert.All(hub.Server.Calls, call => Assert.Equal("Bearer hf_secret", call.Token));
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(hub.RepositoryFolder, "refs", "old")));
    }

    [Fact]
    public async Task Two_downloads_at_once_fetch_each_file_once()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        string[] folders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => hub.DownloadAsync())));
        Assert.All(folders, folder => Assert.Equal(FakeHub.Needed, FilesOf(folder)));
        Assert.Equal(FakeHub.Needed, hub.Asked);
    }

    [Fact]
    public async Task Files_of_one_content_are_fetched_once()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Files["1_Dense/config.json"] = hub.Files["config.json"];
        Assert.Equal(FakeHub.Needed, FilesOf(await hub.DownloadAsync()));
        Assert.Single(hub.Asked, file => file is "config.json" or "1_Dense/config.json");
    }

    [Fact]
    public async Task A_file_that_another_process_holds_is_waited_for_and_the_user_is_told()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        string path = Path.Combine(hub.CacheFolder, ".locks", "models--colbert--tiny", hub.Etag("model.safetensors") + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var held = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var reports = new Reports { Then = report => { if (report.Notice?.Contains("Another process") == true) held.Dispose(); } };
        await hub.DownloadAsync(progress: reports);
        Assert.Contains(reports.Notices, notice => notice.Contains("model.safetensors"));
    }

    [Fact]
    public async Task Progress_ends_with_all_bytes_and_comes_five_times_a_second_at_most()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        var reports = new Reports();
        await hub.DownloadAsync(progress: reports);
        // This clock stands still while nothing waits.
        ColbertProgress last = Assert.Single(reports.All);
        long bytes = FakeHub.Needed.Sum(file => (long)hub.Files[file].Length);
        Assert.Equal((bytes, bytes), (last.Done, last.Total));
    }

    [Fact]
    public void Progress_comes_again_after_a_fifth_of_a_second()
    {
        var time = new SkippingTime();
        var reports = new Reports();
        var meter = new HubProgressMeter(reports, time);
        var file = new HubFile("a", 100, new string('0', 40), null);
        meter.Expect(file);
        for (int i = 1; i <= 10; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            meter.Set(file, i * 10);
        }

        Assert.Equal([20, 40, 60, 80, 100], reports.All.Select(report => report.Done));
    }

    [Fact]
    public async Task A_graph_is_fetched_with_its_settings_and_without_the_checkpoint()
    {
        using var hub = new FakeHub(
            ("config.json", "{}"), ("model.safetensors", "weights"), ("model.onnx", "full"), ("model_int8.onnx", "int8"),
            ("onnx_config.json", "{}"), ("tokenizer.json", "{ }"));
        await hub.DownloadAsync();
        Assert.Equal(["model.onnx", "onnx_config.json", "tokenizer.json"], hub.Asked);
        hub.Server.Calls.Clear();
        await hub.DownloadAsync(FakeHub.Request with { Quantized = true });
        Assert.Equal(["model_int8.onnx"], hub.Asked);
    }

    internal static string[] FilesOf(string folder) =>
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
        ];

    private static bool IsNumber(Call call) => call.Headers["Host"].Contains("127.0.0.1");

    private static string LinkOf(FakeHub hub, string file) =>
        new FileInfo(Path.Combine(hub.SnapshotFolder, file)).LinkTarget!.Replace('\\', '/');
}
