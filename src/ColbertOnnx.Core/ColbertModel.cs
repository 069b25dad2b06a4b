using System.Globalization;
using ColbertOnnx.Hub;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Providers;
using ColbertOnnx.Scoring;

namespace ColbertOnnx;

/// <summary>An open model: one set of weights, several lanes. Safe to use from many threads at once.</summary>
public sealed partial class ColbertModel : IDisposable
{
    private readonly ModelFolder folder;

    /// <summary>Takes ownership of the session.</summary>
    internal ColbertModel(ModelFolder folder, ResolvedSettings resolved, IEncoderSession session, ColbertModelOptions options)
    {
        this.folder = folder;
        Options = options;
        Resolved = resolved;
        ThreadsPerSession = options.ThreadsPerSession ?? 1;
        Sessions = options.Sessions ?? Math.Max(1, UsableCpus.Count / ThreadsPerSession);
        BatchSize = options.BatchSize;
        var opened = session as SharedSession;
        Providers = opened?.Providers ?? [];
        Warnings = [.. resolved.Warnings, .. opened?.Warnings ?? [], .. WarningsOf(session)];
        Lanes = new LanePool(session, () => new InputBuilder(resolved), new LaneSettings
        {
            Name = folder.Name,
            Sessions = Sessions,
            BatchSize = BatchSize,
            Batches = opened?.Batches ?? BatchPolicy.Cpu,
        });
    }

    /// <summary>Name of the folder.</summary>
    public string Name => folder.Name;

    /// <summary>Full path of the folder that holds the graph.</summary>
    public string Path => folder.Path;

    /// <summary>Full path of the graph.</summary>
    public string GraphPath => folder.GraphPath;

    /// <summary>Whether the open graph is model_int8.onnx.</summary>
    public bool IsQuantized => folder.IsQuantized;

    /// <summary>Dimension of each token vector.</summary>
    public int Dimension => Lanes.Session.Dimension;

    /// <summary>Most tokens of a query, and with expansion exactly as many.</summary>
    public int QueryLength => Settings.QueryLength.Value;

    /// <summary>Most tokens of a document.</summary>
    public int DocumentLength => Settings.DocumentLength.Value;

    /// <summary>Whether short queries are expanded to <see cref="QueryLength"/> with the mask token.</summary>
    public QueryExpansion QueryExpansion => Settings.QueryExpansion.Value;

    /// <summary>Documents keep about one token vector of this many; 1: no pooling.</summary>
    public double PoolFactor => Settings.PoolFactor.Value;

    /// <summary>Leading token vectors that pooling leaves alone.</summary>
    public int ProtectedTokens => Settings.ProtectedTokens.Value;

    /// <summary>Lanes over the one set of weights. As many batches run at once, but never more than the process may use CPUs.</summary>
    public int Sessions { get; }

    /// <summary>Threads inside one operator, when several texts are under way.</summary>
    public int ThreadsPerSession { get; }

    /// <summary>Batch size, texts in one batch, as asked for; null: planned by length.</summary>
    public int? BatchSize { get; }

    /// <summary>Every setting, with the file or argument that it came from.</summary>
    public ColbertSettings Settings => folder.Settings;

    /// <summary>The assigned execution providers, as the open session reports them; the one with most of the work first.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers { get; }

    /// <summary>
    /// What a user should know about the model's settings and about the providers that were asked for, a sentence each; mostly empty.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Name of the embedded model, which comes with the library.</summary>
    public static string EmbeddedName => EmbeddedModel.Name;

    /// <summary>What it was opened with.</summary>
    public ColbertModelOptions Options { get; }

    /// <summary>True after <see cref="Dispose"/>.</summary>
    public bool IsClosed => Lanes.IsClosed;

    /// <summary>
    /// Batch size as it is used: 1 for a graph whose INT8 scales are those of a whole batch; null: planned by length.
    /// </summary>
    public int? EffectiveBatchSize => Lanes.Settings.BatchSize;

    internal LanePool Lanes { get; }

    internal ResolvedSettings Resolved { get; }

    /// <summary>As <see cref="Load"/>, on another thread: a model of the hub is downloaded first.</summary>
    /// <param name="model">As there.</param>
    /// <param name="options">As there.</param>
    /// <param name="revision">A branch, tag or commit of a model of the hub.</param>
    /// <param name="progress">Receives the progress of a download.</param>
    /// <param name="cancellation">Ends a download; it goes on from there the next time.</param>
    /// <exception cref="ColbertException">As <see cref="Load"/>.</exception>
    public static async Task<ColbertModel> LoadAsync(
        string? model = null, ColbertModelOptions? options = null, string revision = "main", IProgress<ColbertProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        string? folder = ColbertHub.IsName(model) ? await FindExported(
            new HubRequest { Repository = model!, Revision = revision, Quantized = options?.Quantized }, HubSettings.FromEnvironment(),
            progress, cancellation).ConfigureAwait(false) : model;
        return await Task.Run(() => Open(folder, options), cancellation).ConfigureAwait(false);
    }

    /// <summary>Opens a model folder, a model of the Hugging Face hub, or the embedded model.</summary>
    /// <param name="model">
    /// A folder; or a name on the hub (<c>owner/name</c>, where no folder is called so), which is downloaded once: its repository must hold
    /// an exported folder, or the checkpoint must have been exported before (ColbertOnnx.Tools, <c>ColbertExporter.ResolveAsync</c>). Null:
    /// the embedded model.
    /// </param>
    /// <param name="options">Default: what the folder says, on the CPU.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelIncomplete"/>, <see cref="ColbertErrorId.ModelInvalid"/>,
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>, <see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/>, <see cref="ColbertErrorId.NativeLibraryNotFound"/>,
    /// <see cref="ColbertErrorId.InsufficientMemory"/>, <see cref="ColbertErrorId.InputInvalid"/> (an option),
    /// <see cref="ColbertErrorId.ProviderUnavailable"/>, <see cref="ColbertErrorId.OutputFailed"/> (a profile); of the hub what
    /// <see cref="ColbertHub.DownloadAsync"/> throws.
    /// </exception>
    public static ColbertModel Load(string? model = null, ColbertModelOptions? options = null) =>
        ColbertHub.IsName(model) ? Task.Run(() => LoadAsync(model, options)).GetAwaiter().GetResult() : Open(model, options);

    /// <summary>The exported folder of a model of the hub, in its cache or in ours.</summary>
    internal static async Task<string> FindExported(
        HubRequest request, HubSettings settings, IProgress<ColbertProgress>? progress, CancellationToken cancellation)
    {
        string snapshot = await ColbertHub.FindAsync(request, settings, progress, cancellation).ConfigureAwait(false);
        if (ModelFiles.IsExported(snapshot)) return snapshot;
        bool isInt8 = request.Quantized == true;
        string folder = HubExports.FolderOf(request.Repository, snapshot);
        return ModelFiles.IsExported(folder, isInt8) ? folder : throw new ColbertException(
            ColbertErrorId.ModelIncomplete,
            $"'{request.Repository}' on the hub is a checkpoint, and no {(isInt8 ? "INT8" : "ONNX")} graph of it has been exported here.",
            request.Repository,
            "Export it once: ColbertExporter.ResolveAsync of the package ColbertOnnx.Tools, Import-ColbertModel, or any command of "
                + "colbert with --model.");
    }

    private static ColbertModel Open(string? path, ColbertModelOptions? options)
    {
        options ??= new ColbertModelOptions();
        GivenNumber.Check(1, options.Sessions, nameof(options.Sessions));
        GivenNumber.Check(1, options.ThreadsPerSession, nameof(options.ThreadsPerSession));
        GivenNumber.Check(1, options.BatchSize, nameof(options.BatchSize));
        SessionThreads.Check(options.ThreadsPerSession);

        string? profilePath = ProfilePathOf(options);
        ProviderRequest request = ProviderRequest.Of(options, OrtProviderHost.Instance);
        ModelFolder folder = ModelFolder.Open(path ?? EmbeddedModel.Find(), options);

        // Reading the tokenizer takes about as long as opening the graph.
        Task<SharedSession> opening = Task.Run(() => SharedSession.Open(
            folder.GraphPath, options.ThreadsPerSession, WeightsCache.OfUser, UsableCpus.Count, request, profilePath));
        ResolvedSettings resolved;
        try
        {
            resolved = folder.Resolve();
        }
        catch
        {
            Task.WaitAny(opening);
            if (opening.IsCompletedSuccessfully) opening.Result.Dispose();
            throw;
        }

        IEncoderSession session = opening.GetAwaiter().GetResult();
        try
        {
            CheckDimension(folder, session.Dimension);
            return new ColbertModel(folder, resolved, session, options);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Folder of the embedded model.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelNotFound"/>: it did not come along.</exception>
    public static string FindEmbedded() => EmbeddedModel.Find();

    /// <summary>What a model folder says about encoding; no weights are read for it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">What a caller asks for beats what the folder says.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelNotFound"/>, <see cref="ColbertErrorId.ModelIncomplete"/>,
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>, <see cref="ColbertErrorId.InputInvalid"/> (an option).
    /// </exception>
    public static ColbertSettings ReadSettings(string folder, ColbertModelOptions? options = null) =>
        ModelFolder.Open(folder, options ?? new ColbertModelOptions()).Settings;

    /// <summary>Finds the tokens of this model's embeddings that were made without them.</summary>
    public TokenSource CreateTokenSource() => new(Resolved);

    /// <summary>
    /// Ends what still runs, waits for it, and frees the weights. Using the model afterwards is an error, disposing it again is not.
    /// </summary>
    public void Dispose() => Lanes.Dispose();

    /// <summary>One line for people.</summary>
    public override string ToString() => Name;

    // The library says nothing when it cannot write its profile.
    private static string? ProfilePathOf(ColbertModelOptions options)
    {
        if (options.ProfilePath is null) return null;
        GivenPath.Require(options.ProfilePath, "a profile");
        string path = System.IO.Path.GetFullPath(options.ProfilePath), folder = System.IO.Path.GetDirectoryName(path) ?? path;
        return Directory.Exists(folder)
            ? path
            : throw new ColbertException(
                ColbertErrorId.OutputFailed, $"There is no folder '{folder}' for a profile.", path,
                "Create the folder, or choose another one.");
    }

    private IEnumerable<string> WarningsOf(IEncoderSession session)
    {
        if (session.HasPerTensorScales && BatchSize > 1)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"'{GraphPath}' has INT8 scales for a whole batch, by which a text's vectors would change with its neighbours: each text "
                    + $"runs unbatched, and the batch size of {BatchSize} is ignored.");
        }
    }

    private static void CheckDimension(ModelFolder folder, int dimension)
    {
        if (folder.Settings.Dimension is { Value: int said, Source: var source } && said != dimension)
        {
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid,
                FormattableString.Invariant(
                    $"{source} says that the model has {said} dimensions, and its graph '{folder.GraphPath}' has {dimension}."),
                folder.GraphPath,
                "Use the graph and the settings of the same export.");
        }
    }
}
