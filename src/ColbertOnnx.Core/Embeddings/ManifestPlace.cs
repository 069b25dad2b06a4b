namespace ColbertOnnx.Embeddings;

/// <summary>Where manifests and files of errors lie, and what may be taken away there.</summary>
internal static class ManifestPlace
{
    private const string Ending = ".manifest.json", ErrorsEnding = ".errors.jsonl";

    /// <param name="target">Full path of the output.</param>
    /// <param name="isFolder">It is a folder, in which queries may lie beside documents.</param>
    /// <param name="kind">What was encoded.</param>
    public static string Of(string target, bool isFolder, TextKind kind) =>
        target + (isFolder && kind == TextKind.Query ? ".query" : "") + Ending;

    /// <summary>Whether a file has the name of a manifest.</summary>
    public static bool IsOne(string name) => name.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>The file of errors that belongs to a manifest.</summary>
    public static string ErrorsOf(string manifest) => manifest[..^Ending.Length] + ErrorsEnding;

    /// <summary>A manifest that is there goes with its output; anything else of that name is not ours to replace.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.OutputExists"/>.</exception>
    public static void RefuseOthers(string manifest)
    {
        if (Path.Exists(manifest) && !ManifestReader.IsOne(manifest)) throw InTheWay(manifest, "not a manifest of a run");
        string errors = ErrorsOf(manifest);
        if (Path.Exists(errors) && !TextFailure.IsFileOf(errors)) throw InTheWay(errors, "not a file of a run's errors");
    }

    /// <summary>It would say of the new output what the earlier one was.</summary>
    public static void Remove(string manifest)
    {
        if (Path.Exists(manifest) && ManifestReader.IsOne(manifest)) File.Delete(manifest);
        RemoveErrors(manifest);
    }

    /// <summary>The errors of an earlier output.</summary>
    public static void RemoveErrors(string manifest)
    {
        string errors = ErrorsOf(manifest);
        if (Path.Exists(errors) && TextFailure.IsFileOf(errors)) File.Delete(errors);
    }

    /// <summary>Moves a manifest to its place, behind the errors that belong to it.</summary>
    /// <param name="gathered">The manifest.</param>
    /// <param name="errors">The errors; there is no such file where none gathered.</param>
    /// <param name="manifest">Its place.</param>
    /// <param name="keepsErrors">Where none gathered, those of the place stay; else they are an earlier output's.</param>
    public static void Put(string gathered, string errors, string manifest, bool keepsErrors)
    {
        if (File.Exists(errors)) File.Move(errors, ErrorsOf(manifest), overwrite: true);
        else if (!keepsErrors) RemoveErrors(manifest);
        File.Move(gathered, manifest, overwrite: true);
    }

    private static ColbertException InTheWay(string path, string what) =>
        new(ColbertErrorId.OutputExists, $"'{path}' is {what}, and is not replaced.", path, "Move it away, or choose another output.");

    /// <summary>On the disk before it gets its name.</summary>
    public static void Write(string path, RunManifest manifest)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        stream.Write(manifest.ToJson());
        stream.Flush(flushToDisk: true);
    }
}
