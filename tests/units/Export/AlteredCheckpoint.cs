using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Export;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Tests.Export;

/// <summary>A checkpoint of tests/data/pylate with another configuration, other tensors' names, or more tensors.</summary>
internal sealed class AlteredCheckpoint : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public AlteredCheckpoint(string name) => folder.Copy(CheckpointFolder.Of(name));

    public AlteredCheckpoint With(string field, string json)
    {
        JsonNode config = JsonNode.Parse(File.ReadAllBytes(folder.File("config.json")))!;
        config[field] = JsonNode.Parse(json);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        return this;
    }

    /// <summary>The tensors get other names; more of a single number are put beside them.</summary>
    public AlteredCheckpoint WithTensors(Func<string, string> rename, params IEnumerable<string> more)
    {
        byte[] file = File.ReadAllBytes(folder.File("model.safetensors"));
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file), end = file.Length - 8 - length;
        var header = new JsonObject();
        foreach ((string name, JsonNode? tensor) in JsonNode.Parse(file.AsSpan(8, length))!.AsObject())
            header[name == "__metadata__" ? name : rename(name)] = tensor!.DeepClone();
        foreach (string name in more)
        {
            header[name] = JsonSerializer.SerializeToNode(new
            {
                dtype = "F32",
                shape = Array.Empty<int>(),
                data_offsets = new[] { end, end + 4 },
            });
            end += 4;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header), changed = new byte[8 + json.Length + end];
        BinaryPrimitives.WriteInt64LittleEndian(changed, json.Length);
        json.CopyTo(changed, 8);
        file.AsSpan(8 + length).CopyTo(changed.AsSpan(8 + json.Length));
        File.WriteAllBytes(folder.File("model.safetensors"), changed);
        return this;
    }

    /// <summary>The graph's file.</summary>
    public byte[] Export()
    {
        using CheckpointWeights weights = CheckpointWeights.Open(folder.Path);
        EncoderGraph graph = EncoderGraph.Build(CheckpointConfig.Read(folder.Path), weights, [], normalize: true);
        OnnxWriter.Write(graph.Model, GraphPath);
        return File.ReadAllBytes(GraphPath);
    }

    public string Path => folder.Path;

    public string GraphPath => folder.File("model.onnx");

    public void Dispose() => folder.Dispose();
}
