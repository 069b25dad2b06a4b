using System.Runtime.InteropServices;

namespace ColbertOnnx.Native;

/// <summary>Where ONNX Runtime's library is: always an absolute path.</summary>
internal static class OrtLibraryLocator
{
    /// <summary>Names another build of the library by a full path: the file, or the folder that holds it.</summary>
    public const string Variable = "COLBERT_ONNXRUNTIME";

    /// <summary>This process's platform as .NET names it, such as linux-x64.</summary>
    public static string Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The file that is loaded.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>, with every place that was looked
    /// at.</exception>
    public static string Find() => Find(Environment.GetEnvironmentVariable(Variable), Folders());

    internal static string Find(string? named, IEnumerable<string> folders)
    {
        if (!string.IsNullOrEmpty(named))
        {
            // A relative one would load whatever lies in the folder that the process happens to be in.
            if (!Path.IsPathFullyQualified(named))
                throw new ColbertException(
                    ColbertErrorId.NativeLibraryNotFound, $"{Variable} names '{named}', which is not a full path.", named,
                    $"Give {Variable} a full path, or remove it.");
            string full = Path.GetFullPath(named);
            return Candidates(full).Prepend(full).FirstOrDefault(File.Exists)
                ?? throw new ColbertException(ColbertErrorId.NativeLibraryNotFound,
                $"{Variable} names '{named}', and there is no ONNX Runtime library there.", full, $"Correct or remove {Variable}.");
        }

        string[] places = [.. folders], looked = [.. places.SelectMany(Candidates)],
            others = [.. places.SelectMany(OtherPlatforms).Distinct()];
        return looked.FirstOrDefault(File.Exists) ?? throw new ColbertException(ColbertErrorId.NativeLibraryNotFound,
            $"ONNX Runtime's library for {Platform} was not found. Looked for: {string.Join(", ", looked.Select(l => $"'{l}'"))}."
            + (others.Length > 0 ? $" There is one for {string.Join(", ", others)}." : ""),
            looked.FirstOrDefault(),
            $"In a C# project: dotnet add package Microsoft.ML.OnnxRuntime. Else install the package for {Platform} or the one for all "
            + $"platforms, build again, or name the library in the environment variable {Variable}.");
    }

    // As a build lays it out, and a publish for one platform. Then where .NET's host found the natives of this program's packages: a
    // program of one file may unpack them elsewhere, and what a build does not copy stays in the folder of packages.
    private static IEnumerable<string> Folders() =>
        OwnFolders.All().SelectMany(folder => new[] { Path.Combine(folder, "runtimes", Platform, "native"), folder })
            .Concat(HostFolders(AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string))
            .Distinct();

    internal static IEnumerable<string> HostFolders(string? list) =>
        (list ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified)
            .Select(Path.TrimEndingDirectorySeparator);

    // The neighbours of runtimes/PLATFORM/native that hold the library: a copy made for another machine. The host's own folder may have
    // natives of others.
    private static IEnumerable<string> OtherPlatforms(string folder) =>
        Path.GetDirectoryName(Path.GetDirectoryName(folder)) is { } runtimes && Path.GetFileName(runtimes) == "runtimes"
            && Directory.Exists(runtimes)
            ? Directory.EnumerateDirectories(runtimes).Where(HoldsLibrary).Select(directory => Path.GetFileName(directory))
                .Where(name => name != Platform).Order(StringComparer.Ordinal)
            : [];

    private static bool HoldsLibrary(string platform) =>
        Path.Combine(platform, "native") is var natives && Directory.Exists(natives)
            && Directory.EnumerateFiles(natives, "*onnxruntime*").Any();

    private static IEnumerable<string> Candidates(string folder)
    {
        if (OperatingSystem.IsWindows()) return [Path.Combine(folder, "onnxruntime.dll")];
        if (!OperatingSystem.IsMacOS()) return [Path.Combine(folder, "libonnxruntime.so"), Path.Combine(folder, "libonnxruntime.so.1")];

        // In packages of others the file carries its release in its name there.
        IEnumerable<string> versions = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "libonnxruntime*.dylib").Order(StringComparer.Ordinal)
            : [];
        return versions.Prepend(Path.Combine(folder, "libonnxruntime.dylib"));
    }
}
