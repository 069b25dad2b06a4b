using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>Any GPU under Windows. The API demands no memory pattern, which no session here has, and one <c>Run</c> at a time.</summary>
internal sealed class DirectMlRules : ProviderRules
{
    public DirectMlRules()
    {
        Route = ProviderRoute.DirectMl;
        ShortName = "DML";
        Systems = ["win"];
        WindowsBuild = 18362; // 1903
        Drivers = new Dictionary<string, string> { ["win"] = "d3d12.dll" };
        DriverName = "Direct3D 12";
        Install = "Install the GPU's driver.";
        InstallBuild = "The release packages for Windows hold DirectML; a build of your own needs npm's natives (-p:ColbertNatives=npm).";
        Batches = new BatchPolicy { TokensPerBatch = 16 * 1024 };
        RunsAtOnce = 1;
        Options = ["device_id", "device_filter", "disable_metacommands", "enable_graph_capture", "performance_preference"];
    }
}
