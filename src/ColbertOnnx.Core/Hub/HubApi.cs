using System.Text.Json;
using System.Text.RegularExpressions;

namespace ColbertOnnx.Hub;

/// <summary>The two questions to the hub: which commit a revision is, and which files a commit has.</summary>
internal sealed partial class HubApi(HubSettings settings, HubName name, HubHttp http, HubRetry retry)
{
    /// <param name="revision">A branch or tag.</param>
    /// <param name="mostTries">Attempts: few where the cache can answer as well.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<string> CommitAsync(string revision, int mostTries, CancellationToken cancellation)
    {
        string address = $"{settings.Endpoint}/api/models/{name}/revision/{Uri.EscapeDataString(revision)}";
        var (commit, _, _) = await GetAsync(new Uri(address), mostTries, root => HubJson.Text(root.GetProperty("sha")), cancellation);
        return HubFile.IsHex(commit, 40) ? commit : throw HubErrors.NotAHub(address, new FormatException("its commit is none."));
    }

    /// <summary>All files of a commit, page by page.</summary>
    public async Task<IReadOnlyList<HubFile>> FilesAsync(string commit, int mostTries, CancellationToken cancellation)
    {
        var files = new List<HubFile>();
        var seen = new HashSet<Uri>();
        long bytes = 0;
        var address = new Uri($"{settings.Endpoint}/api/models/{name}/tree/{commit}?recursive=true");
        while (seen.Add(address))
        {
            if (seen.Count > Limits.HubPages)
                throw Endless(FormattableString.Invariant(
                    $"its list of files has more than {Limits.HubPages} pages (the limit {nameof(Limits.HubPages)})."));
            var (entries, next, length) = await GetAsync(address, mostTries, Entries, cancellation);
            files.AddRange(entries);
            if (files.Count > Limits.HubFiles)
                throw Endless(FormattableString.Invariant(
                    $"its list has more than {Limits.HubFiles} files (the limit {nameof(Limits.HubFiles)})."));
            if ((bytes += length) > Limits.HubListBytes)
                throw Endless(FormattableString.Invariant(
                    $"its list of files is longer than {Limits.HubListBytes} bytes (the limit {nameof(Limits.HubListBytes)})."));
            if (next is null) return files;
            address = next;
        }

        throw Endless("its list of files comes back to a page that was there.");

        ColbertException Endless(string what) => HubErrors.NotAHub(address.GetLeftPart(UriPartial.Path), new FormatException(what));
    }

    /// <summary>Where a file's content is asked for; the hub redirects to where it lies.</summary>
    public Uri Content(string commit, HubFile file) =>
        new($"{settings.Endpoint}/{name}/resolve/{commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");

    private static List<HubFile> Entries(JsonElement root)
    {
        var files = new List<HubFile>();
        foreach (JsonElement entry in root.EnumerateArray())
        {
            if (HubJson.Text(entry.GetProperty("type")) != "file") continue;
            bool isLarge = entry.TryGetProperty("lfs", out JsonElement large) && large.ValueKind == JsonValueKind.Object;
            files.Add(HubTree.Checked(
                HubJson.Text(entry.GetProperty("path")),
                (isLarge ? large : entry).GetProperty("size").GetInt64(),
                entry.GetProperty("oid").GetString(),
                isLarge ? large.GetProperty("oid").GetString() : null));
        }

        return files;
    }

    private Task<(T Answer, Uri? Next, int Length)> GetAsync<T>(
        Uri address, int mostTries, Func<JsonElement, T> read, CancellationToken cancellation) =>
        retry.RunAsync(
            address.GetLeftPart(UriPartial.Path),
            async () =>
            {
                using HttpResponseMessage response = await http.GetAsync(address, 0, null, cancellation);
                byte[] json = await ReadBodyAsync(response, cancellation);
                try
                {
                    using var document = JsonDocument.Parse(json);
                    return (read(document.RootElement), Next(address, response), json.Length);
                }
                catch (Exception e) when (HubJson.IsUnexpected(e))
                {
                    throw HubErrors.NotAHub(address.GetLeftPart(UriPartial.Path), e);
                }
            },
            position: null,
            mostTries,
            cancellation);

    private async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        using var content = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = await http.ReadAsync(body, buffer, cancellation)) > 0;)
        {
            if (content.Length + count > Limits.HubListBytes)
            {
                throw HubErrors.NotAHub(
                    response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Path),
                    new FormatException(FormattableString.Invariant(
                        $"its answer is longer than {Limits.HubListBytes} bytes (the limit {nameof(Limits.HubListBytes)}).")));
            }


            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private static Uri? Next(Uri address, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out IEnumerable<string>? links)) return null;
        Match next = NextLink().Match(string.Join(", ", links));
        if (!next.Success) return null;
        // Half a list would be half a model.
        return HubHttp.Follow(address, next.Groups[1].Value)
            ?? throw new FormatException("the next page of its list is not an address that can be followed.");
    }

    [GeneratedRegex("<([^<>]*)>\\s*;\\s*rel=\"?next\"?")]
    private static partial Regex NextLink();
}
