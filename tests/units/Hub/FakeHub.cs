using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

/// <summary>
/// A hub with one repository, and the other host where its large files lie. It answers as the real one does unless a test has another
/// answer for a call. The cache is a folder of its own.
/// </summary>
internal sealed class FakeHub : IDisposable
{
    public const string Repository = "colbert/tiny";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder cache = new();

    public FakeHub(params (string Path, string Content)[] files)
    {
        Files = new(StringComparer.Ordinal);
        foreach (var (path, content) in files) Files[path] = Encoding.UTF8.GetBytes(content);
        Server = new LocalServer(call => Interfere(call) ?? Serve(call));
        Storage = new LocalServer(call =>
            InterfereAtStorage(call) ?? Answer.Content(Files.Values.First(content => call.Path == "/" + Sha256(content)), call));
    }

    /// <summary>A PyLate checkpoint of two modules, and what nobody needs.</summary>
    public static FakeHub Checkpoint() => new(
        ("README.md", "read me"),
        ("config.json", "{}"),
        ("model.safetensors", new string('w', 300_000)),
        ("modules.json", """[{"path": "", "type": "a.Transformer"}, {"path": "1_Dense", "type": "b.Dense"}]"""),
        ("1_Dense/config.json", """{"in_features": 4}"""),
        ("1_Dense/model.safetensors", "dense"),
        ("config_sentence_transformers.json", """{"query_length": 32}"""),
        ("sentence_bert_config.json", """{"max_seq_length": 31}"""),
        ("tokenizer.json", "{\"model\": {}}"),
        ("pytorch_model.bin", "pickle"),
        ("onnx/model.onnx", "a graph of another program"),
        ("openvino/openvino_model.bin", "another engine's"));

    /// <summary>A hub whose one repository is a folder.</summary>
    public static FakeHub Of(string folder)
    {
        var hub = new FakeHub();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            hub.Files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllBytes(file);
        return hub;
    }

    public static string[] Needed { get; } =
    [
        "1_Dense/config.json", "1_Dense/model.safetensors", "config.json", "config_sentence_transformers.json", "model.safetensors",
        "modules.json", "sentence_bert_config.json", "tokenizer.json",
    ];

    public Dictionary<string, byte[]> Files { get; }

    public LocalServer Server { get; }

    public LocalServer Storage { get; }

    public SkippingTime Time { get; } = new();

    /// <summary>Another answer to a call, or null.</summary>
    public Func<Call, Answer?> Interfere { get; set; } = _ => null;

    public Func<Call, Answer?> InterfereAtStorage { get; set; } = _ => null;

    public int PageSize { get; set; } = 1000;

    public string? Token { get; set; }

    public string CacheFolder => cache.Path;

    public string RepositoryFolder => Path.Combine(cache.Path, "models--colbert--tiny");

    public string SnapshotFolder => Path.Combine(RepositoryFolder, "snapshots", Commit);

    public HubSettings Settings => new()
    {
        Endpoint = Server.Address,
        CacheFolder = cache.Path,
        Token = Token,
        UsesProxy = false,
        Time = Time,
        LongestSilence = TimeSpan.FromSeconds(20),
    };

    public static HubRequest Request { get; } = new() { Repository = Repository };

    /// <summary>Files that were asked for, at the hub.</summary>
    public string[] Asked =>
    [
        .. Server.Calls.Where(call => call.Path.Contains("/resolve/")).Select(call => call.Path.Split(Commit + "/")[1])
            .Order(StringComparer.Ordinal),
    ];

    public Task<string> DownloadAsync(
        HubRequest? request = null, IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default) =>
        HubClient.DownloadAsync(request ?? Request, Settings, progress, cancellation);

    public string Blob(string file) => Path.Combine(RepositoryFolder, "blobs", Etag(file));

    public string Etag(string file) => IsLarge(file) ? Sha256(Files[file]) : Sha1(Files[file]);

    /// <summary>Calls that begin so are answered so, the first this many times.</summary>
    public static Func<Call, Answer?> First(int times, string part, Func<Call, Answer> answer)
    {
        int left = times;
        return call => call.Path.Contains(part) && Interlocked.Decrement(ref left) >= 0 ? answer(call) : null;
    }

    public void Dispose()
    {
        Server.Dispose();
        Storage.Dispose();
        cache.Dispose();
    }

    private static bool IsLarge(string file) =>
        file.EndsWith(".safetensors", StringComparison.Ordinal) || file.EndsWith(".onnx", StringComparison.Ordinal);

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    // As `git hash-object` gives it.
    private static string Sha1(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    private Answer Serve(Call call)
    {
        if (call.Path is $"/api/models/{Repository}/revision/main")
            return Answer.Json($$"""{"id": "{{Repository}}", "sha": "{{Commit}}"}""");
        if (call.Path == $"/api/models/{Repository}/tree/{Commit}") return Page(call);
        string prefix = $"/{Repository}/resolve/{Commit}/";
        if (!call.Path.StartsWith(prefix, StringComparison.Ordinal) || !Files.TryGetValue(call.Path[prefix.Length..], out byte[]? content))
            return Answer.Of(404, ("X-Error-Code", call.Path.Contains("/revision/") ? "RevisionNotFound" : "EntryNotFound"));
        return IsLarge(call.Path)
            ? Answer.Of(302, ("Location", $"{Storage.Address}/{Sha256(content)}?signature=secret"))
            : Answer.Content(content, call);
    }

    private Answer Page(Call call)
    {
        int page = call.Target.Contains("cursor=") ? int.Parse(call.Target.Split("cursor=")[1]) : 0;
        var entries = Files.Skip(page * PageSize).Take(PageSize).Select(file => new Dictionary<string, object>
        {
            ["type"] = "file",
            ["path"] = file.Key,
            ["size"] = file.Value.Length,
            ["oid"] = Sha1(file.Value),
            [IsLarge(file.Key) ? "lfs" : "none"] = new { oid = Sha256(file.Value), size = file.Value.Length, pointerSize = 130 },
        }).Prepend(new() { ["type"] = "directory", ["path"] = "1_Dense", ["size"] = 0, ["oid"] = new string('0', 40) });
        string json = JsonSerializer.Serialize(entries);
        return (page + 1) * PageSize < Files.Count
            ? Answer.Json(json, ("Link", $"<{Server.Address}{call.Path}?recursive=true&cursor={page + 1}>; rel=\"next\""))
            : Answer.Json(json);
    }
}
