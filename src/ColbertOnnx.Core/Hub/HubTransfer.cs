using System.Net;
using System.Security.Cryptography;
using ColbertOnnx.IO;

namespace ColbertOnnx.Hub;

/// <summary>
/// Brings files into the cache. Bytes go into <c>ETAG.incomplete</c>, which outlives a broken transfer and a cancelled run; only when its
/// size and hash are right does it become the blob. Memory is one buffer for each file under way.
/// </summary>
internal sealed class HubTransfer(
    HubSettings settings, HubCache cache, HubApi api, HubHttp http, HubRetry retry, HubErrors errors, HubProgressMeter meter)
{
    private const int BufferSize = 128 * 1024;

    public async Task FetchAsync(string commit, HubFile file, CancellationToken cancellation)
    {
        using HubLock held = await HubLock.TakeAsync(
            cache.Lock(file), () => meter.Notice($"Another process fetches {file.Path}; waiting for it."), cancellation);
        if (cache.Has(commit, file.Path, file.Size)) return;
        bool isNew = !cache.HasBlob(file);
        if (isNew) await DownloadAsync(commit, file, cancellation);
        cache.Place(commit, file, isNew);
        meter.Set(file, file.Size);
    }

    private async Task DownloadAsync(string commit, HubFile file, CancellationToken cancellation)
    {
        string path = cache.Incomplete(file);
        HubDisk.Run(path, () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        for (bool isSecond = false; ; isSecond = true)
        {
            string? wrong = await ReceiveAllAsync(commit, file, path, cancellation) ?? await CheckAsync(file, path, cancellation);
            if (wrong is null) break;
            HubDisk.Run(path, () => File.Delete(path));
            if (isSecond) throw errors.Wrong(file, wrong);
            meter.Notice($"{file.Path} is not what the hub lists ({wrong}); fetching it once more.");
        }

        HubDisk.Run(path, () => File.Move(path, cache.Blob(file), overwrite: true));
    }

    // What is wrong with what came, or null.
    private async Task<string?> ReceiveAllAsync(string commit, HubFile file, string path, CancellationToken cancellation)
    {
        try
        {
            return await retry.RunAsync(
                file.Path, () => ReceiveAsync(commit, file, path, cancellation), () => cache.IncompleteLength(file),
                settings.MostTries, cancellation);
        }
        catch (HubTransientException e)
        {
            throw errors.BrokenOff(file, cache.IncompleteLength(file), e);
        }
    }

    private async Task<string?> ReceiveAsync(string commit, HubFile file, string path, CancellationToken cancellation)
    {
        using FileStream target = HubDisk.Run(path, () =>
        {
            FileLinks.Refuse(path);
            if (File.Exists(path)) RegularFile.Require(path);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        });
        if (target.Length > file.Size) HubDisk.Run(path, () => target.SetLength(0));
        if (target.Length == file.Size) return null;

        using HttpResponseMessage response = await http.GetAsync(api.Content(commit, file), target.Length, file.Path, cancellation);
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != target.Length
            || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            HubDisk.Run(path, () => target.SetLength(0));
            throw new HubTransientException("The server cannot go on from where the last transfer ended; starting over.", TimeSpan.Zero);
        }

        if (response.StatusCode == HttpStatusCode.OK) HubDisk.Run(path, () => target.SetLength(0));
        return await CopyAsync(response, file, path, target, cancellation);
    }

    private async Task<string?> CopyAsync(
        HttpResponseMessage response, HubFile file, string path, FileStream target, CancellationToken cancellation)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[BufferSize];
        long length = target.Seek(0, SeekOrigin.End);
        for (int count; (count = await http.ReadAsync(body, buffer, cancellation)) > 0;)
        {
            if (length + count > file.Size) return FormattableString.Invariant($"more than its {file.Size} bytes");
            await HubDisk.RunAsync(path, () => target.WriteAsync(buffer, 0, count, cancellation));
            length += count;
            meter.Set(file, length);
        }

        return length == file.Size ? null : throw new HubTransientException("The transfer ended before the file did.");
    }

    private static async Task<string?> CheckAsync(HubFile file, string path, CancellationToken cancellation)
    {
        using FileStream content = HubDisk.Run(
            path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
        using var hash = IncrementalHash.CreateHash(file.Sha256 is null ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        // git's own name for a content: its kind, its length, and the bytes.
        if (file.Sha256 is null) hash.AppendData(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {file.Size}\0")));
        byte[] buffer = new byte[BufferSize];
        await HubDisk.RunAsync(path, async () =>
        {
            for (int count; (count = await content.ReadAsync(buffer, cancellation)) > 0;) hash.AppendData(buffer, 0, count);
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Etag ? null : "another hash";
    }
}
