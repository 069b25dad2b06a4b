using ColbertOnnx.Native;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>
/// NVIDIA's GPUs through TensorRT, which builds an engine for ranges of shapes; building takes minutes, so engines are kept.
/// </summary>
internal sealed class TensorRtRules : ProviderRules
{
    public TensorRtRules()
    {
        Route = ProviderRoute.TensorRt;
        Systems = ["linux", "win"];
        Libraries = ["onnxruntime_providers_shared", "onnxruntime_providers_tensorrt"];
        Drivers = CudaRules.NvidiaDriver;
        DriverName = "NVIDIA's driver";
        Install =
            "Install NVIDIA's driver, CUDA and TensorRT as "
                + "https://onnxruntime.ai/docs/execution-providers/TensorRT-ExecutionProvider.html lists them, and name a folder with "
                + "ONNX Runtime's GPU build in COLBERT_ONNXRUNTIME.";
        Batches = new BatchPolicy
        {
            TokensPerBatch = 16 * 1024,
            Lengths = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192],
            RoundsBatchSize = true,
        };
        RunsAtOnce = 1;
        Options =
        [
            "device_id", "trt_auxiliary_streams", "trt_bf16_enable", "trt_build_heuristics_enable", "trt_builder_optimization_level",
            "trt_context_memory_sharing_enable", "trt_cuda_graph_enable",
            "trt_detailed_build_log", "trt_dla_core", "trt_dla_enable", "trt_dump_ep_context_model", "trt_dump_subgraphs",
            "trt_engine_cache_enable", "trt_engine_cache_path", "trt_engine_cache_prefix",
            "trt_engine_decryption_enable", "trt_engine_decryption_lib_path", "trt_engine_hw_compatible", "trt_ep_context_embed_mode",
            "trt_ep_context_file_path", "trt_extra_plugin_lib_paths", "trt_force_sequential_engine_build", "trt_force_timing_cache",
            "trt_fp16_enable", "trt_int8_calibration_table_name", "trt_int8_enable", "trt_int8_use_native_calibration_table",
            "trt_layer_norm_fp32_fallback", "trt_load_user_initializer", "trt_max_partition_iterations",
            "trt_max_workspace_size", "trt_min_subgraph_size", "trt_onnx_model_folder_path", "trt_op_types_to_exclude",
            "trt_preview_features", "trt_profile_max_shapes", "trt_profile_min_shapes",
            "trt_profile_opt_shapes", "trt_sparsity_enable", "trt_tactic_sources", "trt_timing_cache_enable", "trt_timing_cache_path",
            "trt_weight_stripped_engine_enable",
        ];
    }

    public override IReadOnlyDictionary<string, string> Defaults(ProviderContext context)
    {
        Dictionary<string, string> defaults = new() { ["trt_cuda_graph_enable"] = "0" };
        if (context.Folder(Name, $"TensorRT {TensorRtVersion.Find() ?? "unknown"}") is not { } folder) return defaults;
        defaults["trt_engine_cache_enable"] = defaults["trt_timing_cache_enable"] = "1";
        defaults["trt_engine_cache_path"] = defaults["trt_timing_cache_path"] = folder;
        return defaults;
    }
}
