using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ColbertOnnx.Embeddings;

/// <summary>The hash of an output, which everybody can repeat: sha256sum prints the same.</summary>
internal static class OutputSum
{
    private const int BufferSize = 128 * 1024;

    public static ManifestOutput OfFile(string path, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return OfFile(path, name, hash);
    }

    /// <param name="files">Those of a folder that are its results.</param>
    /// <param name="name">The folder's.</param>
    public static ManifestOutput OfFolder(IEnumerable<string> files, string name)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            ofFile = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        foreach (string path in files.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal))
        {
            ManifestOutput file = OfFile(path, Path.GetFileName(path), ofFile);
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
            string[] files = FilesOf(manifest, target);
            if (OtherLength(manifest, files) is { } other) return other;
            string sum = (isFolder ? OfFolder(files, "") : OfFile(target, "")).Sha256;
            return sum == manifest.Output.Sha256 ? null : "has other bytes than were written";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {error.Message.TrimEnd('.')}";
        }
    }

    /// <summary>The same by the length alone.</summary>
    public static string? FindOtherLength(RunManifest manifest, string output)
    {
        try
        {
            return OtherLength(manifest, FilesOf(manifest, OutputTarget.Of(output)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {error.Message.TrimEnd('.')}";
        }
    }

    private static string[] FilesOf(RunManifest manifest, string target) =>
        Directory.Exists(target) ? [.. EarlierResults.In(target, RunIdentity.KindOf(manifest.Identity))] : [target];

    private static string? OtherLength(RunManifest manifest, string[] files)
    {
        long bytes = files.Sum(file => new FileInfo(file).Length);
        return bytes == manifest.Output.Bytes
            ? null
            : FormattableString.Invariant($"has {bytes} bytes, and {manifest.Output.Bytes} were written");
    }

    // One buffer and one hash for all: a folder may have a million small files.
    private static ManifestOutput OfFile(string path, string name, IncrementalHash hash)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var stream = new FileStream(
                EmbeddingErrors.Regular(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0,
                FileOptions.SequentialScan);
            long bytes = 0;
            for (int read; (read = stream.Read(buffer)) > 0; bytes += read) hash.AppendData(buffer, 0, read);
            return new ManifestOutput(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
