using System.Diagnostics;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Onnx;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Export;

/// <summary>An exported folder gets its INT8 graph.</summary>
internal sealed class FolderQuantizer(ModelFolder folder, ColbertQuantizeOptions options, CancellationToken cancellation)
{
    public IProgress<ColbertProgress>? Progress { get; init; }

    public ColbertModelFolder Run()
    {
        long began = Stopwatch.GetTimestamp();
        ResolvedSettings resolved = folder.Resolve();
        using var staged = new StagedFolder(folder.Path, [ModelFiles.QuantizedGraph], options.Force);
        return staged.Named(() => Run(staged, resolved, began));
    }

    private ColbertModelFolder Run(StagedFolder staged, ResolvedSettings resolved, long began)
    {
        string target = staged.FileOf(ModelFiles.QuantizedGraph);
        Progress?.Report(new ColbertProgress("quantization"));
        OnnxModel model = OnnxReader.Read(folder.GraphPath);
        Quantizer.Quantize(model, file: folder.GraphPath, cancellation: cancellation);
        OutputGuard.Run(folder.Path, () => OnnxWriter.Write(model, target, cancellation: cancellation));
        cancellation.ThrowIfCancellationRequested();
        Progress?.Report(new ColbertProgress("verification"));
        ColbertVerification? verification = options.Verify
            ? new ModelVerifier(resolved, cancellation).Against(folder.GraphPath, target) with { IsQuantized = true }
            : null;
        if (verification?.Miss(options.MinimumMeanCosine, options.MinimumCosine, folder.Path) is { } miss) throw miss;
        int dimension = folder.Settings.Dimension.Value ?? DimensionOf(target);
        FileInfo[] written =
        [
            .. Directory.EnumerateFiles(staged.Path).Order(StringComparer.Ordinal)
                .Select(file => new FileInfo(Path.Combine(folder.Path, Path.GetFileName(file)))),
        ];
        staged.Complete();
        return new ColbertModelFolder
        {
            Path = folder.Path,
            Dimension = dimension,
            Files = written,
            QuantizedVerification = verification,
            Duration = Stopwatch.GetElapsedTime(began),
        };
    }

    // Other tools' settings need not say it.
    private static int DimensionOf(string graph)
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(graph, new EncoderSessionOptions());
        return session.Dimension;
    }
}
