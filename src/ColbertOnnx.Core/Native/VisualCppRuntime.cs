using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>
/// The Visual C++ runtime, which ONNX Runtime's Windows builds need and Windows does not have by itself. Where it is missing Windows says
/// only "module not found", and where it is older than the library's compiler, "initialization routine failed": neither names a file.
/// </summary>
internal static class VisualCppRuntime
{
    /// <summary>
    /// What a library of Windows and its imports may come from: its own folder, the program's and the system's, never the working folder or
    /// PATH.
    /// </summary>
    public const DllImportSearchPath SearchPath = DllImportSearchPath.UseDllDirectoryForDependencies | DllImportSearchPath.SafeDirectories;

    private static readonly string[] Families = ["msvcp", "vcruntime", "concrt"];

    /// <summary>The error for a library that could not be loaded, where this is the reason; otherwise null.</summary>
    /// <param name="library">The library's full path.</param>
    /// <param name="cause">What loading it threw.</param>
    public static ColbertException? Fault(string library, Exception cause) => OperatingSystem.IsWindows()
        ? Fault(library, RuntimeInformation.ProcessArchitecture, name => Find(Path.GetDirectoryName(library) ?? "", name), cause)
        : null;

    internal static ColbertException? Fault(string library, Architecture architecture, Func<string, Part?> find, Exception? cause)
    {
        (Version compiler, IReadOnlyList<string> imports) = Read(library);
        (string Name, Part? Part)[] parts = [.. imports.Where(IsOfRuntime).Select(name => (name, find(name)))];
        string[] missing = [.. parts.Where(part => part.Part is null).Select(part => part.Name)];

        // A file of another platform says so itself.
        string[] older = cause is BadImageFormatException
            ? []
            : [.. parts.Where(part => part.Part?.Version is { Major: > 0 } version && version < compiler)
                .Select(part => $"'{part.Part!.Path}' ({part.Part.Version})")];
        if (missing.Length + older.Length == 0) return null;
        string platform = architecture.ToString().ToLowerInvariant();
        return new ColbertException(ColbertErrorId.NativeLibraryNotFound,
            $"'{library}' needs the Visual C++ runtime {compiler} or later."
            + (missing.Length > 0 ? $" Missing: {string.Join(", ", missing)}." : "")
            + (older.Length > 0 ? $" Too old: {string.Join(", ", older)}." : ""), library,
            $"Install the Visual C++ Redistributable, once for the machine: https://aka.ms/vs/17/release/vc_redist.{platform}.exe"
            + (older.Length > 0 ? " An older copy in a program's own folder hides it: replace or remove that." : ""), cause);
    }

    private static bool IsOfRuntime(string name) => Families.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase));

    private static (Version Compiler, IReadOnlyList<string> Imports) Read(string library)
    {
        try
        {
            using FileStream file = File.OpenRead(library);
            return WindowsImports.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return (new Version(0, 0), []); // the caller's own error says what is wrong with the file
        }
    }

    // Where the library's import would find it. One that is loaded already is taken by its name wherever it came from.
    private static Part? Find(string folder, string name)
    {
        if (!NativeLibrary.TryLoad(Path.Combine(folder, name), typeof(VisualCppRuntime).Assembly, SearchPath, out nint handle)
            && !NativeLibrary.TryLoad(name, typeof(VisualCppRuntime).Assembly, DllImportSearchPath.SafeDirectories, out handle))
            return null;
        using var process = Process.GetCurrentProcess();
        string? path = process.Modules.Cast<ProcessModule>().FirstOrDefault(module => module.BaseAddress == handle)?.FileName;
        if (path is null || !File.Exists(path)) return new Part(name, new Version(0, 0));
        var version = FileVersionInfo.GetVersionInfo(path);
        return new Part(path, new Version(version.FileMajorPart, version.FileMinorPart));
    }

    /// <summary>A DLL of the runtime. Version 0.0: it does not say.</summary>
    internal sealed record Part(string Path, Version Version);
}
