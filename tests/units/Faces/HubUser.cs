using ColbertOnnx.Tests.Hub;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Somebody with caches of their own, to whom a local server is the hub: its one model is the checkpoint bert-base.</summary>
internal sealed class HubUser : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public FakeHub Hub { get; } = FakeHub.Of(CheckpointFolder.Of("bert-base"));

    /// <summary>What the variables say; the proxy and the token of who runs the tests are none of the test's.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["HF_ENDPOINT"] = Hub.Server.Address,
        ["HF_HOME"] = folder.File("hf"),
        ["COLBERT_CACHE"] = folder.File("colbert"),
        ["NO_PROXY"] = "127.0.0.1",
        ["no_proxy"] = "127.0.0.1",
        ["HF_HUB_CACHE"] = "",
        ["HUGGINGFACE_HUB_CACHE"] = "",
        ["HF_TOKEN"] = "",
        ["HUGGING_FACE_HUB_TOKEN"] = "",
        ["HF_TOKEN_PATH"] = "",
        ["HF_HUB_OFFLINE"] = "",
        ["TRANSFORMERS_OFFLINE"] = "",
    };

    public Dictionary<string, string> Offline => new(Variables) { ["HF_HUB_OFFLINE"] = "1" };

    /// <summary>Requests that bring bytes of a file.</summary>
    public int Downloads => Hub.Asked.Length;

    public string File(string name) => folder.File(name);

    /// <summary>What stands where exports of models of the hub are kept: files, and when they were written.</summary>
    public (string File, DateTime Written)[] Exported() => Directory.Exists(File("colbert"))
        ? [.. Directory.EnumerateFiles(File("colbert"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), System.IO.File.GetLastWriteTimeUtc(file)))]
        : [];

    public string ExportedPath(string name) =>
        Directory.EnumerateFiles(File("colbert"), name, SearchOption.AllDirectories).Single();

    /// <summary>The server falls silent in the middle of the weights.</summary>
    public FileInfo FallSilent()
    {
        Hub.InterfereAtStorage = call => call.Path == "/" + Hub.Etag("model.safetensors")
            ? Answer.Content(Hub.Files["model.safetensors"], call) with { BreakAfter = 100_000, FallsSilent = true }
            : null;
        return new FileInfo(Path.Combine(
            File("hf"), "hub", "models--colbert--tiny", "blobs", Hub.Etag("model.safetensors") + ".incomplete"));
    }

    public static async Task Arrived(FileInfo incomplete, Func<bool> hasEnded)
    {
        for (int i = 0; !incomplete.Exists || incomplete.Length < 100_000; i++)
        {
            Assert.False(hasEnded(), "It ended before the download was under way.");
            Assert.True(i < 30_000, "The download did not come.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
            incomplete.Refresh();
        }
    }

    public void Dispose()
    {
        Hub.Dispose();
        folder.Dispose();
    }
}
