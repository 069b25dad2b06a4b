namespace ColbertOnnx.Benchmarks.Peers;

/// <summary>
/// One architecture with random weights: our exported folder, the upstream exporter's where it is given, and the layout that Node wants.
/// </summary>
internal sealed record PeerModel(CheckpointShape Shape, string Folder, string? Upstream)
{
    /// <summary>The upstream exporter's FP32 graph, restored from its INT8 one, with that one beside it.</summary>
    public string UpstreamFolder => Path.Combine(Path.GetDirectoryName(Folder)!, "upstream");

    public string NodeFolder => Path.Combine(Path.GetDirectoryName(Folder)!, "node");

    /// <summary>
    /// Makes all folders under <paramref name="root"/>; an upstream folder's tokenizer and settings are taken, so that all have the same
    /// tokens.
    /// </summary>
    public static PeerModel Make(CheckpointShape shape, string root, string? upstream)
    {
        string checkpoint = Path.Combine(root, "checkpoint");
        if (upstream is not null) upstream = UpstreamDepth.Of(upstream, shape.Layers, Path.Combine(root, "deeper"));
        if (upstream is null) RandomCheckpoint.Write(checkpoint, shape);
        else Fill(Path.Combine(upstream, "checkpoint-without-weights"), checkpoint, shape);
        var model = new PeerModel(shape, Path.Combine(root, "onnx"), upstream);
        ColbertExporter.Export(checkpoint, model.Folder, new ColbertExportOptions { Quantize = true });
        model.LayOutForNode(checkpoint);
        if (upstream is not null)
            File.Copy(
                Path.Combine(upstream, "model_int8.onnx"),
                Path.Combine(Path.GetDirectoryName(UpstreamFloat.Write(upstream, model.UpstreamFolder))!, "model_int8.onnx"));
        return model;
    }

    private static void Fill(string source, string checkpoint, CheckpointShape shape)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(checkpoint, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        RandomWeights.Write(Path.Combine(checkpoint, "1_Dense", "model.safetensors"), [("linear.weight", [shape.Dimension, shape.Width])]);
        RandomWeights.Write(Path.Combine(checkpoint, "model.safetensors"), shape.Tensors());
    }

    private void LayOutForNode(string checkpoint)
    {
        string graphs = Path.Combine(NodeFolder, "onnx");
        Directory.CreateDirectory(graphs);
        foreach (string file in (string[])["config.json", "tokenizer.json", "tokenizer_config.json"])
            File.Copy(Path.Combine(checkpoint, file), Path.Combine(NodeFolder, file));
        File.Copy(Path.Combine(Folder, "model_int8.onnx"), Path.Combine(graphs, "model_quantized.onnx"));

        // The graph, and the weights beside it under the names that it knows.
        foreach (string file in Directory.EnumerateFiles(Folder, "model*.onnx*")
            .Where(file => !file.EndsWith("model_int8.onnx", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(graphs, Path.GetFileName(file)));
    }
}
