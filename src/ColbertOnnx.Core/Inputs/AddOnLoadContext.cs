using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace ColbertOnnx.Inputs;

/// <summary>
/// Assemblies and native libraries of an add-on's folder, apart from those of others. What the folder lacks (this library, the framework)
/// comes from where this library came from.
/// </summary>
[RequiresUnreferencedCode("It loads assemblies that nothing refers to.")]
internal sealed class AddOnLoadContext(string folder) : AssemblyLoadContext(Path.GetFileName(folder))
{
    private static readonly AssemblyLoadContext Own = GetLoadContext(typeof(AddOnLoadContext).Assembly) ?? Default;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : Own.LoadFromAssemblyName(assemblyName);
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        string path = ParquetAddOn.LibraryIn(folder, unmanagedDllName);
        // Nothing of that name from wherever the system looks for libraries.
        return File.Exists(path) ? LoadUnmanagedDllFromPath(path) : throw new DllNotFoundException($"There is no '{path}'.");
    }
}
