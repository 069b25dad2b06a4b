using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ColbertOnnx.Embeddings;

/// <summary>The output of a task with what its manifest says.</summary>
/// <param name="Path">As it was named.</param>
/// <param name="Manifest">Of a part of the input.</param>
internal sealed record Shard(string Path, RunManifest Manifest)
{
    public ManifestShard Part => Manifest.Shard!;

    /// <summary>What it has in common with all that belong to one run; a difference is named where it is found.</summary>
    public string Run { get; } = Hash(string.Join('\n', (IEnumerable<string>)
    [
        FormattableString.Invariant($"{Manifest.Shard!.Count}"),
        .. Manifest.Input.Files.Select(file => FormattableString.Invariant($"{file.Name}\0{file.Bytes}\0{file.Digest}")),
        .. Manifest.Identity.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}\0{field.Value}"),
    ]));

    // Of 100,000 files a text would have 20 MB for each shard.
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Why this one is not of the run that another one is of, as the end of a sentence without a point.</summary>
    public string DifferenceFrom(Shard other)
    {
        if (Part.Count != other.Part.Count)
            return $"is one of {ShownText.Count(Part.Count, "shard")}, and '{other.Path}' one of {other.Part.Count}";
        if (RunIdentity.FirstDifference(other.Manifest.Identity, Manifest.Identity) is { } field)
            return $"is of another run than '{other.Path}': its {field} is {RunIdentity.Said(Manifest.Identity, field)}, and there "
                + $"{RunIdentity.Said(other.Manifest.Identity, field)}";
        IReadOnlyList<ManifestInputFile> own = Manifest.Input.Files, others = other.Manifest.Input.Files;
        if (own.Count != others.Count)
            return $"is of an input of {ShownText.Count(own.Count, "file")}, and '{other.Path}' of {others.Count}";
        (ManifestInputFile mine, ManifestInputFile its) = own.Zip(others)
            .First(pair =>
                (pair.First.Name, pair.First.Bytes, pair.First.Digest) != (pair.Second.Name, pair.Second.Bytes, pair.Second.Digest));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is of another input than '{other.Path}': '{mine.Name}' of {mine.Bytes} bytes, there '{its.Name}' of "
                + $"{its.Bytes}{(mine.Bytes == its.Bytes && mine.Name == its.Name ? ", with other bytes" : "")}");
    }
}
