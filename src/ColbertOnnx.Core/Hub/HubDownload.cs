namespace ColbertOnnx.Hub;

/// <summary>One request from its beginning to its folder.</summary>
internal sealed class HubDownload : IDisposable
{
    private readonly HubRequest request;
    private readonly HubSettings settings;
    private readonly HubErrors errors;
    private readonly HubProgressMeter meter;
    private readonly HubCache cache;
    private readonly HubHttp http;
    private readonly HubApi api;
    private readonly HubTransfer transfer;

    public HubDownload(HubRequest request, HubName name, HubSettings settings, IProgress<ColbertProgress>? progress)
    {
        this.request = request;
        this.settings = settings;
        errors = new HubErrors(settings, name, request.Revision);
        meter = new HubProgressMeter(progress, settings.Time);
        cache = new HubCache(settings, name);
        http = new HubHttp(settings, errors);
        var retry = new HubRetry(settings, meter);
        api = new HubApi(settings, name, http, retry);
        transfer = new HubTransfer(settings, cache, api, http, retry, errors, meter);
    }

    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        bool isCommit = HubFile.IsHex(request.Revision, 40);
        string? known = isCommit ? request.Revision : cache.ReadRevision(request.Revision);
        string? missing = known is null ? null : new HubSnapshot(request, cache, known).Missing();
        string? complete = known is not null && missing is null ? cache.Snapshot(known) : null;
        if (complete is not null && (isCommit || settings.IsOffline)) return complete;
        if (settings.IsOffline)
            throw known is null || !Directory.Exists(cache.Snapshot(known)) ? errors.NotInCache() : errors.CacheIncomplete(missing!);

        if (settings.Notice is { } notice) meter.Notice(notice);
        string commit;
        IReadOnlyList<HubFile>? files;
        bool isListed;
        try
        {
            int tries = complete is null ? settings.MostTries : 1;
            commit = isCommit ? request.Revision : await api.CommitAsync(request.Revision, tries, cancellation);
            files = HubTree.Read(cache, commit);
            isListed = files is not null;
            files ??= await api.FilesAsync(commit, tries, cancellation);
        }
        catch (HubTransientException e) when (complete is not null)
        {
            meter.Notice(
                $"{settings.Endpoint} is out of reach ({e.Message.TrimEnd('.')}): using '{request.Repository}' from the cache, as of "
                    + $"commit {known}.");
            return complete;
        }
        catch (HubTransientException e)
        {
            throw errors.Unreachable(e);
        }

        if (!isListed) Keep(commit, () => HubTree.Write(cache, commit, files));
        await FetchAsync(commit, files, cancellation);
        Keep(commit, () => cache.WriteRevision(request.Revision, commit));
        meter.Complete();
        return cache.Snapshot(commit);
    }

    public void Dispose() => http.Dispose();

    // A cache that cannot be written is as good as another when all of the model is in it.
    private void Keep(string commit, Action write)
    {
        try
        {
            write();
        }
        catch (ColbertException e) when (e.Id == ColbertErrorId.OutputFailed && new HubSnapshot(request, cache, commit).Missing() is null)
        {
        }
    }

    private async Task FetchAsync(string commit, IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        var listed = files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var names = listed.Keys.ToHashSet(StringComparer.Ordinal);
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        HubSelection selection = HubSelection.Of(request, names, contents);
        while (selection.Unread.Count > 0)
        {
            await FetchAsync(commit, selection.Unread.Select(name => listed[name]), cancellation);
            foreach (string name in selection.Unread) contents[name] = cache.Read(commit, name);
            selection = HubSelection.Of(request, names, contents);
        }

        await FetchAsync(commit, selection.Files.Select(name => listed[name]), cancellation);
    }

    private async Task FetchAsync(string commit, IEnumerable<HubFile> files, CancellationToken cancellation)
    {
        HubFile[] missing = [.. files.Where(file => !cache.Has(commit, file.Path, file.Size))];
        if (missing.Length == 0) return;
        foreach (HubFile file in missing) meter.Expect(file);
        CheckSpace(missing);
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Parallel, CancellationToken = cancellation };
        await Parallel.ForEachAsync(missing, options, async (file, token) => await transfer.FetchAsync(commit, file, token));
    }

    private void CheckSpace(IReadOnlyList<HubFile> files)
    {
        // Sizes are what a server says: their sum may be beyond all numbers.
        double needed = files.Where(file => !cache.HasBlob(file)).Sum(file => (double)(file.Size - cache.IncompleteLength(file)));
        HubDisk.Run(cache.Folder, () => Directory.CreateDirectory(cache.Folder));
        if (settings.FreeSpace(cache.Folder) is not { } free || free >= needed) return;
        throw new ColbertException(
            ColbertErrorId.OutputFailed,
            FormattableString.Invariant($"'{request.Repository}' needs {needed:0} bytes in the cache, and {free} are free there."),
            cache.Folder,
            "Make room, or name a folder on another drive in HF_HOME.");
    }
}
