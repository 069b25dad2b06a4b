using ColbertOnnx.IO;

namespace ColbertOnnx.Hub;

/// <summary>
/// One repository's folder in the cache, laid out as huggingface_hub lays it out, so that either uses what the other fetched:
/// <c>blobs/ETAG</c> holds each content once, <c>snapshots/COMMIT/…</c> links to them under the files' names, <c>refs/REVISION</c> holds
/// the commit of a branch or tag, <c>trees/COMMIT.json</c> the list of files. Where links cannot be made a snapshot holds the files
/// themselves.
/// </summary>
internal sealed class HubCache(HubSettings settings, HubName name)
{
    private readonly string folderName = $"models--{name.Owner}--{name.Name}";

    public string Folder => Path.Combine(settings.CacheFolder, folderName);

    /// <summary>The models of which a snapshot is in the cache, whatever they are: it serves other programs too.</summary>
    public static IEnumerable<string> Names(HubSettings settings)
    {
        const string prefix = "models--";
        if (!Directory.Exists(settings.CacheFolder)) return [];
        return HubDisk.Run(settings.CacheFolder, () => Directory.EnumerateDirectories(settings.CacheFolder, prefix + "*--*")
            .Where(folder => Directory.Exists(Path.Combine(folder, "snapshots")))
            .Select(folder => Path.GetFileName(folder)[prefix.Length..].Replace("--", "/", StringComparison.Ordinal))
            .Order(StringComparer.OrdinalIgnoreCase).ToArray());
    }

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string Blob(HubFile file) => Path.Combine(Folder, "blobs", file.Etag);

    /// <summary>What was fetched of a blob; the next try goes on from its length.</summary>
    public string Incomplete(HubFile file) => Blob(file) + ".incomplete";

    /// <summary>Bytes of it that are there.</summary>
    public long IncompleteLength(HubFile file) => new FileInfo(Incomplete(file)) is { Exists: true } info ? info.Length : 0;

    /// <summary>The lock that huggingface_hub takes for the same blob.</summary>
    public string Lock(HubFile file) => Path.Combine(settings.CacheFolder, ".locks", folderName, file.Etag + ".lock");

    /// <summary>The commit that a branch or tag had when it was last fetched; null when it never was.</summary>
    public string? ReadRevision(string revision)
    {
        string path = HubPath.Below(Path.Combine(Folder, "refs"), revision);
        if (!File.Exists(path)) return null;
        if (RegularFile.WhyNot(path) is not null || HubDisk.Run(path, () => RegularFile.Read(path, Limits.HubNote)) is not { } bytes)
            return null;
        string commit = HubDisk.TextOf(bytes).Trim();
        return HubFile.IsHex(commit, 40) ? commit : null;
    }

    /// <summary>Written when the snapshot is complete: a revision never points at half a model because a download broke off.</summary>
    public void WriteRevision(string revision, string commit)
    {
        if (revision == commit || ReadRevision(revision) == commit) return;
        string path = HubPath.Below(Path.Combine(Folder, "refs"), revision);
        Replace(path, temporary => File.WriteAllText(temporary, commit));
    }

    /// <summary>Whether the snapshot holds the file, with the size that it should have (null: any).</summary>
    public bool Has(string commit, string file, long? size) => HasContent(HubPath.Below(Snapshot(commit), file), size);

    public bool HasBlob(HubFile file) => HasContent(Blob(file), file.Size);

    public byte[] Read(string commit, string file)
    {
        string path = HubPath.Below(Snapshot(commit), file);
        return HubDisk.Run(
            path,
            () => RegularFile.Read(path, Limits.LargestJsonFile)
                ?? throw new IOException(
                    FormattableString.Invariant($"it is larger than {Limits.LargestJsonFile} bytes (the limit LargestJsonFile).")));
    }

    /// <summary>All files of a snapshot, as the repository names them.</summary>
    public HashSet<string> Files(string commit)
    {
        string folder = Snapshot(commit);
        if (!Directory.Exists(folder)) return [];
        return HubDisk.Run(folder, () => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => HasContent(path, null))
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Puts a blob into the snapshot under the file's name.</summary>
    /// <param name="commit">The snapshot.</param>
    /// <param name="file">The file, whose blob is there.</param>
    /// <param name="isNew">Without links a new blob moves into the snapshot and an old one, which others may use, is copied:
    /// huggingface_hub does the same.</param>
    public void Place(string commit, HubFile file, bool isNew)
    {
        string blob = Blob(file);
        string path = HubPath.Below(Snapshot(commit), file.Path);
        Replace(path, temporary =>
        {
            if (settings.UsesLinks && TryLink(temporary, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob))) return;
            if (isNew) File.Move(blob, temporary);
            else File.Copy(blob, temporary);
        });
    }

    /// <summary>Writes a file under another name beside it, then gives it its name in one step: no reader sees half of it.</summary>
    public static void Replace(string path, Action<string> write) => HubDisk.Run(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = StagingName.In(Path.GetDirectoryName(path)!, Path.GetFileName(path), path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            StagingName.Delete(temporary);
        }
    });

    private static bool HasContent(string path, long? size) => HubDisk.Run(path, () =>
    {
        FileInfo file = FileLinks.Follow(path);
        return file.Exists && (size is null || file.Length == size) && RegularFile.WhyNot(file.FullName) is null;
    });

    // Windows asks for a right that few users have; some file systems know no links.
    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
