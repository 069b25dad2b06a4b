using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>The providers that have a name here, in the order in which they are listed.</summary>
internal static class ProviderTable
{
    private const string OwnBuild =
        "Name a folder with a build of ONNX Runtime that holds it in COLBERT_ONNXRUNTIME, or use its plug-in library (-ProviderLibrary, "
            + "--provider-library).";

    public static ProviderRules Cpu { get; } = new()
    {
        Name = "Cpu",
        OnnxRuntimeName = "CPUExecutionProvider",
        Route = ProviderRoute.Cpu,
        Options = [],
        Install = "Nothing: it is always there.",
    };

    public static IReadOnlyList<ProviderRules> All { get; } =
    [
        Cpu,
        new CudaRules { Name = "Cuda", OnnxRuntimeName = "CUDAExecutionProvider" },
        new TensorRtRules { Name = "TensorRT", OnnxRuntimeName = "TensorrtExecutionProvider" },
        new DirectMlRules { Name = "DirectML", OnnxRuntimeName = "DmlExecutionProvider" },
        new CoreMlRules { Name = "CoreML", OnnxRuntimeName = "CoreMLExecutionProvider" },
        new WebGpuRules { Name = "WebGpu", OnnxRuntimeName = "WebGpuExecutionProvider" },
        Other("OpenVino", "OpenVINOExecutionProvider", "OpenVINO", ["linux", "win"]),
        Other("MIGraphX", "MIGraphXExecutionProvider", "MIGraphX", ["linux", "win"]),
        Other("Qnn", "QNNExecutionProvider", "QNN", ["linux", "win"]),
        Other("NvTensorRtRtx", "NvTensorRTRTXExecutionProvider", "NvTensorRtRtx", ["linux", "win"]),
        Other("VitisAI", "VitisAIExecutionProvider", "VitisAI", ["linux", "win"]),
        Other("Xnnpack", "XnnpackExecutionProvider", "XNNPACK", ["linux", "win", "osx"]),
    ];

    public static string Names => string.Join(", ", All.Select(provider => provider.Name));

    public static ProviderRules? Find(string name) => All.FirstOrDefault(provider => provider.IsNamed(name));

    /// <summary>The name that users know a provider by; one that is not in the table keeps ONNX Runtime's.</summary>
    public static string NameOf(string onnxRuntimeName) => Find(onnxRuntimeName)?.Name ?? onnxRuntimeName;

    /// <summary>
    /// A provider that a plug-in library brought: everything goes through, and batches wait for each other, for nothing is known of it.
    /// </summary>
    public static ProviderRules PlugIn(string onnxRuntimeName)
    {
        ProviderRules? known = Find(onnxRuntimeName);
        return new ProviderRules
        {
            Name = known?.Name ?? onnxRuntimeName,
            OnnxRuntimeName = onnxRuntimeName,
            Route = ProviderRoute.PlugIn,
            Options = null,
            Batches = known?.Batches ?? new BatchPolicy { TokensPerBatch = 16 * 1024 },
            RunsAtOnce = 1,
        };
    }

    private static ProviderRules Other(string name, string onnxRuntimeName, string shortName, IReadOnlyList<string> systems) => new()
    {
        Name = name,
        OnnxRuntimeName = onnxRuntimeName,
        ShortName = shortName,
        Systems = systems,
        Install = OwnBuild,
        Batches = new BatchPolicy { TokensPerBatch = 16 * 1024 },
        RunsAtOnce = 1,
    };
}
