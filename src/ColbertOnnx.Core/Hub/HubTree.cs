using System.Text.Json;
using ColbertOnnx.IO;

namespace ColbertOnnx.Hub;

/// <summary>
/// The list of a commit's files, kept in the cache as huggingface_hub keeps it: a commit never changes, so that the list need not be asked
/// for again, and says offline whether a snapshot is complete.
/// </summary>
internal static class HubTree
{
    private const int FormatVersion = 1;

    /// <summary>
    /// Null when the list is not there, or is of a format or damaged in a way that this reader does not know: then the hub is asked.
    /// </summary>
    public static IReadOnlyList<HubFile>? Read(HubCache cache, string commit)
    {
        string path = PathOf(cache, commit);
        if (!File.Exists(path) || RegularFile.WhyNot(path) is not null) return null;
        try
        {
            using var document = JsonDocument.Parse(HubDisk.Run(path, () => RegularFile.Read(path, Limits.HubListBytes)) ?? []);
            if (document.RootElement.GetProperty("format_version").GetInt32() != FormatVersion) return null;
            return [.. document.RootElement.GetProperty("files").EnumerateObject().Select(entry => Checked(
                entry.Name,
                entry.Value.GetProperty(Field(entry.Value, "lfs_size") ? "lfs_size" : "size").GetInt64(),
                entry.Value.GetProperty("blob_id").GetString(),
                Field(entry.Value, "lfs_sha256") ? entry.Value.GetProperty("lfs_sha256").GetString() : null))];
        }
        catch (Exception e) when (HubJson.IsUnexpected(e))
        {
            return null;
        }

        static bool Field(JsonElement entry, string name) =>
            entry.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
    }

    public static void Write(HubCache cache, string commit, IReadOnlyList<HubFile> files) =>
        HubCache.Replace(PathOf(cache, commit), temporary =>
        {
            using FileStream stream = File.Create(temporary);
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteNumber("format_version", FormatVersion);
            json.WriteStartObject("files");
            foreach (HubFile file in files.DistinctBy(f => f.Path).OrderBy(f => f.Path, StringComparer.Ordinal))
            {
                json.WriteStartObject(file.Path);
                json.WriteNumber("size", file.Size);
                json.WriteString("blob_id", file.BlobId);
                if (file.Sha256 is not null)
                {
                    json.WriteString("lfs_sha256", file.Sha256);
                    json.WriteNumber("lfs_size", file.Size);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });

    /// <summary>A file whose ids and size can be what they should be; they become file names and limits.</summary>
    /// <exception cref="FormatException">They cannot.</exception>
    public static HubFile Checked(string? path, long size, string? blobId, string? sha256) =>
        path is not null && size >= 0 && HubFile.IsHex(blobId, 40) && (sha256 is null || HubFile.IsHex(sha256, 64))
            ? new HubFile(path, size, blobId!, sha256)
            : throw new FormatException($"the file '{path}' has no size or id that can be right.");

    private static string PathOf(HubCache cache, string commit) => Path.Combine(cache.Folder, "trees", commit + ".json");
}
