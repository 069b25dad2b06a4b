using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

/// <summary>Answers of a hub that lead nowhere, or never end.</summary>
public sealed class HubAnswerTests
{
    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = call => Answer.Of(302, ("Location", call.Target));
        Assert.Contains("circle", (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync())).Message);
        Assert.Equal(11, hub.Server.Calls.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("//")]
    [InlineData("///")]
    [InlineData("http://")]
    [InlineData("http://[")]
    [InlineData("http://:80/")]
    [InlineData("http://a:99999/")]
    [InlineData("javascript:alert(1)")]
    public async Task A_redirect_out_of_the_web_is_not_followed(string location)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = call => call.Path.Contains("/revision/") ? Answer.Of(302, ("Location", location)) : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal((ColbertErrorId.ModelNotFound, FakeHub.Repository), (error.Id, error.Target));
        Assert.Single(hub.Server.Calls);

        hub.Interfere = call => call.Path.Contains("/resolve/") ? Answer.Of(302, ("Location", location)) : null;
        error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Contains("302", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://hub.example/a", "/b", "https://hub.example/b")]
    [InlineData("https://hub.example/a", "https://other.example/b", "https://other.example/b")]
    [InlineData("http://hub.example/a", "https://hub.example/b", "https://hub.example/b")]
    [InlineData("http://hub.example/a", "http://other.example/b", "http://other.example/b")]
    [InlineData("https://hub.example/a", "http://hub.example/a", null)]
    [InlineData("https://hub.example/a", "HTTP://other.example/a", null)]
    [InlineData("https://hub.example/a", "ftp://hub.example/a", null)]
    public void Nobody_is_followed_from_https_to_http(string address, string target, string? followed) =>
        Assert.Equal(followed, HubHttp.Follow(new Uri(address), target)?.AbsoluteUri);

    [Theory]
    [InlineData("<{here}>; rel=\"next\"", "comes back", 1)]
    [InlineData("<//>; rel=\"next\"", "next page", 1)]
    [InlineData("<ftp://hub.example/>; rel=next", "next page", 1)]
    [InlineData("<{here}&cursor={n}>; rel=\"next\"", "1000 pages", 1000)]
    public async Task A_list_of_files_whose_pages_never_end_is_an_error(string link, string message, int calls)
    {
        using FakeHub hub = FakeHub.Checkpoint();
        int number = 0;
        hub.Interfere = call => call.Path.Contains("/tree/")
            ? Answer.Json(
                "[]",
                (
                    "Link",
                    link.Replace(
                        "{here}", $"/api/models/{FakeHub.Repository}/tree/{FakeHub.Commit}?recursive=true",
                        StringComparison.Ordinal).Replace("{n}", $"{number++}", StringComparison.Ordinal)))
            : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync());
        Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(calls, hub.Server.Calls.Count(call => call.Path.Contains("/tree/")));
        Assert.False(Directory.Exists(hub.SnapshotFolder));
    }

    [Fact]
    public async Task A_list_of_more_files_or_bytes_than_any_model_has_is_an_error()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        string entry = "{\"type\":\"file\",\"path\":\"f\",\"size\":1,\"oid\":\"" + new string('0', 40) + "\"}";
        string page = "[" + string.Join(',', Enumerable.Repeat(entry, 60_000)) + "]";
        int number = 0;
        hub.Interfere = call => call.Path.Contains("/tree/") ? Answer.Json(page, ("Link", $"<?cursor={number++}>; rel=\"next\"")) : null;
        Assert.Contains(
            "100000 files", (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(2, number);

        byte[] blanks = [.. "["u8, .. Enumerable.Repeat((byte)' ', 40 * 1024 * 1024), .. "]"u8];
        hub.Interfere = call =>
            call.Path.Contains("/tree/") ? new Answer(200, blanks, ("Link", $"<?cursor={number++}>; rel=\"next\"")) : null;
        Assert.Contains(
            "67108864 bytes", (await Assert.ThrowsAsync<ColbertException>(() => hub.DownloadAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(4, number);
    }

    [Fact]
    public async Task Sizes_beyond_all_numbers_are_told_as_a_disk_without_room()
    {
        using FakeHub hub = FakeHub.Checkpoint();
        hub.Interfere = call => call.Path.Contains("/tree/")
            ? Answer.Json("[" + string.Join(',', FakeHub.Needed.Select(file => file.EndsWith("model.safetensors", StringComparison.Ordinal)
                ? $$"""{"type":"file","path":"{{file}}","size":{{long.MaxValue}},"oid":"{{new string('0', 40)}}"}"""
                : $$"""{"type":"file","path":"{{file}}","size":{{hub.Files[file].Length}},"oid":"{{hub.Etag(file)}}"}""")) + "]")
            : null;
        ColbertException error = await Assert.ThrowsAsync<ColbertException>(() =>
            HubClient.DownloadAsync(FakeHub.Request, hub.Settings with { FreeSpace = _ => 1_000_000 }, new Reports()));
        Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
    }
}
