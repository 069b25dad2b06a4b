using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>Any GPU, through Direct3D 12, Vulkan or Metal.</summary>
internal sealed class WebGpuRules : ProviderRules
{
    public WebGpuRules()
    {
        ShortName = "WebGPU";
        Drivers = new Dictionary<string, string> { ["linux"] = "libvulkan.so.1", ["win"] = "d3d12.dll" };
        DriverName = "the system's interface to GPUs";
        Install =
            "Install the GPU's driver; on Linux also Vulkan's loader (Debian and Ubuntu: libvulkan1, mesa-vulkan-drivers from Mesa 24 on).";
        InstallBuild =
            "The release packages for Windows and linux-x64 hold WebGPU; a build of your own needs npm's natives (-p:ColbertNatives=npm).";
        Batches = new BatchPolicy { TokensPerBatch = 16 * 1024 };
        RunsAtOnce = 1;
        Options =
        [
            "dawnBackendType", "defaultBufferCacheMode", "deviceId", "enableGraphCapture", "enableInt64", "enablePIXCapture",
            "enableRobustness", "forceCpuNodeNames", "maxNumPendingDispatches",
            "maxStorageBufferBindingSize", "powerPreference", "preferredLayout", "preserveDevice", "queryResolveBufferCacheMode",
            "sessionBufferPoolGenerations", "storageBufferCacheMode",
            "uniformBufferCacheMode", "validationMode",
        ];
    }

    // Its own default is the layout of images, under which ONNX Runtime 1.30 leaves its nodes out of a session's assignment, and texts have
    // no images.
    public override IReadOnlyDictionary<string, string> Defaults(ProviderContext context) =>
        new Dictionary<string, string> { ["preferredLayout"] = "NCHW" };
}
