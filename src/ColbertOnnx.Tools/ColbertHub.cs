using ColbertOnnx.Hub;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;

namespace ColbertOnnx;

/// <summary>A model's name, wherever it is, to an exported folder on this machine.</summary>
public static class ColbertHub
{
    /// <summary>True where a text means a model of the hub: <c>owner/name</c>, and no folder of that name is there.</summary>
    public static bool IsName(string? text) => HubName.TryParse(text, out _) && !Directory.Exists(text);

    /// <summary>
    /// Downloads what is needed of a model, once, and exports it, once: a checkpoint becomes an ONNX folder in the user's cache
    /// (COLBERT_CACHE). A repository that holds an exported folder is used as it is.
    /// </summary>
    /// <param name="name"><c>owner/name</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="quantized">True: model_int8.onnx is wanted too.</param>
    /// <param name="progress">Is told what is being done, and how far a download is.</param>
    /// <param name="cancellation">Ends it; a download goes on from there the next time.</param>
    /// <exception cref="ColbertException">As <see cref="HubClient.DownloadAsync(HubRequest, IProgress{HubProgress}?, CancellationToken)"/> and <see cref="ColbertExporter.Export"/>.</exception>
    public static async Task<string> ResolveAsync(
        string name, string revision = "main", bool quantized = false, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        string snapshot = await Find(new HubRequest { Repository = name, Revision = revision, Quantized = quantized ? true : null }, progress, cancellation).ConfigureAwait(false);
        return ModelFiles.IsExported(snapshot) ? snapshot : ExportOnce(name, snapshot, quantized, progress, cancellation);
    }

    // Report the missing folder before the hub lookup: most such errors are a mistyped path.
    private static async Task<string> Find(HubRequest request, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return await HubClient.DownloadAsync(request, progress, cancellation).ConfigureAwait(false);
        }
        catch (ColbertException e) when (e.Id == ColbertErrorId.ModelNotFound)
        {
            throw new ColbertException(e.Id, $"There is no folder '{request.Repository}', and as a name on the hub it was not found: {e.Message}", e.Target, e.Action, e);
        }
    }

    // The folder's name holds the commit: other weights are another folder. Two processes write the same bytes, and each moves its own into place.
    private static string ExportOnce(string name, string snapshot, bool quantized, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        string cache = UserCache.Folder ?? throw NoPlace("There is no home folder for what is exported.", null);
        string[] levels = ["models", name.Replace("/", "--", StringComparison.Ordinal), Path.GetFileName(snapshot), name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]];
        string folder = Path.Combine([cache, .. levels]);
        OutputGuard.Run(folder, () =>
        {
            // A model that others put there would be taken for the one that is asked for.
            if (Ownership.Claim(cache, levels[..^1]) is { } reason) throw NoPlace($"{reason}, so that no model is kept there.", cache);
            Ownership.Close(folder);
            if (Ownership.WhyNot(folder) is { } why) throw NoPlace($"'{folder}' {why}, so that it is not used.", folder);
        });
        if (ModelFiles.IsExported(folder, quantized)) return folder;
        ColbertExporter.Export(snapshot, folder, new ColbertExportOptions { Quantize = quantized, Force = true, Name = name }, progress is null ? null : new HubSteps(progress), cancellation);
        return folder;
    }

    private static ColbertException NoPlace(string message, string? target) => new(ColbertErrorId.OutputFailed, message, target, $"{UserHome.Advice} Or name a folder of yours in {UserCache.Variable}.");
}
