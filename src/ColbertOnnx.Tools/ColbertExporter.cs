using ColbertOnnx.Export;
using ColbertOnnx.Hub;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;

namespace ColbertOnnx;

/// <summary>Checkpoints to ONNX folders, and folders to INT8, without Python.</summary>
public static class ColbertExporter
{
    /// <summary>
    /// Writes model.onnx, tokenizer.json and onnx_config.json of a checkpoint (safetensors, in the layout of PyLate, sentence-transformers
    /// or Stanford) into a folder. An export that fails or is cancelled leaves what was there before.
    /// </summary>
    /// <param name="checkpoint">The checkpoint's folder.</param>
    /// <param name="destination">The folder to write; default: <c>onnx</c> inside the checkpoint, where the checkpoint's own name finds
    /// it.</param>
    /// <param name="options">Default: float32, checked, nothing replaced.</param>
    /// <param name="progress">Gets what is being done, in a word or two.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>, <see cref="ColbertErrorId.ArchitectureUnsupported"/>,
    /// <see cref="ColbertErrorId.WeightsInvalid"/>, <see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>, <see cref="ColbertErrorId.OutputExists"/>,
    /// <see cref="ColbertErrorId.OutputFailed"/>, <see cref="ColbertErrorId.ParityMissed"/> (INT8 vectors too far from float32's).
    /// </exception>
    public static ColbertModelFolder Export(
        string checkpoint, string? destination = null, ColbertExportOptions? options = null, IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(checkpoint) || checkpoint.Contains('\0'))
            throw new ColbertException(
                ColbertErrorId.ModelNotFound, $"'{checkpoint}' is not the path of a folder.", checkpoint,
                "Give the path of a checkpoint's folder.");
        string source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint));
        if (destination is not null) GivenPath.Require(destination, "an output");
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination ?? Path.Combine(source, "onnx")));
        return new CheckpointExporter(source, target, options ?? new ColbertExportOptions(), cancellation) { Progress = progress }.Run();
    }

    /// <summary>
    /// The model folder of a name on the hub: downloads what is needed of it, once, and exports it, once. A checkpoint becomes an ONNX
    /// folder in the user's cache (COLBERT_CACHE), where <see cref="ColbertModel.LoadAsync"/> finds it; a repository that holds an exported
    /// folder is used as it is.
    /// </summary>
    /// <param name="name"><c>owner/name</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="quantized">True: model_int8.onnx is wanted too.</param>
    /// <param name="progress">Gets what is being done, and how far a download is.</param>
    /// <param name="cancellation">Ends it; a download goes on from there the next time.</param>
    /// <exception cref="ColbertException">As <see cref="ColbertHub.DownloadAsync"/> and <see cref="Export"/>.</exception>
    public static async Task<string> ResolveAsync(
        string name, string revision = "main", bool quantized = false, IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        string snapshot = await ColbertHub.DownloadAsync(name, revision, quantized ? true : null, progress, cancellation)
            .ConfigureAwait(false);
        if (ModelFiles.IsExported(snapshot)) return snapshot;
        string folder = HubExports.FolderOf(name, snapshot);
        if (!ModelFiles.IsExported(folder, quantized))
            Export(snapshot, folder, new ColbertExportOptions { Quantize = quantized, Force = true, Name = name }, progress, cancellation);
        return folder;
    }

    /// <summary>What a checkpoint says about encoding, whatever its layout; no weights are read for it.</summary>
    /// <param name="checkpoint">The checkpoint's folder.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>.</exception>
    public static ColbertSettings ReadSettings(string checkpoint) => CheckpointSettings.Read(checkpoint).Settings;

    /// <summary>Writes model_int8.onnx beside a folder's model.onnx, whoever exported it.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">Default: checked, nothing replaced.</param>
    /// <param name="progress">Gets what is being done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="Export"/>
    public static ColbertModelFolder Quantize(
        string folder, ColbertQuantizeOptions? options = null, IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default) =>
        new FolderQuantizer(
            ModelFolder.Open(folder, new ColbertModelOptions { Quantized = false }), options ?? new ColbertQuantizeOptions(),
            cancellation)
        { Progress = progress }.Run();

    /// <summary>Compares a folder's model_int8.onnx with its model.onnx.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What was found; <see cref="ColbertVerification.Miss"/> says whether it is near enough.</returns>
    /// <exception cref="ColbertException">The folder is not a model's. <see cref="ColbertErrorId.ModelIncomplete"/> also: it lacks one of
    /// the two.</exception>
    public static ColbertVerification Verify(string folder, CancellationToken cancellation = default)
    {
        ModelFolder full = ModelFolder.Open(folder, new ColbertModelOptions { Quantized = false }),
            quantized = ModelFolder.Open(folder, new ColbertModelOptions { Quantized = true });
        return new ModelVerifier(full.Resolve(), cancellation).Against(full.GraphPath, quantized.GraphPath) with { IsQuantized = true };
    }
}
