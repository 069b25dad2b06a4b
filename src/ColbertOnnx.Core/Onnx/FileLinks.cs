namespace ColbertOnnx.Onnx;

/// <summary>Files behind symbolic links: the hub's cache has folders of links to files that lie together elsewhere.</summary>
internal static class FileLinks
{
    /// <summary>The full path of the file itself.</summary>
    public static string Follow(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
}
