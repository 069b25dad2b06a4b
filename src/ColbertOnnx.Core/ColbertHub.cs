using ColbertOnnx.Hub;

namespace ColbertOnnx;

/// <summary>
/// Models of the Hugging Face hub as folders on this machine, in the cache that huggingface_hub uses: the files that are needed, and no
/// more.
/// </summary>
public static class ColbertHub
{
    /// <summary>True where a text means a model of the hub: <c>owner/name</c>, and nothing of that name is there.</summary>
    public static bool IsName(string? text) => IsWellFormedName(text) && !Path.Exists(text);

    /// <summary>True for a text that the hub could have as a model's name; a folder may be called so too.</summary>
    public static bool IsWellFormedName(string? text) => HubName.TryParse(text, out _);

    /// <summary>Names of the models of which something is in the cache, whatever they are: it serves other programs too.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a variable of the environment cannot be
    /// right.</exception>
    public static IReadOnlyList<string> GetCachedNames() => [.. HubCache.Names(HubSettings.FromEnvironment())];

    /// <summary>
    /// Gives the folder of a revision, <c>CACHE/models--owner--name/snapshots/COMMIT</c>, and fetches what of it is missing: an exported
    /// graph with its settings and tokenizer where the repository has one, otherwise the checkpoint. A branch or tag is looked up on the
    /// hub each time (one request); a commit that is complete in the cache needs no network. Where the hub is out of reach and the revision
    /// is complete in the cache, that is used, and a notice says so.
    /// </summary>
    /// <remarks>
    /// Environment: HF_HOME, HF_HUB_CACHE, XDG_CACHE_HOME, HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_DISABLE_IMPLICIT_TOKEN,
    /// HF_HUB_OFFLINE, HF_HUB_DISABLE_SYMLINKS, and the proxy variables, with the meaning that they have for huggingface_hub.
    /// </remarks>
    /// <param name="name"><c>owner/name</c>.</param>
    /// <param name="revision">A branch, a tag, or a commit of 40 hexadecimal digits; only the last always means the same files.</param>
    /// <param name="quantized">Which exported graph: true model_int8.onnx, false model.onnx, null model.onnx where it is. The other one
    /// when there is no such.</param>
    /// <param name="progress">Receives the progress of a download.</param>
    /// <param name="cancellation">Ends it; the next download goes on from there.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>: no such name or revision, no access, or no hub;
    /// <see cref="ColbertErrorId.ModelIncomplete"/>: files that are needed are not there, broken or wrong;
    /// <see cref="ColbertErrorId.ArchitectureUnsupported"/>: it is an adapter over another model;
    /// <see cref="ColbertErrorId.ModelInvalid"/>: a file's name leads out of the folder;
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>: modules.json or the weights' index is damaged;
    /// <see cref="ColbertErrorId.OutputFailed"/>: the cache cannot be written;
    /// <see cref="ColbertErrorId.InputInvalid"/>: HF_ENDPOINT or the token cannot be right.
    /// </exception>
    public static Task<string> DownloadAsync(
        string name, string revision = "main", bool? quantized = null, IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default) =>
        FindAsync(
            new HubRequest { Repository = name, Revision = revision, Quantized = quantized }, HubSettings.FromEnvironment(),
            progress, cancellation);

    internal static async Task<string> FindAsync(
        HubRequest request, HubSettings settings, IProgress<ColbertProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return await HubClient.DownloadAsync(request, settings, progress, cancellation).ConfigureAwait(false);
        }
        catch (ColbertException e) when (e.Id == ColbertErrorId.ModelNotFound)
        {
            // Report the missing folder before the hub lookup: most such errors are a mistyped path.
            throw new ColbertException(
                e.Id, $"There is no folder '{request.Repository}', and as a name on the hub it was not found: {e.Message}", e.Target,
                e.Action, e);
        }
    }

    /// <summary>
    /// As <see cref="DownloadAsync"/>, the checkpoint (weights, configuration, modules, tokenizer), whether or not there is a graph as
    /// well.
    /// </summary>
    /// <inheritdoc cref="DownloadAsync"/>
    public static Task<string> DownloadCheckpointAsync(
        string name, string revision = "main", IProgress<ColbertProgress>? progress = null, CancellationToken cancellation = default) =>
        HubClient.DownloadAsync(
            new HubRequest { Repository = name, Revision = revision, Content = HubContent.Checkpoint }, HubSettings.FromEnvironment(),
            progress, cancellation);
}
