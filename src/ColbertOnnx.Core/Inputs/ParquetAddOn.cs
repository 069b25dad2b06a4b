using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Inputs;

/// <summary>
/// The package ColbertOnnx.Parquet, whose native library is larger than all else: it is loaded when a Parquet file is met, from the
/// program's own packages or from a folder.
/// </summary>
public static class ParquetAddOn
{
    /// <summary>Names the folder with the add-on's assemblies by a full path; no other place is looked at then.</summary>
    internal const string Variable = "COLBERT_PARQUET";

    /// <summary>Name of the folder beside this library.</summary>
    internal const string Folder = "parquet";

    internal const string AssemblyName = "ColbertOnnx.Parquet";

    private const string TypeName = "ColbertOnnx.Parquet.ParquetFormat";

    private const string Install =
        "In PowerShell: Install-PSResource ColbertOnnxParquet. For the command: unpack its zip, and name the folder bin of it in "
            + Variable + " (docs/install.md). In a C# project: dotnet add package " + AssemblyName + ".";

    private static readonly Lock Gate = new();
    private static ITextFormat? loaded;

    /// <summary>
    /// Folders where a program looks for the package's assemblies, beside those of the library; asked when the first Parquet file is met.
    /// </summary>
    public static Func<IEnumerable<string>> MoreFolders { get; set; } = () => [];

    /// <summary>Whether a file's name says that it is Parquet.</summary>
    public static bool IsParquet(string path) => Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <param name="path">The file that needs it.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>: it is not installed, of another version, or
    /// does not run here.</exception>
    internal static ITextFormat Load(string path)
    {
        lock (Gate) return loaded ??= Create(path, Environment.GetEnvironmentVariable(Variable));
    }

    /// <summary>The same, without what was loaded before.</summary>
    internal static ITextFormat Create(string path, string? named)
    {
        Type type = IsInside ? Inside()! : Find(path, named);
        if (type.Assembly.GetName().Version is var version && version != typeof(ParquetAddOn).Assembly.GetName().Version)
            throw NotUsable(
                $"'{path}' needs {AssemblyName} {typeof(ParquetAddOn).Assembly.GetName().Version?.ToString(3)}, and "
                    + $"{version?.ToString(3)} is installed.",
                path, "Install the same version of both.");
        try
        {
            return (ITextFormat)Activator.CreateInstance(type)!;
        }
        catch (Exception e) when (IsInside && e.GetBaseException() is DllNotFoundException missing)
        {
            throw NotUsable(
                $"'{path}' is a Parquet file, and the library that reads and writes those is not installed: {missing.Message}", path,
                Install, e);
        }
        catch (Exception e) when ((e as TargetInvocationException)?.InnerException is DllNotFoundException or BadImageFormatException
            or EntryPointNotFoundException or TypeInitializationException or FileNotFoundException)
        {
            throw NotUsable(
                $"{AssemblyName} does not run on {OrtLibraryLocator.Platform}: {e.InnerException!.GetBaseException().Message}", path,
                $"Install its package for {OrtLibraryLocator.Platform}; there is none for musl.", e);
        }
    }

    /// <summary>
    /// Whether the program was compiled ahead of time with the add-on inside; its native library alone is looked for then.
    /// </summary>
    private static bool IsInside => !RuntimeFeature.IsDynamicCodeSupported && Inside() is not null;

    /// <summary>A native library of an add-on's folder, whether it is there or not.</summary>
    /// <param name="name">As code imports it.</param>
    internal static string LibraryIn(string folder, string name) => Path.Combine(
        folder, "runtimes", OrtLibraryLocator.Platform, "native",
        name + (OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so"));

    /// <summary>
    /// The add-on's folders for a program that has all but its native library inside: one that is named, or where it would be.
    /// </summary>
    /// <exception cref="DllNotFoundException">A folder is named, and it is none of this version.</exception>
    internal static IEnumerable<string> FoldersOfThisVersion()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        IEnumerable<string> folders = string.IsNullOrEmpty(named) ? Folders() : [named];
        foreach (string folder in folders)
        {
            string assembly = Path.Combine(folder, AssemblyName + ".dll");
            if (!Path.IsPathFullyQualified(folder) || !File.Exists(assembly)) continue;
            string? found = FileVersionInfo.GetVersionInfo(assembly).FileVersion,
                own = typeof(ParquetAddOn).Assembly.GetName().Version?.ToString();
            if (found != own) throw new DllNotFoundException($"'{folder}' is of version {found}, and this program of {own}.");
            yield return folder;
        }

        if (!string.IsNullOrEmpty(named))
            throw new DllNotFoundException($"{Variable} names '{named}', which is not a full path or no folder of the add-on.");
    }

    // The name is a constant, so that a trimmed program keeps the type and its constructor when the package is one of its own.
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    private static Type? Inside() => Type.GetType($"{TypeName}, {AssemblyName}", throwOnError: false);

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    private static Type Find(string path, string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            // A relative one would load whatever lies in the folder that the process happens to be in.
            if (!Path.IsPathFullyQualified(named))
                throw NotUsable(
                    $"{Variable} names '{named}', which is not a full path.", named, $"Give {Variable} a full path, or remove it.");
            return InFolder(Path.GetFullPath(named))
                ?? throw NotUsable(
                    $"{Variable} names '{named}', and there is no {AssemblyName}.dll in it.", named,
                    $"Correct or remove {Variable}. {Install}");
        }

        if (Inside() is { } own) return own;
        foreach (string folder in Folders())
        {
            if (InFolder(folder) is { } found) return found;
        }

        throw NotUsable($"'{path}' is a Parquet file, and what reads and writes those, {AssemblyName}, is not installed.", path, Install);
    }

    private static IEnumerable<string> Folders() => OwnFolders.All().Select(folder => Path.Combine(folder, Folder)).Concat(MoreFolders());

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A trimmed program has the package among its own, or none.")]
    [UnconditionalSuppressMessage("Trimming", "IL2073", Justification = "As above; what comes from a folder is whole.")]
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    private static Type? InFolder(string folder)
    {
        string path = Path.Combine(folder, AssemblyName + ".dll");
        if (!RuntimeFeature.IsDynamicCodeSupported || !File.Exists(path)) return null;
        try
        {
            return new AddOnLoadContext(folder).LoadFromAssemblyPath(path).GetType(TypeName, throwOnError: true);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or TypeLoadException or UnauthorizedAccessException)
        {
            throw NotUsable($"'{path}' cannot be loaded: {e.Message}", path, $"Install {AssemblyName} again. {Install}", e);
        }
    }

    private static ColbertException NotUsable(string what, string target, string action, Exception? inner = null) =>
        new(ColbertErrorId.NativeLibraryNotFound, what, target, action, inner);
}
