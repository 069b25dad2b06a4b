using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.PowerShell.Commands;

/// <summary>A checkpoint, in a folder or on the hub, becomes an ONNX folder.</summary>
[Cmdlet(VerbsData.Export, "ColbertModel", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ColbertModelFolder))]
public sealed class ExportColbertModelCommand : ColbertCmdlet
{
    private ColbertExportOptions options = new();

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter(ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string Revision { get; set; } = "main";

    [Parameter]
    public SwitchParameter Quantize
    {
        get => options.Quantize;
        set => options = options with { Quantize = value };
    }

    [Parameter]
    public SwitchParameter HalfPrecision
    {
        get => options.HalfPrecision;
        set => options = options with { HalfPrecision = value };
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
    [ValidateRange(0, int.MaxValue)]
    public int ProtectedTokens
    {
        get => options.ProtectedTokens ?? 0;
        set => options = options with { ProtectedTokens = value };
    }

    [Parameter]
    [ValidateRange(-1.0, 1.0)]
    public double MinimumCosine
    {
        get => options.MinimumCosine ?? 0;
        set => options = options with { MinimumCosine = value };
    }

    [Parameter]
    [ValidateRange(-1.0, 1.0)]
    public double MinimumMeanCosine
    {
        get => options.MinimumMeanCosine ?? 0;
        set => options = options with { MinimumMeanCosine = value };
    }

    [Parameter]
    public SwitchParameter Force
    {
        get => options.Force;
        set => options = options with { Force = value };
    }

    private protected override void Record() => Attempt(() =>
    {
        if (LiteralPath is not null)
        {
            Export(Paths.Literal(LiteralPath), null);
            return;
        }

        if (ColbertHub.IsWellFormedName(Path) && !System.IO.Path.Exists(Paths.Literal(Path))) Export(null, Path);
        else foreach (string folder in Paths.Matching(Path, ColbertErrorId.ModelNotFound)) Export(folder, null);
    }, LiteralPath ?? Path);

    private void Export(string? folder, string? name)
    {
        if (name is null && IsGiven(nameof(Revision))) throw ModelArgument.IdleRevision(folder);
        string target = Destination is not null
            ? Paths.Literal(Destination)
            : folder is not null ? System.IO.Path.Combine(folder, "onnx")
            : Paths.Literal($"./{name!.Split('/')[1]}");
        if (!Out.ShouldProcess(target, $"Export {name ?? folder}")) return;
        var work = new BackgroundWork(Out, $"Exporting {name ?? folder}", StopToken);
        ColbertModelFolder result = work.Run(async (progress, cancellation) =>
        {
            string checkpoint =
                folder ?? await ColbertHub.DownloadCheckpointAsync(name!, Revision, progress, cancellation).ConfigureAwait(false);
            return ColbertExporter.Export(checkpoint, target, options with { Name = name }, progress, cancellation);
        });
        foreach (string warning in result.Warnings) Out.WriteWarning(warning);
        Out.WriteObject(result);
    }
}
