using System.Text.Json;
using System.Text.Json.Serialization;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// What a file or folder of embeddings is, in a file beside it: of which texts and by which model it was made, how many there are, and a
/// hash of its bytes. docs/manifest.md describes each field.
/// </summary>
public sealed record RunManifest
{
    internal const string FormatName = "colbert-manifest";
    internal const int CurrentVersion = 1;

    /// <summary>What kind of file it is: "colbert-manifest".</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the format; only this one is read.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The file or folder beside it.</summary>
    public required ManifestOutput Output { get; init; }

    /// <summary>The texts.</summary>
    public required ManifestInput Input { get; init; }

    /// <summary>Which part of the input was read; null: all of it.</summary>
    public required ManifestShard? Shard { get; init; }

    /// <summary>How many of each there are.</summary>
    public required ManifestCounts Counts { get; init; }

    /// <summary>Id of the first text, cut after 1,000 characters; null: it had none.</summary>
    public required string? FirstId { get; init; }

    /// <summary>Id of the last text, likewise.</summary>
    public required string? LastId { get; init; }

    /// <summary>
    /// What the bytes of the output depend on beside the texts and the CPU: the product, how the input is read, the model
    /// (<see cref="ColbertModel.GetIdentity"/>) and the options, field by field.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Identity { get; init; }

    /// <summary>
    /// The CPUs that have computed it, several where a run was interrupted and went on elsewhere: ONNX Runtime chooses its kernels by them,
    /// and they may differ in the last bits.
    /// </summary>
    [JsonPropertyName("processors")]
    public required IReadOnlyList<string> Cpus { get; init; }

    /// <summary>Where the manifest of an output lies, whether it is there or not.</summary>
    /// <param name="output">The file or folder. Where it is a link, the manifest lies beside what it leads to.</param>
    /// <param name="kind">What was encoded: a folder may hold queries beside documents, and has a manifest for each.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: no path.</exception>
    public static string PathOf(string output, TextKind kind = TextKind.Document)
    {
        string full = OutputTarget.Of(output);
        return ManifestPlace.Of(full, EmbeddingWriter.IsFolder(output, full), kind);
    }

    /// <summary>
    /// Where the errors of an output's texts lie, a JSON object a line; there is no such file where all could be encoded.
    /// </summary>
    /// <inheritdoc cref="PathOf"/>
    public static string ErrorsPathOf(string output, TextKind kind = TextKind.Document) => ManifestPlace.ErrorsOf(PathOf(output, kind));

    /// <summary>Reads a manifest. A field that is missing, of another type or in conflict with others is an error.</summary>
    /// <param name="path">The manifest itself (<see cref="PathOf"/>).</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>, with the file and the field.</exception>
    public static RunManifest Read(string path) => ManifestReader.Read(path);

    /// <summary>Compares a file or folder with what this manifest says of it; reads all its bytes.</summary>
    /// <param name="output">The file or folder.</param>
    /// <returns>Null: it is the one. Else what is wrong with it, as the end of a sentence.</returns>
    public string? FindChange(string output) => OutputSum.FindChange(this, output);

    /// <summary>Where two runs differ in what their bytes depend on, as a sentence without a point; null: nowhere.</summary>
    /// <param name="identity">Of the other one (<see cref="Identity"/>).</param>
    public string? FindDifference(IReadOnlyDictionary<string, string> identity) => RunIdentity.Difference(Identity, identity);

    /// <summary>One line for people.</summary>
    public override string ToString() => ShownText.Of($"{Output.Name}: {Counts}");

    internal byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ManifestContext.Written.RunManifest), (byte)'\n'];
}
