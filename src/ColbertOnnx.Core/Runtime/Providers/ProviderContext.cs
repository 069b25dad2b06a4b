using System.Text;
using ColbertOnnx.IO;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>What a provider's defaults may depend on.</summary>
/// <param name="Graph">The file of the graph.</param>
/// <param name="OnnxRuntimeVersion">ONNX Runtime's version.</param>
/// <param name="Cache">The user's folder for what can be made again; null: nothing is kept.</param>
internal sealed record ProviderContext(string Graph, string OnnxRuntimeVersion, string? Cache)
{
    public static ProviderContext Of(string graph)
    {
        bool isOff = UserCache.IsOff(Environment.GetEnvironmentVariable(UserCache.Variable));
        return new ProviderContext(graph, Native.OrtLibrary.Loaded.Version, isOff ? null : UserCache.Folder);
    }

    /// <summary>
    /// A folder for what a provider makes of this model, named by the model's hash and the versions; it exists afterwards. Null: nothing is
    /// kept, nothing can be, or others could put there what would run here.
    /// </summary>
    /// <param name="kind">The provider.</param>
    /// <param name="versions">Versions of what else has a say in it.</param>
    public string? Folder(string kind, params ReadOnlySpan<string> versions)
    {
        if (Cache is null) return null;
        var text = new StringBuilder().Append(kind).Append(" 1\n").Append("ONNX Runtime ").Append(OnnxRuntimeVersion).Append('\n');
        foreach (string version in versions) text.Append(version).Append('\n');
        try
        {
            string graph = Path.GetFullPath(Graph);
            text.Append(FileDigest.Of(graph)).Append('\n');
            foreach (FileInfo file in ExternalFiles.Of(graph).Select(name => ExternalData.Find(graph, name)).OfType<FileInfo>())
                text.Append(FileDigest.Of(file.FullName)).Append('\n');
            var hash = new ContentHash();
            hash.Add(Encoding.UTF8.GetBytes(text.ToString()));
            string name = $"{kind}-{hash}";
            return Ownership.Claim(Cache, "engines", name) is null ? Path.Combine(Cache, "engines", name) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
