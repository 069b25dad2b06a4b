using ColbertOnnx.Native;
using ColbertOnnx.Runtime.Providers;
using ColbertOnnx.Runtime.Rows;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Runtime;

/// <summary>A session of ONNX Runtime as encoders are run: its options, and which form of the graph it opens.</summary>
internal static class OrtSessionSettings
{
    /// <param name="file">The graph.</param>
    /// <param name="fused">The graph with operators of our own; null: as the file has it.</param>
    /// <param name="options">How it is opened.</param>
    /// <exception cref="OnnxRuntimeException">The library's status.</exception>
    /// <exception cref="ProviderException">A provider cannot be added.</exception>
    public static InferenceSession Open(string file, FusedGraph? fused, in EncoderSessionOptions options)
    {
        _ = OrtEnvironment.Instance;
        using var settings = new SessionOptions();
        Configure(settings, file, options);
        return Create(settings, Path.GetFullPath(options.PackedGraph ?? file), fused, options);
    }

    private static void Configure(SessionOptions settings, string file, in EncoderSessionOptions options)
    {
        settings.GraphOptimizationLevel = options.Optimize && options.PackedGraph is null
            ? GraphOptimizationLevel.ORT_ENABLE_ALL
            : GraphOptimizationLevel.ORT_DISABLE_ALL;
        settings.IntraOpNumThreads = options.Threads;
        settings.InterOpNumThreads = 1;
        settings.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL; // where the environment is somebody else's
        settings.EnableMemoryPattern = false; // shapes change from batch to batch
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spin ? "1" : "0");
        if (options.Spin) settings.AddSessionConfigEntry("session.force_spinning_stop", "1");
        settings.AddSessionConfigEntry("session.record_ep_graph_assignment_info", "1");
        if (options.Providers.Count > 0)
        {
            var context = ProviderContext.Of(file);
            foreach (ProviderUse use in options.Providers) OrtProviderHost.Append(settings, use, context);
        }

        // On the CPU six to eight times slower than the two operators that it replaces (docs/decisions.md).
        else settings.AddSessionConfigEntry("optimization.disable_specified_optimizers", "SkipLayerNormFusion");
        if (options.ProfileTo is { } profile)
        {
            settings.ProfileOutputPathPrefix = profile;
            settings.EnableProfiling = true;
        }

        if (options.PackTo is not { } target) return;
        settings.OptimizedModelFilePath = Path.GetFullPath(target);
        settings.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", Path.GetFileName(target) + ".data");
        settings.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        settings.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", "1");
    }

    private static InferenceSession Create(SessionOptions settings, string path, FusedGraph? fused, in EncoderSessionOptions options)
    {
        if (options.Providers.Count > 0) return new InferenceSession(path, settings);
        OrtManaged.AddOperators(settings);
        if (fused is null) return new InferenceSession(path, settings);
        settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", fused.Folder);
        return new InferenceSession(fused.Bytes, settings);
    }
}
