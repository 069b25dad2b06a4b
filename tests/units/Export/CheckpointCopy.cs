using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

/// <summary>The tokenizer's files of a reference checkpoint and its config.json, in a folder that a test may change.</summary>
internal sealed class CheckpointCopy : IDisposable
{
    /// <summary>Text as the exported files have it.</summary>
    public static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] Files = ["config.json", "tokenizer.json", "tokenizer_config.json"];
    private readonly TemporaryFolder folder = new();

    public CheckpointCopy(string name)
    {
        foreach (string file in Files) File.Copy(System.IO.Path.Combine(CheckpointFolder.Of(name), file), folder.File(file));
    }

    public string Path => folder.Path;

    /// <summary>Changes tokenizer_config.json.</summary>
    public CheckpointCopy Config(Action<JsonNode> change) => Change("tokenizer_config.json", change);

    /// <summary>Changes tokenizer.json.</summary>
    public CheckpointCopy Tokenizer(Action<JsonNode> change) => Change("tokenizer.json", change);

    public CheckpointCopy Change(string file, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(folder.File(file)))!;
        change(json);
        return With(file, json.ToJsonString());
    }

    public CheckpointCopy With(string file, string content)
    {
        folder.With(file, content);
        return this;
    }

    public CheckpointCopy Without(string file)
    {
        File.Delete(folder.File(file));
        return this;
    }

    public JsonNode Effective(params string[] prefixes) => EffectiveFile.Json(Path, prefixes);

    public void Dispose() => folder.Dispose();
}
