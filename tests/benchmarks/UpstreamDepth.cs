using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// The upstream exporter's ModernBERT with more layers than the six that are at hand: its layers four to six, one global and two local
/// ones, are repeated, each time with matrices of their own, so that they take as much memory and cache as those of a deeper model would.
/// </summary>
internal sealed class UpstreamDepth
{
    private const int Period = 3, LargeMatrix = 64 * 1024;

    private readonly OnnxModel model;
    private readonly Dictionary<string, NodeProto> producers;
    private readonly List<NodeProto> added = [];

    private UpstreamDepth(OnnxModel model)
    {
        this.model = model;
        producers = model.Graph.Producers();
    }

    /// <summary>The folder itself where it has that many layers, else one like it below <paramref name="target"/>.</summary>
    public static string Of(string folder, int layers, string target)
    {
        string config = Path.Combine("checkpoint-without-weights", "config.json");
        JsonObject settings = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, config)))!.AsObject();
        if ((int)settings["num_hidden_layers"]! == layers) return folder;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (Path.GetExtension(file) != ".onnx") File.Copy(file, copy);
        }

        settings["num_hidden_layers"] = layers;
        settings["layer_types"] = new JsonArray(
        [
            .. Enumerable.Range(0, layers).Select(i => (JsonNode)(i % Period == 0 ? "full_attention" : "sliding_attention")),
        ]);
        File.WriteAllText(Path.Combine(target, config), settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        OnnxModel model = OnnxReader.Read(Path.Combine(folder, "model_int8.onnx"));
        new UpstreamDepth(model).Deepen(layers);
        OnnxWriter.Write(model, Path.Combine(target, "model_int8.onnx"), long.MaxValue);
        return target;
    }

    private void Deepen(int layers)
    {
        // What runs through the layers, from the last norm backwards: two sums for each layer.
        NodeProto norm = model.Graph.Node.Last(node => node.Is("LayerNormalization"));
        List<string> sums = [];
        for (string value = norm.Input[0]; producers[value].Is("Add"); value = producers[value].Input[0]) sums.Insert(0, value);
        string[] ends = [.. sums.Where((_, i) => i % 2 == 1)];
        string last = ends[^1];
        for (int layer = ends.Length; layer < layers; layer++)
        {
            int like = ends.Length - Period + (layer % Period);
            last = Repeat(ends[like - 1], ends[like], last, $"/layer {layer}");
        }

        norm.Input[0] = last;
        int place = model.Graph.Node.IndexOf(norm);
        NodeProto[] nodes = [.. model.Graph.Node.Take(place), .. added, .. model.Graph.Node.Skip(place)];
        model.Graph.Node.Clear();
        model.Graph.Node.Add(nodes);
    }

    // All that lies between two values, behind another one; gives the name of the new end.
    private string Repeat(string begin, string end, string input, string suffix)
    {
        HashSet<string> behind = [begin], before = [end];
        List<NodeProto> layer = [];
        foreach (NodeProto node in model.Graph.Node)
        {
            if (node.Input.Any(behind.Contains)) behind.UnionWith(node.Output);
        }

        foreach (NodeProto node in model.Graph.Node.Reverse())
        {
            if (!node.Output.Any(before.Contains) || !node.Output.Any(behind.Contains) || node.Output.Contains(begin)) continue;
            before.UnionWith(node.Input);
            layer.Insert(0, node);
        }

        HashSet<string> within = [.. layer.SelectMany(node => node.Output)];
        foreach (NodeProto node in layer)
        {
            NodeProto copy = node.Clone();
            copy.Name += suffix;
            for (int i = 0; i < copy.Input.Count; i++)
                copy.Input[i] = copy.Input[i] == begin
                    ? input
                    : within.Contains(copy.Input[i]) ? copy.Input[i] + suffix
                    : Constant(copy.Input[i], suffix);
            for (int i = 0; i < copy.Output.Count; i++) copy.Output[i] += suffix;
            added.Add(copy);
        }

        return end + suffix;
    }

    private string Constant(string name, string suffix)
    {
        if (model.Find(name) is not { Data.ByteCount: >= LargeMatrix } matrix) return name;
        model.Add(matrix with { Name = name + suffix });
        return name + suffix;
    }
}
