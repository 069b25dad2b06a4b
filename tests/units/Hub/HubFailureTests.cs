using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

public sealed class HubFailureTests
{
    private const string Weights = "model.safetensors";

    [Fact]
    public async Task A_broken_transfer_goes_on_where_it_ended()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.InterfereAtStorage = FakeHub.First(
            2, hub.Etag(Weights), call => Answer.Content(hub.Files[Weights], call) with { BreakAfter = 100_000 });
        var reports = new Reports();
        string folder = await hub.DownloadAsync(progress: reports);
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
        long[] starts = [.. hub.Storage.Calls.Where(call => call.Path == "/" + hub.Etag(Weights)).Select(call => call.From)];
        Assert.Equal([0, 100_000, 200_000], starts);
        Assert.Equal(2, reports.Notices.Count());
        Assert.Equal(reports.All[^1].Total, reports.All[^1].Done);
    }

    [Fact]
    public async Task An_earlier_run_s_bytes_are_not_fetched_again()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Begin(hub, Weights, hub.Files[Weights][..299_000]);
        await hub.DownloadAsync();
        Assert.Equal(299_000, Assert.Single(hub.Storage.Calls, call => call.Path == "/" + hub.Etag(Weights)).From);
        Assert.False(File.Exists(hub.Blob(Weights) + ".incomplete"));
    }

    [Fact]
    public async Task A_beginning_that_is_a_link_is_not_written_through()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using FakeHub hub = FakeHub.Checkpoint();
        using TemporaryFolder other = new TemporaryFolder().With("file", "mine");
        string link = hub.Blob(Weights) + ".incomplete";
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, other.File("file"));
        var error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.OutputFailed, link), (error.Id, error.Target));
        Assert.Contains("is a link", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(other.File("file")));
    }

    [Fact]
    public async Task Bytes_that_are_all_there_are_checked_and_not_fetched()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Begin(hub, Weights, hub.Files[Weights]);
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(await hub.DownloadAsync(), Weights)));
        Assert.DoesNotContain(hub.Storage.Calls, call => call.Path == "/" + hub.Etag(Weights));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_the_whole_and_the_file_is_right()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Begin(hub, Weights, hub.Files[Weights][..1000]);
        hub.InterfereAtStorage = call => call.Path == "/" + hub.Etag(Weights) ? new Answer(200, hub.Files[Weights]) : null;
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(await hub.DownloadAsync(), Weights)));
        Assert.Single(hub.Storage.Calls, call => call.Path == "/" + hub.Etag(Weights));
    }

    [Fact]
    public async Task A_range_from_elsewhere_or_refused_starts_the_file_over()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        foreach (Answer answer in new[] { Answer.Of(416), new Answer(206, [1, 2, 3], ("Content-Range", "bytes 7-9/10")) })
        {
            Begin(hub, Weights, hub.Files[Weights][..1000]);
            hub.InterfereAtStorage = FakeHub.First(1, hub.Etag(Weights), _ => answer);
            Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(await hub.DownloadAsync(), Weights)));
            Directory.Delete(hub.RepositoryFolder, recursive: true);
        }
    }

    [Fact]
    public async Task Wrong_bytes_of_an_earlier_run_are_thrown_away()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Begin(hub, Weights, new byte[1000]);
        var reports = new Reports();
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(await hub.DownloadAsync(progress: reports), Weights)));
        Assert.Contains(reports.Notices, notice => notice.Contains(Weights) && notice.Contains("hash"));
        Assert.Equal([1000, 0], hub.Storage.Calls.Where(call => call.Path == "/" + hub.Etag(Weights)).Select(call => call.From));
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("config.json")]
    public async Task A_hash_that_is_wrong_twice_is_an_error_and_leaves_nothing(string file)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        byte[] wrong = [.. hub.Files[file]];
        wrong[^1] ^= 1;
        hub.Interfere = call =>
            call.Path.EndsWith($"{FakeHub.Commit}/{file}", StringComparison.Ordinal) && file != Weights ? new Answer(200, wrong) : null;
        hub.InterfereAtStorage = call => file == Weights && call.Path == "/" + hub.Etag(file) ? new Answer(200, wrong) : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.ModelIncomplete, file), (error.Id, error.Target));
        Assert.False(File.Exists(hub.Blob(file)));
        Assert.False(File.Exists(hub.Blob(file) + ".incomplete"));
        Assert.False(File.Exists(Path.Combine(hub.SnapshotFolder, file)));
        Assert.False(File.Exists(Path.Combine(hub.RepositoryFolder, "refs", "main")));
        Assert.Equal(2, hub.Server.Calls.Count(call => call.Path.EndsWith($"{FakeHub.Commit}/{file}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task More_bytes_than_the_hub_lists_are_wrong_too()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.InterfereAtStorage = call => call.Path == "/" + hub.Etag(Weights) ? new Answer(200, [.. hub.Files[Weights], 1]) : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.ModelIncomplete, Weights), (error.Id, error.Target));
    }

    [Fact]
    public async Task A_transfer_that_never_comes_through_is_an_error_that_keeps_what_came()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        int calls = 0;
        hub.InterfereAtStorage = call => call.Path == "/" + hub.Etag(Weights)
            ? Interlocked.Increment(ref calls) == 1 ? Answer.Content(hub.Files[Weights], call) with { BreakAfter = 70_000 } : Answer.Of(503)
            : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.ModelIncomplete, Weights), (error.Id, error.Target));
        Assert.Contains("70000 of 300000", error.Message);
        Assert.Contains("503", error.Message);
        Assert.DoesNotContain("signature", error.ToString());
        Assert.Equal(70_000, new FileInfo(hub.Blob(Weights) + ".incomplete").Length);
        Assert.Equal(6, calls);
    }

    [Fact]
    public async Task A_signature_that_ran_out_is_renewed_by_asking_the_hub_again()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.InterfereAtStorage = FakeHub.First(1, hub.Etag(Weights), _ => Answer.Of(403));
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(await hub.DownloadAsync(), Weights)));
        Assert.Equal(2, hub.Asked.Count(file => file == Weights));
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_asked_again()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.InterfereAtStorage = FakeHub.First(
            1, hub.Etag(Weights), call => Answer.Content(hub.Files[Weights], call) with { BreakAfter = 1000, FallsSilent = true });
        string folder = await HubClient.DownloadAsync(FakeHub.Request, hub.Settings with { LongestSilence = TimeSpan.FromSeconds(2) });
        Assert.Equal(hub.Files[Weights], File.ReadAllBytes(Path.Combine(folder, Weights)));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_s_wish_to_wait_is_granted(int status)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = FakeHub.First(1, "/revision/", _ => Answer.Of(status, ("Retry-After", "17")));
        await hub.DownloadAsync();
        Assert.Equal([TimeSpan.FromSeconds(17)], hub.Time.Waits);
    }

    [Fact]
    public async Task The_wish_may_be_a_date()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = FakeHub.First(
            1, "/revision/", _ => Answer.Of(429, ("Retry-After", hub.Time.GetUtcNow().AddSeconds(42).ToString("R"))));
        await hub.DownloadAsync();
        Assert.Equal([TimeSpan.FromSeconds(42)], hub.Time.Waits);
    }

    [Fact]
    public async Task A_wish_longer_than_anybody_waits_is_an_error_at_once()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = _ => Answer.Of(429, ("Retry-After", "3600"));
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
        Assert.Contains("429", error.Message);
        Assert.Empty(hub.Time.Waits);
    }

    [Fact]
    public async Task Without_a_wish_the_waits_double_and_end()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = _ => Answer.Of(502);
        await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(6, hub.Server.Calls.Count);
        Assert.Equal(5, hub.Time.Waits.Count);
        for (int i = 0; i < 5; i++) Assert.InRange(hub.Time.Waits[i].TotalSeconds, 0.25 * Math.Pow(2, i), 0.5 * Math.Pow(2, i));
    }

    [Theory]
    [InlineData(401, "RepoNotFound", null, "private", "HF_TOKEN")]
    [InlineData(401, null, null, "private", "HF_TOKEN")]
    [InlineData(401, null, "hf_old", "token", "expired")]
    [InlineData(403, "GatedRepo", null, "gated", "licence")]
    [InlineData(403, null, "hf_old", "gated", "licence")]
    [InlineData(404, "RepoNotFound", null, "no model", "name")]
    [InlineData(404, "RevisionNotFound", null, "no revision", "branches")]
    [InlineData(410, null, null, "410", "HF_ENDPOINT")]
    public async Task What_the_hub_refuses_is_told_with_what_to_do_and_not_repeated(
        int status, string? code, string? token, string message, string action)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Token = token;
        hub.Interfere = _ => Answer.Of(status, code is null ? [] : [("X-Error-Code", code)]);
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.ModelNotFound, FakeHub.Repository), (error.Id, error.Target));
        Assert.Contains(message, error.Message);
        Assert.Contains(action, error.Action);
        Assert.Single(hub.Server.Calls);
        Assert.DoesNotContain("hf_old", error.ToString());
    }

    [Fact]
    public async Task A_file_that_the_hub_lists_and_does_not_have_is_named()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = call =>
            call.Path.EndsWith("/tokenizer.json", StringComparison.Ordinal) ? Answer.Of(404, ("X-Error-Code", "EntryNotFound")) : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.ModelIncomplete, "tokenizer.json"), (error.Id, error.Target));
    }

    [Theory]
    [InlineData("<html>sign in to the network</html>")]
    [InlineData("{}")]
    [InlineData("""{"sha": "../../../etc"}""")]
    public async Task An_answer_that_is_no_hub_s_is_told(string answer)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = _ => Answer.Json(answer);
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
        Assert.Contains("HF_ENDPOINT", error.Action);
    }

    [Fact]
    public async Task An_id_that_would_be_a_path_is_refused()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = call => call.Path.Contains("/tree/")
            ? Answer.Json("""[{"type": "file", "path": "config.json", "size": 2, "oid": "../../../evil"}]""")
            : null;
        Assert.Equal(ColbertErrorId.ModelNotFound, (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync())).Id);
    }

    [Fact]
    public async Task A_file_name_that_leads_out_of_the_folder_is_refused_before_it_is_asked_for()
    {
        using var hub = new FakeHub(
            ("config.json", "{}"), (Weights, "weights"), ("modules.json", """[{"path": "../../../../evil", "type": "b.Dense"}]"""),
            ("../../../../evil/config.json", "{}"), ("../../../../evil/model.safetensors", "evil"));
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(ColbertErrorId.ModelInvalid, error.Id);
        Assert.DoesNotContain(hub.Server.Calls, call => call.Path.Contains("evil"));
    }

    [Fact]
    public async Task A_token_that_was_asked_for_and_is_not_there_is_told_before_the_hub_is_asked()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        var reports = new Reports();
        await HubClient.DownloadAsync(FakeHub.Request, hub.Settings with { Notice = "no token" }, reports);
        Assert.Equal(["no token"], reports.Notices);
    }

    [Fact]
    public async Task Cancelling_stops_it_and_keeps_what_came()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.InterfereAtStorage = call => call.Path == "/" + hub.Etag(Weights)
            ? Answer.Content(hub.Files[Weights], call) with { BreakAfter = 200_000, FallsSilent = true }
            : null;
        using var cancellation = new CancellationTokenSource();
        Task<string> download = hub.DownloadAsync(cancellation: cancellation.Token);
        var incomplete = new FileInfo(hub.Blob(Weights) + ".incomplete");
        while (!incomplete.Exists || incomplete.Length < 200_000)
        {
            Assert.False(download.IsCompleted);
            await Task.Delay(20);
            incomplete.Refresh();
        }

        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download.WaitAsync(ChildProcess.Patience));
        Assert.Equal(200_000, new FileInfo(incomplete.FullName).Length);

        hub.InterfereAtStorage = _ => null;
        hub.Storage.Calls.Clear();
        await hub.DownloadAsync();
        Assert.Equal(200_000, Assert.Single(hub.Storage.Calls, call => call.Path == "/" + hub.Etag(Weights)).From);
    }

    [Fact]
    public async Task A_wait_for_the_hub_is_ended_by_cancelling()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = _ => Answer.Of(503, ("Retry-After", "200"));
        using var cancellation = new CancellationTokenSource();
        var reports = new Reports { Then = _ => cancellation.Cancel() };
        HubSettings settings = hub.Settings with { Time = TimeProvider.System };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            HubClient.DownloadAsync(FakeHub.Request, settings, reports, cancellation.Token).WaitAsync(ChildProcess.Patience));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_an_error_of_the_output()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Directory.CreateDirectory(hub.RepositoryFolder);
        File.WriteAllText(Path.Combine(hub.RepositoryFolder, "blobs"), "in the way");
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
        Assert.Contains("HF_HOME", error.Action);
    }

    [Fact]
    public async Task A_disk_without_room_is_told_before_the_weights_are_asked_for()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() =>
            HubClient.DownloadAsync(FakeHub.Request, hub.Settings with { FreeSpace = _ => 200_000 }));
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
        Assert.Contains("200000", error.Message);
        Assert.Empty(hub.Storage.Calls);
    }

    [Theory]
    [InlineData("no/such/name")]
    [InlineData("./folder")]
    public async Task A_name_that_is_none_is_an_error_without_a_request(string name)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        Assert.Equal(
            ColbertErrorId.ModelNotFound,
            (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync(new HubRequest { Repository = name }))).Id);
        Assert.Equal(
            ColbertErrorId.ModelNotFound,
            (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync(FakeHub.Request with { Revision = "../x" }))).Id);
        Assert.Empty(hub.Server.Calls);
    }

    private static void Begin(FakeHub hub, string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Blob(file))!);
        File.WriteAllBytes(hub.Blob(file) + ".incomplete", bytes);
    }
}
