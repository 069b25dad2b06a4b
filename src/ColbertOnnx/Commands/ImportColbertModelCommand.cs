using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>Opens a model folder, or the embedded model.</summary>
[Cmdlet(VerbsData.Import, "ColbertModel", DefaultParameterSetName = "Path")]
[OutputType(typeof(ColbertModel))]
public sealed class ImportColbertModelCommand : ColbertCmdlet
{
    private ColbertModelOptions options = new();

    [Parameter(ParameterSetName = "Path", Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string Revision { get; set; } = "main";

    [Parameter]
    public SwitchParameter Quantized
    {
        get => options.Quantized ?? false;
        set => options = options with { Quantized = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Sessions
    {
        get => options.Sessions ?? 0;
        set => options = options with { Sessions = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThreadsPerSession
    {
        get => options.ThreadsPerSession ?? 0;
        set => options = options with { ThreadsPerSession = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int BatchSize
    {
        get => options.BatchSize ?? 0;
        set => options = options with { BatchSize = value };
    }

    [Parameter]
    [AllowEmptyString]
    public string QueryPrefix
    {
        get => options.QueryPrefix ?? "";
        set => options = options with { QueryPrefix = value };
    }

    [Parameter]
    [AllowEmptyString]
    public string DocumentPrefix
    {
        get => options.DocumentPrefix ?? "";
        set => options = options with { DocumentPrefix = value };
    }

    [Parameter]
    [ArgumentCompleter(typeof(PromptNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string PromptName
    {
        get => options.PromptName ?? "";
        set => options = options with { PromptName = value };
    }

    [Parameter]
    [AllowEmptyString]
    public string Prompt
    {
        get => options.Prompt ?? "";
        set => options = options with { Prompt = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int QueryLength
    {
        get => options.QueryLength ?? 0;
        set => options = options with { QueryLength = value };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int DocumentLength
    {
        get => options.DocumentLength ?? 0;
        set => options = options with { DocumentLength = value };
    }

    [Parameter]
    public QueryExpansion QueryExpansion
    {
        get => options.QueryExpansion ?? default;
        set => options = options with { QueryExpansion = value };
    }

    [Parameter]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[] Skiplist
    {
        get => [.. options.Skiplist ?? []];
        set => options = options with { Skiplist = [.. value.Where(word => word.Length > 0)] };
    }

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int PoolFactor
    {
        get => options.PoolFactor ?? 0;
        set => options = options with { PoolFactor = value };
    }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int ProtectedTokens
    {
        get => options.ProtectedTokens ?? 0;
        set => options = options with { ProtectedTokens = value };
    }

    [Parameter]
    [ArgumentCompleter(typeof(ProviderNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ExecutionProvider
    {
        get => [.. options.ExecutionProviders ?? []];
        set => options = options with { ExecutionProviders = value };
    }

    [Parameter]
    [ValidateNotNull]
    public Hashtable? ProviderOption { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProviderLibrary { get; set; }

    [Parameter]
    public SwitchParameter RequireProvider { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProfilePath { get; set; }

    private protected override void Begin() =>
        options = ProviderOptions.AddTo(options, ProviderOption, ProviderLibrary, RequireProvider, Paths) with
        {
            ProfilePath = ProfilePath is null ? null : Paths.Literal(ProfilePath),
        };

    private protected override void Record() => Attempt(() =>
    {
        string? revision = IsGiven(nameof(Revision)) ? Revision : null;
        bool isPattern = Path is not null && WildcardPattern.ContainsWildcardCharacters(Path);
        if (revision is not null && (Path is null || isPattern)) throw ModelArgument.IdleRevision(Path);
        if (LiteralPath is not null) Open(Paths.Literal(LiteralPath));
        else if (Path is null) Open(null);
        else if (isPattern) Open(One(Path, Paths.Matching(Path, ColbertErrorId.ModelNotFound)));
        else Open(ModelArgument.FolderOf(Path, Paths, revision, options.Quantized == true));
    }, LiteralPath ?? Path);

    private void Open(string? folder)
    {
        if (folder is not null) folder = System.IO.Path.TrimEndingDirectorySeparator(folder);
        long began = Stopwatch.GetTimestamp();
        ColbertModel model = OpenModels.Import(folder, options);
        Out.WriteVerbose(FormattableString.Invariant($"Opened in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms."));
        Out.WriteObject(Noted(model));
    }

    private static string One(string path, IReadOnlyList<string> found) => found.Count == 1
        ? found[0]
        : throw new ColbertException(
            ColbertErrorId.ModelNotFound, $"'{path}' stands for {found.Count} folders, not for one.", path,
            "Name one folder, or use -LiteralPath for a name with brackets.");
}
