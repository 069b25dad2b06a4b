using ColbertOnnx.Native;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Tests.Runtime.Providers;

/// <summary>A machine as a test wants it.</summary>
internal sealed class FakeHost : IProviderHost
{
    public string Version { get; init; } = "1.30.0";

    public string LibraryPath { get; init; } = Path.Combine(Path.GetFullPath("/ort"), "libonnxruntime.so.1");

    public string System { get; init; } = "linux";

    public int SystemBuild { get; init; }

    public IReadOnlyList<string> Built { get; init; } =
    [
        "TensorrtExecutionProvider", "CUDAExecutionProvider", "WebGpuExecutionProvider", "CPUExecutionProvider",
    ];

    public IReadOnlyList<OrtEpDevice> Devices { get; init; } = [];

    /// <summary>Ends of paths that are there.</summary>
    public string[] Files { get; init; } = [];

    /// <summary>Libraries that load.</summary>
    public string[] Loads { get; init; } = [];

    public string? Refuses { get; init; }

    /// <summary>Providers that a plug-in library brings; null: it is none.</summary>
    public string[]? Brings { get; init; } = [];

    public bool FileExists(string path) => Files.Any(file => path.EndsWith(file, StringComparison.Ordinal));

    public string? LoadError(string library) =>
        Loads.Any(name => library.EndsWith(name, StringComparison.Ordinal))
            ? null
            : $"{Path.GetFileName(library)}: cannot open shared object file";

    public string? AppendError(ProviderUse use, ProviderContext context) => Refuses;

    public IReadOnlyList<string> Register(string path) =>
        Brings ?? throw new OrtException(OrtErrorCode.Fail, "no symbol CreateEpFactories");

    public static OrtEpDevice Gpu(string provider, Dictionary<string, string> hardware) =>
        new(provider, "Maker", new Dictionary<string, string> { ["version"] = "2.5" }, OrtDeviceKind.Gpu, "NVIDIA", hardware);
}
