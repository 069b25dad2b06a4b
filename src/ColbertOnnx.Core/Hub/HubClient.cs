namespace ColbertOnnx.Hub;

/// <summary>
/// Names on the Hugging Face hub become local folders: the files that are needed, and no more, in the cache that huggingface_hub uses.
/// </summary>
public static class HubClient
{
    /// <summary>
    /// Gives the folder of a revision, <c>CACHE/models--owner--name/snapshots/COMMIT</c>, and fetches what of it is missing. A branch or tag is
    /// looked up on the hub each time (one request); a commit that is complete in the cache needs no network. Where the hub is out of reach and
    /// the revision is complete in the cache, that is used, and a notice says so.
    /// </summary>
    /// <remarks>
    /// Environment: HF_HOME, HF_HUB_CACHE, XDG_CACHE_HOME, HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_DISABLE_IMPLICIT_TOKEN, HF_HUB_OFFLINE,
    /// HF_HUB_DISABLE_SYMLINKS, and the proxy variables, with the meaning that they have for huggingface_hub.
    /// A cancelled or broken download goes on where it ended.
    /// </remarks>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>: no such name or revision, no access, or no hub;
    /// <see cref="ColbertErrorId.ModelIncomplete"/>: files that are needed are not there, broken or wrong;
    /// <see cref="ColbertErrorId.ArchitectureUnsupported"/>: it is an adapter over another model;
    /// <see cref="ColbertErrorId.ModelInvalid"/>: a file's name leads out of the folder;
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>: modules.json or the weights' index is damaged;
    /// <see cref="ColbertErrorId.OutputFailed"/>: the cache cannot be written;
    /// <see cref="ColbertErrorId.InputInvalid"/>: HF_ENDPOINT or the token cannot be right.
    /// </exception>
    public static Task<string> DownloadAsync(HubRequest request, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default) =>
        DownloadAsync(request, HubSettings.FromEnvironment(), progress, cancellation);

    internal static async Task<string> DownloadAsync(HubRequest request, HubSettings settings, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (!HubName.TryParse(request.Repository, out HubName? name))
        {
            throw new ColbertException(
                ColbertErrorId.ModelNotFound, $"'{request.Repository}' is no name of a model on the hub.", request.Repository, "Give a name such as lightonai/GTE-ModernColBERT-v1, or a folder.");
        }

        if (!HubPath.IsRevision(request.Revision))
            throw new ColbertException(ColbertErrorId.ModelNotFound, $"'{request.Revision}' is no name of a revision.", request.Revision, "Give a branch, a tag, or a commit.");

        using var download = new HubDownload(request, name, settings, progress);
        return await download.RunAsync(cancellation);
    }
}
