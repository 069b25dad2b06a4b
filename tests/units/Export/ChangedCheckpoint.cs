using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Export;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

/// <summary>The backbone of one checkpoint of tests/data/pylate with other fields in its config.json.</summary>
internal static class ChangedCheckpoint
{
    /// <param name="name">The case.</param>
    /// <param name="changes">A JSON object: fields to set, null to remove one.</param>
    public static CheckpointConfig Config(string name, string changes)
    {
        string path = Path.Combine(CheckpointFolder.Of(name), "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        foreach ((string field, JsonNode? value) in JsonNode.Parse(changes)!.AsObject()) config[field] = value?.DeepClone();
        return new CheckpointConfig(path, JsonSerializer.SerializeToElement(config));
    }

    /// <summary>Opens a graph that gives the last hidden states, with the operators of its file.</summary>
    public static OrtEncoderSession Open(TemporaryFolder folder, string name, string changes, int blockedFrom = GraphLimits.BlockedFrom) =>
        OrtEncoderSession.Open(Write(folder, name, changes, blockedFrom), new EncoderSessionOptions { FuseRows = false });

    /// <summary>Writes that graph and gives its path.</summary>
    public static string Write(TemporaryFolder folder, string name, string changes, int blockedFrom = GraphLimits.BlockedFrom)
    {
        using CheckpointWeights weights = CheckpointWeights.Open(CheckpointFolder.Of(name));
        var graph = new GraphBuilder(weights) { BlockedFrom = blockedFrom };
        var inputs = new TokenInputs(graph);
        IArchitecture architecture = Architectures.Of(Config(name, changes));
        string states = inputs.Unflatten(architecture.Build(graph, inputs), architecture.HiddenSize);
        graph.Output(states, EncoderGraph.Output, "batch", "length", $"{architecture.HiddenSize}");
        string path = folder.File($"{Guid.NewGuid()}.onnx");
        OnnxWriter.Write(graph.Model, path);
        return path;
    }

    /// <summary>Random tokens of texts that are padded behind to the longest: their states, padding included, end to end.</summary>
    public static float[] Run(OrtEncoderSession session, params int[] lengths) => Run(session, lengths, 900);

    /// <summary>The same with a vocabulary of so many words.</summary>
    public static float[] Run(OrtEncoderSession session, int[] lengths, int words)
    {
        int longest = lengths.Max();
        int[] ids = new int[lengths.Length * longest];
        byte[] mask = new byte[ids.Length];
        for (int text = 0; text < lengths.Length; text++)
        {
            var random = new Random(lengths[text]);
            for (int i = 0; i < lengths[text]; i++) (ids[(text * longest) + i], mask[(text * longest) + i]) = (random.Next(5, words), 1);
        }

        float[] states = new float[ids.Length * session.Dimension];
        session.Run(lengths.Length, longest, ids, mask, states, TestContext.Current.CancellationToken);
        return states;
    }
}
