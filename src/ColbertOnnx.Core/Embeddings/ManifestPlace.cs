namespace ColbertOnnx.Embeddings;

/// <summary>Where manifests lie, and what may be taken away there.</summary>
internal static class ManifestPlace
{
    private const string Ending = ".manifest.json";

    /// <param name="target">Full path of the output.</param>
    /// <param name="isFolder">It is a folder, in which queries may lie beside documents.</param>
    /// <param name="kind">What was encoded.</param>
    public static string Of(string target, bool isFolder, TextKind kind) => target + (isFolder && kind == TextKind.Query ? ".query" : "") + Ending;

    /// <summary>A manifest that is there goes with its output; anything else of that name is not ours to replace.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>.</exception>
    public static void RefuseOthers(string path)
    {
        if (Path.Exists(path) && !ManifestReader.IsOne(path))
            throw new ColbertException(ColbertErrorId.OutputExists, $"'{path}' is no manifest of a run, and is not replaced.", path, "Move it away, or choose another output.");
    }

    /// <summary>It would say of the new output what the earlier one was.</summary>
    public static void Remove(string path)
    {
        if (Path.Exists(path) && ManifestReader.IsOne(path)) File.Delete(path);
    }

    /// <summary>On the disk before it gets its name.</summary>
    public static void Write(string path, RunManifest manifest)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        stream.Write(manifest.ToJson());
        stream.Flush(flushToDisk: true);
    }
}
