namespace ColbertOnnx.Hub;

/// <summary>
/// Names on the Hugging Face hub become local folders: the files that are needed, and no more, in the cache that huggingface_hub uses.
/// </summary>
internal static class HubClient
{
    /// <exception cref="ColbertException">As <see cref="ColbertHub.DownloadAsync"/>.</exception>
    public static async Task<string> DownloadAsync(
        HubRequest request, HubSettings settings, IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (!HubName.TryParse(request.Repository, out HubName? name))
        {
            throw new ColbertException(
                ColbertErrorId.ModelNotFound, $"'{request.Repository}' is not the name of a model on the hub.", request.Repository,
                "Give a name such as lightonai/GTE-ModernColBERT-v1, or a folder.");
        }

        if (!HubPath.IsRevision(request.Revision))
            throw new ColbertException(
                ColbertErrorId.ModelNotFound, $"'{request.Revision}' is not the name of a revision.", request.Revision,
                "Give a branch, a tag, or a commit.");

        using var download = new HubDownload(request, name, settings, progress);
        return await download.RunAsync(cancellation);
    }
}
