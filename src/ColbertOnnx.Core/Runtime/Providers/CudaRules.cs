using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>NVIDIA's GPUs through CUDA.</summary>
internal sealed class CudaRules : ProviderRules
{
    public CudaRules()
    {
        Route = ProviderRoute.Cuda;
        Systems = ["linux", "win"];
        Libraries = ["onnxruntime_providers_shared", "onnxruntime_providers_cuda"];
        Drivers = NvidiaDriver;
        DriverName = "NVIDIA's driver";
        Install =
            "Install NVIDIA's driver, CUDA and cuDNN as https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html "
                + "lists them, and name a folder with ONNX Runtime's GPU build in COLBERT_ONNXRUNTIME.";
        Batches = new BatchPolicy { TokensPerBatch = 16 * 1024 };

        // A second batch may copy while the first computes; more would only hold their activations.
        RunsAtOnce = 2;
        Options =
        [
            "device_id", "gpu_mem_limit", "arena_extend_strategy", "cudnn_conv_algo_search", "cudnn_conv_use_max_workspace",
            "cudnn_conv1d_pad_to_nc1d", "do_copy_in_default_stream",
            "enable_cuda_graph", "enable_skip_layer_norm_strict_mode", "fuse_conv_bias", "prefer_nhwc", "sdpa_kernel", "tunable_op_enable",
            "tunable_op_max_tuning_duration_ms",
            "tunable_op_tuning_enable", "use_ep_level_unified_stream", "use_tf32",
        ];
    }

    internal static IReadOnlyDictionary<string, string> NvidiaDriver { get; } = new Dictionary<string, string>
    {
        ["linux"] = "libcuda.so.1",
        ["win"] = "nvcuda.dll",
    };

    // A graph of CUDA is recorded for one shape, and shapes change here. An arena that grows by what is asked for keeps the memory near its
    // use. TF32 keeps 10 bits of the factors: 1e-3 of a vector's values for speed that only some cards have.
    public override IReadOnlyDictionary<string, string> Defaults(ProviderContext context) =>
        new Dictionary<string, string> { ["enable_cuda_graph"] = "0", ["arena_extend_strategy"] = "kSameAsRequested", ["use_tf32"] = "0" };
}
