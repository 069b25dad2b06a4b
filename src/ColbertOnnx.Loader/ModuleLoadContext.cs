using System.Reflection;
using System.Runtime.Loader;

namespace ColbertOnnx.Loader;

/// <summary>
/// Holds the module's assemblies apart from those of other modules: what lies in the module's folder is loaded here, whatever
/// version somebody else has loaded; everything else (the framework, PowerShell) comes from the process.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Assembly> Modules = new(StringComparer.Ordinal);

    private readonly string folder;

    private ModuleLoadContext(string folder)
        : base("ColbertOnnx") => this.folder = folder;

    /// <summary>Loads the assembly of the cmdlets from a folder, once in a process, whatever the number of runspaces.</summary>
    public static Assembly LoadModule(string folder)
    {
        string full = Path.GetFullPath(folder);
        lock (Gate)
        {
            if (Modules.TryGetValue(full, out Assembly? module)) return module;
            return Modules[full] = new ModuleLoadContext(full).LoadFromAssemblyPath(Path.Combine(full, "ColbertOnnx.dll"));
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
