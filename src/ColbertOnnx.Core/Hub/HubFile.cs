namespace ColbertOnnx.Hub;

/// <summary>A file of a revision.</summary>
/// <param name="Path">Its name in the repository, parts divided by <c>/</c>. It comes from the server: only <see cref="HubPath"/> makes a
/// path of it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="BlobId">git's object id: SHA-1 over the blob's header and content, or over the pointer's where the content lies in large
/// file storage.</param>
/// <param name="Sha256">SHA-256 of the content of a file in large file storage; otherwise null.</param>
internal sealed record HubFile(string Path, long Size, string BlobId, string? Sha256)
{
    /// <summary>What the hub gives as the file's ETag, and the cache calls its content.</summary>
    public string Etag => Sha256 ?? BlobId;

    /// <summary>Ids become file names, so nothing but lower-case hexadecimal digits is taken.</summary>
    public static bool IsHex(string? id, int length) => id?.Length == length && id.All(char.IsAsciiHexDigitLower);
}
