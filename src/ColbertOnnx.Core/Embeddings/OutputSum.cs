using System.Security.Cryptography;
using System.Text;

namespace ColbertOnnx.Embeddings;

/// <summary>The hash of an output, which everybody can repeat: sha256sum prints the same.</summary>
internal static class OutputSum
{
    private const int BufferSize = 1 << 20;

    public static ManifestOutput OfFile(string path, string name)
    {
        using FileStream stream = Open(path);
        return new ManifestOutput(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <param name="files">Those of a folder that are its results.</param>
    /// <param name="name">The folder's.</param>
    public static ManifestOutput OfFolder(IEnumerable<string> files, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        foreach (string path in files.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal))
        {
            ManifestOutput file = OfFile(path, Path.GetFileName(path));
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Name}\n"));
            bytes += file.Bytes;
        }

        return new ManifestOutput(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>As <see cref="RunManifest.FindChange"/>.</summary>
    public static string? FindChange(RunManifest manifest, string output)
    {
        string target = OutputTarget.Of(output);
        try
        {
            bool isFolder = Directory.Exists(target);
            if (!isFolder && !File.Exists(target)) return "is not there";
            string[] files = isFolder ? [.. EarlierResults.In(target, RunIdentity.KindOf(manifest.Identity))] : [target];
            long bytes = files.Sum(file => new FileInfo(file).Length);
            if (bytes != manifest.Output.Bytes) return FormattableString.Invariant($"has {bytes} bytes, and {manifest.Output.Bytes} were written");
            string sum = (isFolder ? OfFolder(files, "") : OfFile(target, "")).Sha256;
            return sum == manifest.Output.Sha256 ? null : "has other bytes than were written";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {error.Message.TrimEnd('.')}";
        }
    }

    private static FileStream Open(string path) => new(EmbeddingErrors.Regular(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.SequentialScan);
}
