using ColbertOnnx.Native;

namespace ColbertOnnx.Runtime;

/// <summary>The one environment of the process. Plug-ins that were registered in it stay until the process ends.</summary>
internal static class OrtEnvironment
{
    private static readonly Lazy<OrtEnvironmentHandle> Lazy = new(() => OrtLibrary.Loaded.CreateEnvironment());

    public static OrtEnvironmentHandle Handle => Lazy.Value;
}
