namespace ColbertOnnx.Modeling;

/// <summary>Names of the files in an exported folder, the Rust encoder's too.</summary>
internal static class ModelFiles
{
    public const string Graph = "model.onnx";
    public const string QuantizedGraph = "model_int8.onnx";
    public const string Tokenizer = "tokenizer.json";
    public const string Settings = "onnx_config.json";

    /// <summary>Whether a folder holds an exported model, and its INT8 graph if that is wanted.</summary>
    public static bool IsExported(string folder, bool quantized = false) =>
        File.Exists(Path.Combine(folder, Tokenizer))
            && (File.Exists(Path.Combine(folder, QuantizedGraph)) || (!quantized && File.Exists(Path.Combine(folder, Graph))));
}
