using System.Text.Json;
using ColbertOnnx.Inputs;
using ColbertOnnx.IO;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>Finds out what a reference on the disk is.</summary>
internal static class ReferenceFile
{
    /// <param name="path">A file, or a folder of npy files.</param>
    /// <param name="textPath">The texts, where the reference does not hold them; null: beside it.</param>
    /// <param name="kind">The kind of texts whose kind the reference does not say.</param>
    /// <param name="textOptions">What the file of the texts is read as.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ReferenceInvalid"/>.</exception>
    public static IReference Open(string path, string? textPath = null, TextKind? kind = null, InputOptions? textOptions = null)
    {
        ReferenceErrors.Do(() => GivenPath.Require(path, "a reference"));
        if (textPath is not null) ReferenceErrors.Do(() => GivenPath.Require(textPath, "a reference's texts"));
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (textPath is not null && !File.Exists(textPath))
            throw ReferenceErrors.Invalid(textPath, "there is no such file of texts.", "Check the path.");
        bool isFolder = Directory.Exists(full);
        if (!isFolder && !File.Exists(full))
            throw ReferenceErrors.Invalid(
                path, "there is no such reference.", "Check the path, or make one with New-ColbertReference (colbert reference).");
        string? json = isFolder ? Array.Find(TensorPair.In(full), File.Exists)
            : full.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? full
            : full.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && textPath is null ? TensorPair.JsonOf(full)
            : null;
        return json is null
            ? new EmbeddingFileReference(full, textPath, kind, textOptions)
            : OpenJsonReference(json, textPath, textOptions);
    }

    /// <summary>Opens what is read more than once, which a pipe cannot be.</summary>
    public static JsonCursor OpenJson(string path) => RegularFile.WhyNot(path) is { } what
        ? throw ReferenceErrors.Invalid(Path.GetFileName(path), $"it cannot be read: {what}.", "Check the path.")
        : new(ReferenceErrors.Do(() => InputReader.Open(path)), Path.GetFileName(path));

    // By what the file holds, not by its name: people rename files.
    private static IReference OpenJsonReference(string path, string? textPath, InputOptions? textOptions)
    {
        using JsonCursor cursor = OpenJson(path);
        if (!cursor.Read()) throw cursor.Wrong("a list or an object");
        if (cursor.Token == JsonTokenType.StartObject) return RunReference.Open(path);
        if (cursor.Token != JsonTokenType.StartArray) throw cursor.Wrong("a list or an object");
        if (!cursor.Read() || cursor.Token == JsonTokenType.EndArray)
            throw ReferenceErrors.Invalid(cursor.Location, "there is no text in it.");
        JsonRecord first = JsonRecord.Read(cursor, "entry 1", new FloatBuffer());
        return first.Values is null && TensorPair.TensorsOf(path) is { } tensors
            ? new TensorListReference(path, tensors)
            : new JsonListReference(path, textPath, textOptions);
    }
}
