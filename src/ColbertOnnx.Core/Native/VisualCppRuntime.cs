using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>
/// The Visual C++ runtime, which ONNX Runtime's Windows builds need and Windows does not have by itself. When its DLLs are missing, Windows says only "module not
/// found", and means one that it does not name.
/// </summary>
internal static class VisualCppRuntime
{
    private static readonly string[] Families = ["msvcp", "vcruntime", "concrt"];

    /// <summary>The error for a library that could not be loaded, where this is the reason; otherwise null.</summary>
    /// <param name="library">The library's full path.</param>
    /// <param name="cause">What loading it threw.</param>
    public static ColbertException? Missing(string library, Exception cause) =>
        OperatingSystem.IsWindows() ? Missing(library, RuntimeInformation.ProcessArchitecture, name => NativeLibrary.TryLoad(name, out _), cause) : null;

    internal static ColbertException? Missing(string library, Architecture architecture, Func<string, bool> loads, Exception? cause)
    {
        string[] missing = [.. Imports(library).Where(name => Families.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase)) && !loads(name))];
        if (missing.Length == 0) return null;
        string platform = architecture.ToString().ToLowerInvariant();
        return new ColbertException(ColbertErrorId.NativeLibraryNotFound,
            $"'{library}' needs the Visual C++ runtime, and this machine lacks {string.Join(", ", missing)}.", library,
            $"Install the Visual C++ Redistributable, once for the machine: https://aka.ms/vs/17/release/vc_redist.{platform}.exe", cause);
    }

    private static IReadOnlyList<string> Imports(string library)
    {
        try
        {
            using FileStream file = File.OpenRead(library);
            return WindowsImports.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return []; // the caller's own error says what is wrong with the file
        }
    }
}
