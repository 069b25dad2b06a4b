using ColbertOnnx.Export;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;

namespace ColbertOnnx;

/// <summary>Checkpoints to ONNX folders, and folders to INT8, without Python.</summary>
public static class ColbertExporter
{
    /// <summary>
    /// Writes model.onnx, tokenizer.json and onnx_config.json of a checkpoint (safetensors, in the layout of PyLate, sentence-transformers or
    /// Stanford) into a folder. An export that fails or is cancelled leaves what was there before.
    /// </summary>
    /// <param name="checkpoint">The checkpoint's folder.</param>
    /// <param name="destination">The folder to write; default: <c>onnx</c> inside the checkpoint, where the checkpoint's own name finds it.</param>
    /// <param name="options">Default: float32, checked, nothing replaced.</param>
    /// <param name="progress">Is told what is being done, in a word or two.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelIncomplete"/>, <see cref="ColbertErrorId.ConfigurationInvalid"/>,
    /// <see cref="ColbertErrorId.ArchitectureUnsupported"/>, <see cref="ColbertErrorId.WeightsInvalid"/>, <see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>, <see cref="ColbertErrorId.OutputExists"/>, <see cref="ColbertErrorId.OutputFailed"/>,
    /// <see cref="ColbertErrorId.ParityMissed"/> (INT8 rows too far from float32's).
    /// </exception>
    public static ColbertModelFolder Export(
        string checkpoint, string? destination = null, ColbertExportOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(checkpoint) || checkpoint.Contains('\0'))
            throw new ColbertException(ColbertErrorId.ModelNotFound, $"'{checkpoint}' is no path of a folder.", checkpoint, "Give the path of a checkpoint's folder.");
        string source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint));
        if (destination is not null) GivenPath.Require(destination, "an output");
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination ?? Path.Combine(source, "onnx")));
        return new CheckpointExporter(source, target, options ?? new ColbertExportOptions(), cancellation) { Progress = progress }.Run();
    }

    /// <summary>Writes model_int8.onnx beside a folder's model.onnx, whoever exported it.</summary>
    /// <inheritdoc cref="Export"/>
    public static ColbertModelFolder Quantize(string folder, ColbertExportOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default) =>
        new FolderQuantizer(ModelFolder.Open(folder, new ColbertModelOptions { Quantized = false }), options ?? new ColbertExportOptions(), cancellation) { Progress = progress }.Run();

    /// <summary>Compares a folder's model_int8.onnx with its model.onnx, or where there is only one graph that one with itself, run without the engine's optimizer.</summary>
    /// <returns>What was found; <see cref="ColbertVerification.Miss"/> says whether it is near enough.</returns>
    /// <exception cref="ColbertException">The folder is not a model's.</exception>
    public static ColbertVerification Verify(string folder, CancellationToken cancellation = default)
    {
        ModelFolder model = ModelFolder.Open(folder, new ColbertModelOptions());
        var verifier = new ModelVerifier(model.CreateProfile(), cancellation);
        string quantized = Path.Combine(model.Path, ModelFiles.QuantizedGraph);
        return !model.IsQuantized && File.Exists(quantized)
            ? verifier.Against(model.GraphPath, quantized) with { IsQuantized = true }
            : verifier.WithoutOptimizer(model.GraphPath) with { IsQuantized = model.IsQuantized };
    }
}
