using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using ColbertOnnx.Native;

namespace ColbertOnnx.Inputs;

/// <summary>
/// The package ColbertOnnx.Parquet, whose native library is larger than all else: it is loaded when a Parquet file is met, from the program's own packages or
/// from a folder.
/// </summary>
public static class ParquetAddOn
{
    /// <summary>Names the folder with the add-on's assemblies by a full path; no other place is looked at then.</summary>
    internal const string Variable = "COLBERT_PARQUET";

    /// <summary>Name of the folder beside this library.</summary>
    internal const string Folder = "parquet";

    internal const string AssemblyName = "ColbertOnnx.Parquet";

    private const string TypeName = "ColbertOnnx.Parquet.ParquetFormat";

    private const string Install = "In PowerShell: Install-PSResource ColbertOnnxParquet. For the command: unpack its zip, and name the folder bin of it in "
        + Variable + " (docs/install.md). In a C# project: dotnet add package " + AssemblyName + ".";

    private static readonly Lock Gate = new();
    private static ITextFormat? loaded;

    /// <summary>Folders where a program looks for the package's assemblies, beside those of the library; asked when the first Parquet file is met.</summary>
    public static Func<IEnumerable<string>> MoreFolders { get; set; } = () => [];

    /// <summary>Whether a file's name says that it is Parquet.</summary>
    public static bool IsParquet(string path) => Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <param name="path">The file that needs it.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.NativeLibraryNotFound"/>: it is not installed, of another version, or does not run here.</exception>
    internal static ITextFormat Load(string path)
    {
        lock (Gate) return loaded ??= Create(path, Environment.GetEnvironmentVariable(Variable));
    }

    /// <summary>The same, without what was loaded before.</summary>
    internal static ITextFormat Create(string path, string? named)
    {
        Type type = Find(path, named);
        if (type.Assembly.GetName().Version is var version && version != typeof(ParquetAddOn).Assembly.GetName().Version)
            throw NotUsable($"'{path}' needs {AssemblyName} {typeof(ParquetAddOn).Assembly.GetName().Version?.ToString(3)}, and {version?.ToString(3)} is installed.", path, "Install the same version of both.");
        try
        {
            return (ITextFormat)Instance(type);
        }
        catch (Exception e) when ((e as TargetInvocationException)?.InnerException is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException or FileNotFoundException)
        {
            throw NotUsable($"{AssemblyName} does not run on {OrtLibraryLocator.Platform}: {e.InnerException!.GetBaseException().Message}", path, $"Install its package for {OrtLibraryLocator.Platform}; there is none for musl.", e);
        }
    }

    private static Type Find(string path, string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            // A relative one would load whatever lies in the folder that the process happens to be in.
            if (!Path.IsPathFullyQualified(named)) throw NotUsable($"{Variable} names '{named}', which is not a full path.", named, $"Give {Variable} a full path, or remove it.");
            return InFolder(Path.GetFullPath(named)) ?? throw NotUsable($"{Variable} names '{named}', and there is no {AssemblyName}.dll in it.", named, $"Correct or remove {Variable}. {Install}");
        }

        // The name is a constant: a trimmed program keeps the type when the package is one of its own.
        Type? own = Type.GetType($"{TypeName}, {AssemblyName}", throwOnError: false);
        return own ?? Folders().Select(InFolder).FirstOrDefault(found => found is not null)
            ?? throw NotUsable($"'{path}' is a Parquet file, and what reads and writes those, {AssemblyName}, is not installed.", path, Install);
    }

    private static IEnumerable<string> Folders() => OwnFolders.All().Select(folder => Path.Combine(folder, Folder)).Concat(MoreFolders());

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A trimmed program has the package among its own, or none.")]
    private static Type? InFolder(string folder)
    {
        string path = Path.Combine(folder, AssemblyName + ".dll");
        return RuntimeFeature.IsDynamicCodeSupported && File.Exists(path) ? new AddOnLoadContext(folder).LoadFromAssemblyPath(path).GetType(TypeName, throwOnError: true) : null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "Find names the type by a constant, or it comes from a folder and is whole.")]
    private static object Instance(Type type) => Activator.CreateInstance(type)!;

    private static ColbertException NotUsable(string what, string target, string action, Exception? inner = null) => new(ColbertErrorId.NativeLibraryNotFound, what, target, action, inner);
}
