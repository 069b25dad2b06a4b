using System.Globalization;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>The TensorRT that this process would load.</summary>
internal static unsafe class TensorRtVersion
{
    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["nvinfer_10.dll", "nvinfer.dll"]
        : ["libnvinfer.so.10", "libnvinfer.so"];

    /// <summary>Its version as one number; null where there is none. int32_t getInferLibVersion(void).</summary>
    public static string? Find()
    {
        foreach (string name in Names.SelectMany(Places))
        {
            if (NativeLibrary.TryLoad(name, out nint library)
                && NativeLibrary.TryGetExport(library, "getInferLibVersion", out nint version))
                return ((delegate* unmanaged<int>)version)().ToString(CultureInfo.InvariantCulture);
        }

        return null;
    }

    // Windows would look into the folder of the process before it goes through PATH, where TensorRT's own folder is.
    private static IEnumerable<string> Places(string name) => OperatingSystem.IsWindows()
        ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, name)).Where(File.Exists)
        : [name];
}
